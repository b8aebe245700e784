#pragma once

#include "scenes/light/image.h"
#include "sensor_model/region.h"

namespace emulator::automatics {

using scenes::light::Rect;

enum class RegionPreset { full = 0, custom = 1, center_50 = 2, center_25 = 3, bottom_half = 4, top_half = 5 };

/// The part of the image that exposure, gain and white balance look at. `custom` is relative to the image,
/// and is shrunk and moved until it is inside. All numbers that come out are even.
[[nodiscard]] Rect auto_functions_region(RegionPreset, const Rect& custom, int image_width, int image_height);

/// The part of the image that autofocus looks at, out of a rectangle on the whole sensor: first shrunk, then
/// moved into what is read out, then seen through skipping and flips. All numbers that come out are even.
[[nodiscard]] Rect auto_focus_region(const Rect& on_sensor, const sensor_model::Region& read_out);

}  // namespace emulator::automatics
