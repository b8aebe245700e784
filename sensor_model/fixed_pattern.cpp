#include "sensor_model/fixed_pattern.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "sensor_model/exact_math.h"
#include "sensor_model/samplers.h"

namespace sensor_model {
namespace {

using scenes::light::Image;

/// Six standard deviations fit into a signed byte.
float step_for(double deviation) { return static_cast<float>(std::max(deviation, 1e-9) * 6 / 127); }

/// The nearest step; halves go up. What does not fit is clipped.
template <class T>
T in_steps(float value, float step) {
    const float steps = std::floor(value / step + 0.5F);
    return static_cast<T>(
        std::clamp<float>(steps, std::numeric_limits<T>::min(), std::numeric_limits<T>::max()));
}

std::vector<float> scaled(std::vector<float> values, double factor) {
    for (float& value : values) value *= static_cast<float>(factor);
    return values;
}

/// Thickness of the colour filters: smooth over the chip, independent for each colour. Normal numbers on a
/// coarse lattice, with straight lines between them.
class FilterThickness {
  public:
    FilterThickness(const Chip& chip, std::uint64_t seed) : across_(chip.width / kPitch + 2) {
        for (int colour = 0; colour < 3; ++colour)
            for (int row = 0; row < chip.height / kPitch + 2; ++row)
                lattice_[colour].push_back(normals(noise_key(seed, Purpose::filter, colour, row), across_));
    }
    /// With standard deviation 1 over the chip.
    [[nodiscard]] float at(int x, int y) const {
        const int colour = x % 2 + y % 2;  // RGGB
        const auto& above = lattice_[colour][y / kPitch];
        const auto& below = lattice_[colour][y / kPitch + 1];
        const float u = static_cast<float>(x % kPitch) / kPitch, v = static_cast<float>(y % kPitch) / kPitch;
        const int i = x / kPitch;
        const float top = above[i] * (1 - u) + above[i + 1] * u,
                    bottom = below[i] * (1 - u) + below[i + 1] * u;
        // Interpolation leaves 2/3 of the variance along each axis.
        return 1.5F * (top * (1 - v) + bottom * v);
    }

  private:
    static constexpr int kPitch = 64;
    int across_;
    std::vector<std::vector<float>> lattice_[3];
};

Image<std::int8_t> prnu_map(const Chip& chip, std::uint64_t seed) {
    const FilterThickness filter(chip, seed);
    const auto pixel =
        static_cast<float>(std::sqrt(chip.prnu * chip.prnu - chip.prnu_filter * chip.prnu_filter));
    const auto of_filter = static_cast<float>(chip.prnu_filter);
    Image<std::int8_t> map(chip.width, chip.height);
    for (int y = 0; y < chip.height; ++y) {
        const auto z = normals(noise_key(seed, Purpose::prnu, y), chip.width);
        for (int x = 0; x < chip.width; ++x)
            map.at(x, y) =
                in_steps<std::int8_t>(pixel * z[x] + of_filter * filter.at(x, y), step_for(chip.prnu));
    }
    return map;
}

/// A map whose pixels are a function of one normal number each. It is tabled: normal numbers are multiples of
/// 1/kNormalUnit.
template <class T, class Law>
Image<T> map_of(const Chip& chip, std::uint64_t seed, Purpose purpose, Law law) {
    constexpr int kLowest = std::numeric_limits<std::int16_t>::min(), kUnits = 1 << 16;
    std::vector<T> table(kUnits);
    for (int i = 0; i < kUnits; ++i) table[i] = law(static_cast<float>(kLowest + i) / kNormalUnit);
    Image<T> map(chip.width, chip.height);
    std::vector<std::int16_t> units(static_cast<std::size_t>(chip.width));
    for (int y = 0; y < chip.height; ++y) {
        normal_units(noise_key(seed, purpose, y), units, scenes::light::best_isa());
        std::transform(units.begin(), units.end(), map.row(y),
                       [&table](std::int16_t unit) { return table[unit - kLowest]; });
    }
    return map;
}

Image<std::int8_t> dsnu_map(const Chip& chip, std::uint64_t seed) {
    return map_of<std::int8_t>(chip, seed, Purpose::dsnu, [&](float z) {
        return in_steps<std::int8_t>(static_cast<float>(chip.dsnu_pixel_e) * z, step_for(chip.dsnu_pixel_e));
    });
}

/// Log-normal with a mean of 1.
Image<std::uint8_t> dark_map(const Chip& chip, std::uint64_t seed) {
    const double shift = chip.dark_spread * chip.dark_spread / 2;
    return map_of<std::uint8_t>(chip, seed, Purpose::dark, [&](float z) {
        const double multiple = exact_exp(chip.dark_spread * z - shift);
        return in_steps<std::uint8_t>(static_cast<float>(multiple), kDarkStep);
    });
}

}  // namespace

FixedPattern make_fixed_pattern(const Chip& chip, std::uint64_t camera_seed) {
    return {.prnu = prnu_map(chip, camera_seed),
            .dsnu = dsnu_map(chip, camera_seed),
            .dark = dark_map(chip, camera_seed),
            .prnu_step = step_for(chip.prnu),
            .dsnu_step_e = step_for(chip.dsnu_pixel_e),
            .column_e = scaled(normals(noise_key(camera_seed, Purpose::column_offset, 0), chip.width),
                               chip.dsnu_column_e),
            .row_e =
                scaled(normals(noise_key(camera_seed, Purpose::row_offset, 0), chip.height), chip.dsnu_row_e),
            .defects = make_defects(chip, camera_seed)};
}

}  // namespace sensor_model
