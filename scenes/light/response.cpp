#include "scenes/light/response.h"

#include <cmath>
#include <numbers>

namespace scenes::light {

namespace {

constexpr double kPlanckTimesLight_j_m = 6.62607015e-34 * 299792458;

}  // namespace

Response response(const std::array<Spectrum, 3>& quantum_efficiency, const Spectrum& transmission,
                  double pixel_pitch_um) {
    const double area_m2 = pixel_pitch_um * pixel_pitch_um * 1e-12;
    Response result;
    for (std::size_t c = 0; c < 3; ++c) {
        result[c] = quantum_efficiency[c] * transmission;
        for (int i = 0; i < kWavelengths; ++i) {
            result[c][i] *= area_m2 * wavelength_nm(i) * 1e-9 / kPlanckTimesLight_j_m;
        }
    }
    return result;
}

std::array<double, 3> signal(const Spectrum& light, const Response& response) {
    std::array<double, 3> result;
    for (std::size_t c = 0; c < 3; ++c) result[c] = integral(light * response[c]);
    return result;
}

Spectrum radiance(const Spectrum& reflectance, const Spectrum& irradiance) {
    return reflectance * irradiance * (1 / std::numbers::pi);
}

std::array<double, 3> infrared_share(const Spectrum& light, const Response& response) {
    Spectrum infrared = light;
    for (int i = 0; i < kWavelengths; ++i) {
        if (wavelength_nm(i) < kInfraredBegins_nm) infrared[i] = 0;
    }
    const auto part = signal(infrared, response);
    const auto whole = signal(light, response);
    std::array<double, 3> result;
    for (std::size_t c = 0; c < 3; ++c) result[c] = whole[c] > 0 ? part[c] / whole[c] : 0;
    return result;
}

}  // namespace scenes::light
