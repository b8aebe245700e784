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
    double black_dn = 0;  // in 12-bit DN: where neutral colours begin
};
/// JPEG or PNG of a region as a monitor shows it.
[[nodiscard]] std::string encoded(const protocol::gvsp::Block&, const Region&, const Showing&,
                                  const std::string& format);
/// Rows of digital numbers: 16 bits, little endian; one for each pixel, or blue, green and red. Nothing for
/// pixel formats that share colours between pixels.
[[nodiscard]] std::optional<std::string> digital_numbers(const protocol::gvsp::Block&, const Region&);
/// Histograms and moments for each colour: of the digital numbers of a region, or of what is shown of it.
[[nodiscard]] Json statistics(const protocol::gvsp::Block&, const Region&,
                              const std::optional<Showing>& shown);
/// Waveform: how often each 256th of the range occurs in each column, the largest on top. PNG of blue, green
/// and red.
[[nodiscard]] std::string waveform(const protocol::gvsp::Block&, const Region&,
                                   const std::optional<Showing>& shown);

}  // namespace emulator::testbench
