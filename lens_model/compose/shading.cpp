#include "lens_model/compose/shading.h"

#include <cmath>

#include "lens_model/optics/vignetting.h"

namespace lens_model {

Shading::Shading(const Constants& constants, const State& state, const std::array<double, 3>& frame_mean) {
    const auto view = lens_model::view(constants, state);
    centre_x_px_ = static_cast<float>(view.centre_px.x), centre_y_px_ = static_cast<float>(view.centre_px.y);
    scale_ = static_cast<float>(1 / view.corner_px);

    const double factor = exposure_factor(constants, state), glare = veiling_glare(constants, state);
    const Vignetting vignetting(constants, state);
    for (int i = 0; i <= kSteps + 1; ++i) {
        const double field = std::sqrt(i * kSquaredMax / kSteps);
        gains_.push_back(static_cast<float>(factor * (1 - glare) * vignetting.at(field)));
    }
    const double stray = glare * factor * mean_relative_illumination(constants, state);
    for (std::size_t c = 0; c < 3; ++c) stray_[c] = static_cast<float>(stray * frame_mean[c]);
}

}  // namespace lens_model
