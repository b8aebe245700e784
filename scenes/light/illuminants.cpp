#include "scenes/light/illuminants.h"

#include <algorithm>
#include <cmath>

#include "scenes/light/data/cie_daylight.h"
#include "scenes/light/data/lamps.h"

namespace scenes::light {

namespace {

constexpr double kSecondRadiation_m_k = 1.4388e-2;  // c2 = hc/k, as CIE 15 uses it
constexpr double kSunTemperature_k = 5800;
constexpr double kWaterBand_nm = 945, kWaterBandWidth_nm = 15, kWaterBandDepth = 0.5;  // assumed

constexpr std::string_view kNames[] = {"A",      "D50",    "D55",    "D65",    "D75",      "E",
                                       "FL2",    "FL7",    "FL11",   "HP1",    "HP2",      "LED-B1",
                                       "LED-B2", "LED-B3", "LED-B4", "LED-B5", "LED-RGB1", "IR850"};

double planck(double nm, double temperature_k) {
    return std::pow(nm, -5) / (std::exp(kSecondRadiation_m_k / (nm * 1e-9 * temperature_k)) - 1);
}

/// Where daylight of this colour temperature stands in the CIE 1931 diagram (CIE 15, 4.1.2).
double daylight_x(double t) {
    if (t <= 7000) return -4.6070e9 / (t * t * t) + 2.9678e6 / (t * t) + 0.09911e3 / t + 0.244063;
    return -2.0064e9 / (t * t * t) + 1.9018e6 / (t * t) + 0.24748e3 / t + 0.237040;
}

/// What the solar spectrum does beyond the CIE table, relative to its last value.
double sun_beyond_table(double nm, double last_nm) {
    const double off_band = (nm - kWaterBand_nm) / kWaterBandWidth_nm;
    return planck(nm, kSunTemperature_k) / planck(last_nm, kSunTemperature_k) *
           (1 - kWaterBandDepth * std::exp(-off_band * off_band));
}

}  // namespace

Spectrum blackbody(double temperature_k) {
    Spectrum result;
    for (int i = 0; i < kWavelengths; ++i) {
        result[i] = planck(wavelength_nm(i), temperature_k) / planck(560, temperature_k);
    }
    return result;
}

Spectrum cie_d(double temperature_k) {
    const double x = daylight_x(temperature_k);
    const double y = -3.000 * x * x + 2.870 * x - 0.275;
    const double m = 0.0241 + 0.2562 * x - 0.7341 * y;
    // CIE 15 rounds both weights to three decimals.
    const double m1 = std::round(1000 * (-1.3515 - 1.7703 * x + 5.9114 * y) / m) / 1000;
    const double m2 = std::round(1000 * (0.0300 - 31.4424 * x + 30.0717 * y) / m) / 1000;

    constexpr int kTabled = static_cast<int>(data::kS0.size());
    Spectrum result;
    for (int i = 0; i < kTabled; ++i) {
        const auto k = static_cast<std::size_t>(i);
        result[i] = std::max(0.0, (data::kS0[k] + m1 * data::kS1[k] + m2 * data::kS2[k]) / 100);
    }
    for (int i = kTabled; i < kWavelengths; ++i) {
        result[i] = result[kTabled - 1] * sun_beyond_table(wavelength_nm(i), wavelength_nm(kTabled - 1));
    }
    return result;
}

Spectrum led(double peak_nm, double width_nm) {
    Spectrum result;
    for (int i = 0; i < kWavelengths; ++i) {
        const double off = (wavelength_nm(i) - peak_nm) / width_nm;
        result[i] = std::exp(-4 * std::log(2.0) * off * off);
    }
    return result;
}

std::span<const std::string_view> illuminant_names() { return kNames; }

std::optional<Spectrum> illuminant(std::string_view name) {
    // The CIE made its tables with an older c2; these temperatures give them back.
    if (name == "A") return blackbody(2848 * 1.4388 / 1.4350);
    if (name == "D50") return cie_d(5000 * 1.4388 / 1.4380);
    if (name == "D55") return cie_d(5500 * 1.4388 / 1.4380);
    if (name == "D65") return cie_d(6500 * 1.4388 / 1.4380);
    if (name == "D75") return cie_d(7500 * 1.4388 / 1.4380);
    if (name == "E") return constant(1);
    if (name == "IR850") return led(850, 35);
    for (const auto& lamp : data::kLamps) {
        if (lamp.name != name) continue;
        Spectrum result;  // nothing is tabled beyond 780 nm, and these lamps give little there
        std::copy(lamp.power.begin(), lamp.power.end(), result.values.begin());
        return result;
    }
    return std::nullopt;
}

}  // namespace scenes::light
