#pragma once

#include <algorithm>
#include <array>
#include <vector>

#include "lens_model/lens.h"

namespace lens_model {

/// Exposure and relative illumination as one factor for a place of the sensor, and veiling glare, which comes
/// from the whole frame and falls everywhere alike.
class Shading {
  public:
    Shading(const Constants&, const State&, const std::array<double, 3>& frame_mean);

    /// The factor at a place in pixels.
    [[nodiscard]] float gain(float x_px, float y_px) const {
        const float dx = (x_px - centre_x_px_) * scale_, dy = (y_px - centre_y_px_) * scale_;
        const float place =
            std::min((dx * dx + dy * dy) * static_cast<float>(kSteps / kSquaredMax), float{kSteps});
        const auto i = static_cast<std::size_t>(place);
        return gains_[i] + (place - static_cast<float>(i)) * (gains_[i + 1] - gains_[i]);
    }
    /// Stray light of a channel, electrons per second.
    [[nodiscard]] float stray(std::size_t channel) const { return stray_[channel]; }

  private:
    static constexpr int kSteps = 512;           // of the squared distance from the axis
    static constexpr double kSquaredMax = 1.25;  // the axis may be off the middle
    float centre_x_px_, centre_y_px_, scale_;
    std::vector<float> gains_;
    std::array<float, 3> stray_;
};

}  // namespace lens_model
