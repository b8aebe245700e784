#pragma once

#include <string>

#include "emulator/settings.h"
#include "protocol/bytes.h"

namespace emulator {

/// Frame number in pixels: block id and trigger number of a frame as a Data Matrix (ISO/IEC 16022) in the
/// upper left corner of the image as it is received, upright whatever is flipped, in the image's own pixel
/// format. The text is `frame_number_text`.
inline constexpr int kFrameNumberModule_px = 4;

/// Ten digits of the block id, a slash, ten of the trigger (0: free running); larger numbers have more
/// digits.
[[nodiscard]] std::string frame_number_text(std::uint64_t block_id, std::uint64_t trigger);

/// Draws it. An image that is smaller than the code, 72 pixels to each side, stays as it is.
void draw_frame_number(protocol::Bytes& image, const ImageFormat&, std::uint64_t block_id,
                       std::uint64_t trigger);

}  // namespace emulator
