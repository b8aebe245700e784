#pragma once

#include <cstdint>

#include "scenes/light/image.h"

namespace emulator::isp {

/// A mosaic in which every sample has passed through interpolation, its own place included: along each axis
/// 1/32 of both neighbours of its colour and 30/32 of itself. The noise of a colour falls by 12 %, contrast
/// at a quarter of a cycle per pixel by 12.5 % (assumed; the manual says that such pictures are slightly
/// blurred). Beyond the borders the picture is mirrored about its outermost samples of each colour.
[[nodiscard]] scenes::light::Image<std::uint16_t> softened(
    const scenes::light::Image<std::uint16_t>& dn_rggb);

}  // namespace emulator::isp
