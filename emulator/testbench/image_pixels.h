#pragma once

#include <opencv2/core.hpp>

#include "protocol/gvsp/block.h"

namespace emulator::testbench {

/// Pixels of a block's image as it was sent: a mosaic of 8 or 16 bits (12 bits stand in the upper ones), or
/// BGR of 8 bits. Empty for other pixel formats, and where the payload is too short. May refer to the block.
[[nodiscard]] cv::Mat image_pixels(const protocol::gvsp::Block&);

/// Significant bits of a pixel's channel in `image_pixels`, and by how many they are shifted up.
struct PixelDepth {
    int bits = 8, shift = 0;
};
[[nodiscard]] PixelDepth pixel_depth(protocol::gvsp::PixelFormat);

/// The image as a monitor shows it: BGR of 8 bits, of any pixel format, divided along each axis by
/// `reduction` (1, or an even number).
[[nodiscard]] cv::Mat displayed(const protocol::gvsp::Block&, int reduction);

}  // namespace emulator::testbench
