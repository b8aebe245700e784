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

/// How a region is shown: at most so many pixels wide, and in neutral colours.
struct Showing {
    int width = 1024;
    bool neutral = false;
    std::string format = "jpeg";
};
/// JPEG or PNG of a region as a monitor shows it.
[[nodiscard]] std::string encoded(const protocol::gvsp::Block&, const Region&, const Showing&);
/// Rows of digital numbers: 16 bits, little endian; one for each pixel, or blue, green and red. Nothing for
/// pixel formats that share colours between pixels.
[[nodiscard]] std::optional<std::string> digital_numbers(const protocol::gvsp::Block&, const Region&);
/// Histograms and moments of the digital numbers of a region, for each colour.
[[nodiscard]] Json statistics(const protocol::gvsp::Block&, const Region&);

}  // namespace emulator::testbench
