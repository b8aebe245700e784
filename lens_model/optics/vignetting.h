#pragma once

#include "lens_model/lens.h"
#include "lens_model/optics/constants.h"

namespace lens_model {

/// Relative illumination: light at a place in the field over light on the axis: cos²θ (the pupil of a
/// retrofocus lens seems to grow off axis) times what the barrel cuts off, which clears when the iris is
/// closed by two stops.
class Vignetting {
  public:
    Vignetting(const Constants&, const State&);
    /// `field` is the distance from the axis, 1 in the corner.
    [[nodiscard]] double at(double field) const;

  private:
    double corner_tangent_, cut_;
};

/// The same for a single place.
[[nodiscard]] double relative_illumination(const Constants&, const State&, double field);

/// Its mean over the sensor.
[[nodiscard]] double mean_relative_illumination(const Constants&, const State&);

/// Veiling glare: part of the light that glass and barrel scatter evenly over the sensor.
[[nodiscard]] double veiling_glare(const Constants&, const State&);

}  // namespace lens_model
