#pragma once

#include "emulator/auto/settings.h"
#include "sensor_model/region.h"

namespace emulator::auto_functions {

/// The smallest side of the region of auto functions that can be set, in pixels (of a sibling's description
/// file).
inline constexpr int kMinRegion = 16;

/// The part of a region that is in the image, in whole places of 2 x 2 pixels.
[[nodiscard]] Rect whole_places(const Rect& region, int image_width, int image_height);

/// The part of the image that exposure, gain and white balance look at. `custom` is relative to the image,
/// and ends at its edge. All numbers that come out are even.
[[nodiscard]] Rect auto_functions_region(RegionPreset, const Rect& custom, int image_width, int image_height);

/// The part of the sensor that autofocus looks at: a rectangle on the whole sensor, shrunk and moved into
/// what is read out.
[[nodiscard]] Rect auto_focus_part(const Rect& on_sensor, const sensor_model::Region& read_out);

/// The part of the image that autofocus looks at, out of a rectangle on the whole sensor: first shrunk, then
/// moved into what is read out, then seen through skipping and flips. All numbers that come out are even.
[[nodiscard]] Rect auto_focus_region(const Rect& on_sensor, const sensor_model::Region& read_out);

}  // namespace emulator::auto_functions
