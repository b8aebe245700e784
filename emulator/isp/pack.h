#pragma once

#include <cstddef>

#include "emulator/isp/kernels/stages.h"
#include "protocol/bytes.h"
#include "protocol/gvsp/pixel_format.h"
#include "scenes/light/image.h"

namespace emulator::isp {

using protocol::gvsp::PixelFormat;

/// Codes of 12 bits as the bytes of a raw format: 8 bits are the upper ones, 16 bits are shifted to the top.
[[nodiscard]] protocol::Bytes pack(const scenes::light::Image<std::uint16_t>& dn, PixelFormat);

/// The same for a part of an image; `count` is even.
void pack(const std::uint16_t* dn, std::size_t count, PixelFormat, std::uint8_t* out, const Stages&);

}  // namespace emulator::isp
