#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "emulator/isp/white_balance.h"
#include "scenes/light/image.h"

/// Auto functions as pure functions: image statistics in, settings out. (`auto` is a keyword, so the
/// namespace cannot have the name of the folder.)
namespace emulator::auto_functions {

using scenes::light::Rect;

/// How many samples lie how high above black, after white balance, before anything clips. Each bin knows its
/// sum too, so that a bin is as exact as its mean.
struct Histogram {
    static constexpr int kBins = 512, kBinWidth_dn = 32;  // up to four times full scale
    std::array<std::uint32_t, kBins> count{};
    std::array<std::int64_t, kBins> sum_dn{};
    std::uint32_t clipped = 0;  // by the sensor: how bright they really are is unknown
    std::int64_t clipped_sum_dn = 0;
};

/// Image statistics of a frame for the auto functions.
struct Statistics {
    std::array<double, 3>
        mean_dn{};  // of red, green and blue above black, where nothing is clipped, before balance
    double unclipped_share = 0;  // of the places that `mean_dn` comes from
    /// The same of places that are nearly grey after balance: neither dark nor white, and each colour within
    /// a quarter of the brightness.
    std::array<double, 3> grey_dn{};
    double grey_share = 0;
    double brightness = 0;     // mean of the 8-bit codes of the balanced mosaic, 0..255
    double clipped_share = 0;  // of the samples of the balanced mosaic
    int black_dn = 0;
    Histogram histogram;
};

/// Makes the statistics of a frame whose rows come one after the other, from the top: at most about 65 000
/// places of four pixels each, on a grid. `region` may reach beyond the image.
class StatisticsCounter {
  public:
    StatisticsCounter(const Rect& region, int width, int height, int black_dn, const isp::WhiteBalance&);

    void add(int y, const std::uint16_t* dn12_rggb);
    [[nodiscard]] Statistics statistics() const;

    static constexpr int kPlaces = 256;  // along each axis, at most

  private:
    /// What the mosaic has at the places of the grid that are in one row: two codes of each row of pixels.
    struct Places {
        std::int32_t red[kPlaces], green_beside_red[kPlaces], green_beside_blue[kPlaces], blue[kPlaces];
    };
    /// How many samples of a colour have which code.
    using CodeCounts = std::vector<std::uint32_t>;
    struct Sums {
        std::int64_t colour_dn[3] = {}, grey_dn[3] = {}, places = 0, unclipped = 0, grey = 0;
    };
    void count_codes();
    void sum_places();

    Rect seen_;
    int step_x_, step_y_, places_, black_dn_;
    isp::WhiteBalance balance_;
    Places row_{};
    std::array<CodeCounts, 3> counts_;
    Sums sums_;
};

/// The same of a whole image.
[[nodiscard]] Statistics measure(const scenes::light::Image<std::uint16_t>& dn12_rggb, const Rect& region,
                                 int black_dn, const isp::WhiteBalance&);

}  // namespace emulator::auto_functions
