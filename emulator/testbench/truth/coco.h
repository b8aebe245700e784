#pragma once

#include <span>
#include <string>

#include "emulator/testbench/truth/coco_rle.h"
#include "emulator/testbench/truth/moment.h"

namespace emulator::testbench {

[[nodiscard]] InstanceImage instance_image(const Moment&);

/// The masks of a moment: `width`, `height` and `instances`, each with its id, name, kind, box, area, share
/// that is visible, and its mask as counts and as packed text.
[[nodiscard]] Json masks_to_json(const Moment&);

/// COCO data set (cocodataset.org, format of object detection) of frames as a JSON text: an image per frame,
/// an annotation per visible item, a category per kind of item. The text grows by about a kilobyte for each
/// annotation.
[[nodiscard]] std::string coco_data_set(std::span<const Moment> frames);

}  // namespace emulator::testbench
