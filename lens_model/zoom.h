#pragma once

#include "lens_model/constants.h"
#include "lens_model/lens.h"

namespace lens_model {

inline constexpr double kZoomMax_steps = 1000;

/// The manual's table: focal length for objects at 2.5 m. Exact at its 21 points, between them PCHIP on ln f.
[[nodiscard]] double focal_length_at_table_mm(double zoom_steps);

/// Focal length for objects at infinity: 6.8 mm wide, 136 mm tele.
[[nodiscard]] double focal_length_at_infinity_mm(double zoom_steps);

/// 0 at the wide end, 1 at the tele end, in proportion to ln f.
[[nodiscard]] double tele_share(double zoom_steps);

/// A constant that has a value for each end.
[[nodiscard]] double between(double wide, double tele, double zoom_steps);

/// Focal length as the lens is focused: f_inf / (1 + b/s). Breathing ends where b/s reaches `breathing_max`.
[[nodiscard]] double focal_length_mm(const Constants&, const State&);

/// Where the optical axis meets the sensor, off its middle: zoom groups do not move quite along the axis.
[[nodiscard]] scenes::light::Point boresight_px(const Constants&, double zoom_steps);

}  // namespace lens_model
