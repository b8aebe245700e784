#pragma once

#include "emulator/isp/mosaic_rows.h"
#include "emulator/isp/settings.h"
#include "protocol/bytes.h"
#include "protocol/gvsp/pixel_format.h"
#include "scenes/light/image.h"
#include "scenes/light/isa.h"

namespace emulator::isp {

using protocol::gvsp::PixelFormat;

/// Codes of 12 bits, the first being red with green at its right, as the bytes of a pixel format.
///
/// Black level off, white balance, [demosaic, colour matrix, hue and saturation], black level on, gamma or
/// LUT, format. Raw formats pass no bracket. Where hue or saturation are not at their default they are
/// softened, however small the setting, and turned by their regional colour; the matrix belongs to colour
/// formats. With nothing set, raw formats are the codes themselves. In YUV formats gamma and LUT act on Y
/// alone.
///
/// The width is a multiple of 4, the height is even. Every instruction set gives the same bytes. `out` has
/// room for the image.
void process(const MosaicRows& dn12_rggb, const Settings&, PixelFormat, std::uint8_t* out,
             scenes::light::Isa = scenes::light::best_isa());

/// The same of a whole mosaic.
[[nodiscard]] protocol::Bytes process(const scenes::light::Image<std::uint16_t>& dn12_rggb, const Settings&,
                                      PixelFormat, scenes::light::Isa = scenes::light::best_isa());

/// The loops of one instruction set.
[[nodiscard]] const Stages& stages(scenes::light::Isa);

}  // namespace emulator::isp
