#pragma once

#include <optional>

#include "emulator/testbench/http/route.h"
#include "emulator/testbench/preview/preview.h"

namespace emulator::testbench {

/// A rectangle of an image, in its pixels.
struct Region {
    int x = 0, y = 0, width = 0, height = 0;
};

/// The part of the region that lies in the image, from an even pixel on, where a mosaic begins with red;
/// nothing where there is none.
[[nodiscard]] std::optional<Region> clipped(const Region&, const protocol::gvsp::Block&);

/// JPEG or PNG of a region as a monitor shows it, at least `width` pixels wide where the image has so many.
[[nodiscard]] std::string encoded(const protocol::gvsp::Block&, const Region&, int width,
                                  const std::string& format);
/// Rows of digital numbers: 16 bits, little endian; one for each pixel, or blue, green and red. Nothing for
/// pixel formats that share colours between pixels.
[[nodiscard]] std::optional<std::string> digital_numbers(const protocol::gvsp::Block&, const Region&);
/// Histograms and moments of the digital numbers of a region, for each colour.
[[nodiscard]] Json statistics(const protocol::gvsp::Block&, const Region&);

}  // namespace emulator::testbench
