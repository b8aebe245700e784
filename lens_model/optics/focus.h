#pragma once

#include "lens_model/lens.h"
#include "lens_model/optics/constants.h"

namespace lens_model {

/// Focus setting that is sharp at infinity.
[[nodiscard]] double infinity_counts(const Constants&, double zoom_steps);

/// Focus setting that is sharp at a distance: N_inf − κ f²/s, f of the zoom table.
[[nodiscard]] double counts_for_distance(const Constants&, double zoom_steps, double distance_m);

/// Distance at which green light is in focus, drift included; infinite where the setting is beyond infinity.
[[nodiscard]] double focused_distance_m(const Constants&, const State&);

/// Minimum object distance: 1 cm wide, 0.9 m tele. Nearer settings exist, but are never sharp.
[[nodiscard]] double minimum_distance_m(const Constants&, double zoom_steps);

/// Distance of the object that is imaged best: in focus, or at the minimum object distance.
[[nodiscard]] double object_distance_m(const Constants&, const State&);

/// Defocus: distance of an object's image behind the sensor, for one colour channel (0 R, 1 G, 2 B).
///
/// Axial colour moves red back and blue forth; light beyond 700 nm (`infrared`) comes to focus farther back.
[[nodiscard]] double defocus_um(const Constants&, const State&, double distance_m, int channel,
                                bool infrared);

/// Blur diameter at settings nearer than the minimum object distance (MOD).
[[nodiscard]] double near_blur_um(const Constants&, const State&);

}  // namespace lens_model
