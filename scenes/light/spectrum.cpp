#include "scenes/light/spectrum.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "scenes/light/data/cie_observer.h"

namespace scenes::light {

namespace {

constexpr double kLumensPerWatt = 683.002;  // CIE 15: K_m, for wavelengths in air

Spectrum luminosity_from_table() {
    Spectrum v;
    std::copy(data::kY.begin(), data::kY.end(), v.values.begin());  // the eye sees nothing beyond 830 nm
    return v;
}

}  // namespace

Spectrum constant(double value) {
    Spectrum result;
    result.values.fill(value);
    return result;
}

Spectrum operator*(const Spectrum& a, const Spectrum& b) {
    Spectrum result;
    for (int i = 0; i < kWavelengths; ++i) result[i] = a[i] * b[i];
    return result;
}

Spectrum operator*(const Spectrum& a, double factor) {
    Spectrum result;
    for (int i = 0; i < kWavelengths; ++i) result[i] = a[i] * factor;
    return result;
}

Spectrum operator*(double factor, const Spectrum& a) { return a * factor; }

Spectrum operator+(const Spectrum& a, const Spectrum& b) {
    Spectrum result;
    for (int i = 0; i < kWavelengths; ++i) result[i] = a[i] + b[i];
    return result;
}

double integral(const Spectrum& spectrum) {
    double sum = -0.5 * (spectrum[0] + spectrum[kWavelengths - 1]);
    for (const double value : spectrum.values) sum += value;
    return sum * kWavelengthStep_nm;
}

Spectrum through(std::span<const Knot> knots) {
    assert(!knots.empty());
    Spectrum result;
    std::size_t next = 0;
    for (int i = 0; i < kWavelengths; ++i) {
        const double nm = wavelength_nm(i);
        while (next < knots.size() && knots[next].wavelength_nm <= nm) ++next;
        const Knot& below = knots[next == 0 ? 0 : next - 1];
        const Knot& above = knots[std::min(next, knots.size() - 1)];
        const double width = above.wavelength_nm - below.wavelength_nm;
        const double share = width > 0 ? (nm - below.wavelength_nm) / width : 0;
        result[i] = below.value + share * (above.value - below.value);
    }
    return result;
}

const Spectrum& luminosity() {
    static const Spectrum v = luminosity_from_table();
    return v;
}

double illuminance_lx(const Spectrum& spectrum) { return kLumensPerWatt * integral(spectrum * luminosity()); }

Spectrum normalised_to_lux(const Spectrum& spectrum, double wanted_lx) {
    const double has_lx = illuminance_lx(spectrum);
    assert(has_lx > 0);
    return spectrum * (wanted_lx / has_lx);
}

Spectrum normalised_to_w_m2(const Spectrum& spectrum, double irradiance_w_m2) {
    const double power = integral(spectrum);
    assert(power > 0);
    return spectrum * (irradiance_w_m2 / power);
}

}  // namespace scenes::light
