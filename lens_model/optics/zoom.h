#pragma once

#include "lens_model/lens.h"
#include "lens_model/optics/constants.h"

namespace lens_model {

inline constexpr double kZoomMax_steps = 1000;

/// Focal length of the manual's table: image size over this equals object size over 2.5 m, for an object 2.5
/// m from the front. Exact at its 21 points, between them PCHIP on ln f.
[[nodiscard]] double focal_length_at_table_mm(double zoom_steps);

/// 0 at the wide end, 1 at the tele end, in proportion to ln f.
[[nodiscard]] double tele_share(double zoom_steps);

/// A constant that has a value for each end.
[[nodiscard]] double between(double wide, double tele, double zoom_steps);

/// Entrance pupil: distance of the centre of projection behind the front of the lens, 0.04 m wide, 0.39 m
/// tele.
[[nodiscard]] double entrance_pupil_m(const Constants&, double zoom_steps);

/// Focal length with the lens focused at infinity: 6.61 mm wide, 136 mm tele. The table's field of view at
/// 2.5 m, seen from the entrance pupil, follows from it exactly.
[[nodiscard]] double focal_length_at_infinity_mm(const Constants&, double zoom_steps);

/// Focal length as the lens is focused: f_inf / (1 + k f_inf/s), s from the front, at least the minimum
/// object distance.
[[nodiscard]] double focal_length_mm(const Constants&, const State&);

/// Boresight: where the optical axis meets the sensor, off its centre, as zoom groups do not move exactly
/// along the axis.
[[nodiscard]] scenes::light::Point boresight_px(const Constants&, double zoom_steps);

}  // namespace lens_model
