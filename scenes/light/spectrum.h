#pragma once

#include <array>
#include <cstddef>
#include <span>

namespace scenes::light {

inline constexpr double kFirstWavelength_nm = 380;
inline constexpr double kWavelengthStep_nm = 5;
inline constexpr int kWavelengths = 145;  // to 1100 nm, where silicon ends

[[nodiscard]] constexpr double wavelength_nm(int index) {
    return kFirstWavelength_nm + kWavelengthStep_nm * index;
}

/// A function of wavelength, 380 to 1100 nm: spectral power distribution, reflectance, transmission or
/// response.
struct Spectrum {
    std::array<double, kWavelengths> values{};

    double& operator[](int index) { return values[static_cast<std::size_t>(index)]; }
    const double& operator[](int index) const { return values[static_cast<std::size_t>(index)]; }
    bool operator==(const Spectrum&) const = default;
};

[[nodiscard]] Spectrum constant(double value);
[[nodiscard]] Spectrum operator*(const Spectrum&, const Spectrum&);
[[nodiscard]] Spectrum operator*(const Spectrum&, double);
[[nodiscard]] Spectrum operator*(double, const Spectrum&);
[[nodiscard]] Spectrum operator+(const Spectrum&, const Spectrum&);

/// The integral over wavelength (trapezoids), in the spectrum's unit times nm.
[[nodiscard]] double integral(const Spectrum&);

/// One point of a curve that is drawn through points.
struct Knot {
    double wavelength_nm, value;
};

/// Straight lines through the knots, which must ascend; the outermost values go on.
[[nodiscard]] Spectrum through(std::span<const Knot> knots);

/// Luminous efficiency V(λ): ȳ of the CIE 1931 observer.
[[nodiscard]] const Spectrum& luminosity();

/// Lux for W/(m² nm), or cd/m² for W/(sr m² nm): 683.002 ∫ S V dλ.
[[nodiscard]] double illuminance_lx(const Spectrum&);

/// The same light, scaled to this illuminance. It must be visible: an infrared lamp has no lux.
[[nodiscard]] Spectrum normalised_to_lux(const Spectrum&, double illuminance_lx);

/// The same light, scaled to this power over all wavelengths.
[[nodiscard]] Spectrum normalised_to_w_m2(const Spectrum&, double irradiance_w_m2);

}  // namespace scenes::light
