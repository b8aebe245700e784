#include "scenes/light/materials.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "scenes/light/data/colour_checker.h"
#include "scenes/light/data/materials.h"
#include "scenes/light/data/srgb_basis.h"

namespace scenes::light {

namespace {

/// A table by 10 nm from 380 nm on, drawn by straight lines; the last value goes on into the infrared.
template <std::size_t n>
Spectrum from_10_nm(const std::array<double, n>& table) {
    Spectrum result;
    for (int i = 0; i < kWavelengths; ++i) {
        const std::size_t below = std::min<std::size_t>(static_cast<std::size_t>(i) / 2, n - 1);
        const std::size_t above = std::min<std::size_t>(static_cast<std::size_t>(i + 1) / 2, n - 1);
        result[i] = (table[below] + table[above]) / 2;
    }
    return result;
}

template <class Row, std::size_t n>
constexpr std::array<std::string_view, n> names_of(const std::array<Row, n>& rows) {
    std::array<std::string_view, n> names;
    for (std::size_t i = 0; i < n; ++i) names[i] = rows[i].name;
    return names;
}

constexpr auto kPatchNames = names_of(data::kPatches);
constexpr auto kMaterialNames = names_of(data::kMaterials);

}  // namespace

Spectrum colour_checker(int patch) {
    assert(patch >= 0 && patch < 24);
    return from_10_nm(data::kPatches[static_cast<std::size_t>(patch)].reflectance);
}

std::span<const std::string_view> colour_checker_names() { return kPatchNames; }

std::span<const std::string_view> material_names() { return kMaterialNames; }

std::optional<Spectrum> material(std::string_view name) {
    for (const auto& row : data::kMaterials) {
        if (row.name == name) return through(std::span(row.knots).first(row.count));
    }
    return std::nullopt;
}

const std::array<Spectrum, 3>& srgb_basis() {
    static const std::array<Spectrum, 3> basis{from_10_nm(data::kRedBasis), from_10_nm(data::kGreenBasis),
                                               from_10_nm(data::kBlueBasis)};
    return basis;
}

double linear_from_srgb(double encoded) {
    encoded = std::clamp(encoded, 0.0, 1.0);
    return encoded <= 0.04045 ? encoded / 12.92 : std::pow((encoded + 0.055) / 1.055, 2.4);
}

Spectrum reflectance_from_srgb(std::array<double, 3> encoded) {
    const auto& basis = srgb_basis();
    return basis[0] * linear_from_srgb(encoded[0]) + basis[1] * linear_from_srgb(encoded[1]) +
           basis[2] * linear_from_srgb(encoded[2]);
}

}  // namespace scenes::light
