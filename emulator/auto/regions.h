#pragma once

#include "emulator/auto/settings.h"
#include "sensor_model/region.h"

namespace emulator::auto_functions {

/// The smallest side of the region of auto functions that can be set, in pixels (of a sibling's description
/// file).
inline constexpr int kMinRegion = 16;

/// The part of a region that is in the image, in whole places of 2 x 2 pixels.
[[nodiscard]] Rect whole_places(const Rect& region, int image_width, int image_height);

/// Region of exposure, gain and white balance in the image. `custom` is relative to the image, and clipped to
/// it. All results are even.
[[nodiscard]] Rect auto_functions_region(RegionPreset, const Rect& custom, int image_width, int image_height);

/// Region of autofocus on the sensor: a rectangle on the whole sensor, shrunk and moved into the readout
/// region.
[[nodiscard]] Rect auto_focus_part(const Rect& on_sensor, const sensor_model::Region& read_out);

/// Region of autofocus in the image, from a rectangle on the whole sensor: shrunk and moved into the readout
/// region, then transformed by skipping and flips. All results are even.
[[nodiscard]] Rect auto_focus_region(const Rect& on_sensor, const sensor_model::Region& read_out);

}  // namespace emulator::auto_functions
