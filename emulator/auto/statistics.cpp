#include "emulator/auto/statistics.h"

#include <algorithm>
#include <cstdlib>

#include "emulator/auto/regions.h"
#include "sensor_model/chip.h"

namespace emulator::auto_functions {
namespace {

constexpr int kNearlyFull_dn = 4064;                     // the sensor bends below the end of its converter
constexpr int kDark_dn = 10 << 4, kWhite_dn = 253 << 4;  // what is darker or brighter is no grey to go by
constexpr int kPlaces = 256;                             // along each axis, at most

struct ImageSums {
    std::int64_t colour_dn[3] = {}, grey_dn[3] = {};
    std::int64_t codes_8 = 0, places = 0, unclipped = 0, grey = 0, clipped_out = 0;
};

/// Whether balanced signals are those of something that is nearly grey.
bool nearly_grey(int red, int green, int blue) {
    const int brightness = (76 * red + 150 * green + 29 * blue) / 255;
    const auto near = [&](int colour) { return 4 * std::abs(colour - brightness) <= brightness; };
    return brightness >= kDark_dn && brightness <= kWhite_dn && near(red) && near(green) && near(blue);
}

/// One sample into the histogram, as the white balance makes it.
void count_sample(int signal, int gain_64, bool clipped, int black_dn, Statistics& out, ImageSums& sums) {
    const int balanced = (signal * gain_64 + 32) >> 6;
    const int code = std::clamp(balanced + black_dn, 0, sensor_model::kAdcMaxDn);
    sums.codes_8 += code >> 4;
    sums.clipped_out += code == sensor_model::kAdcMaxDn || clipped;
    Histogram& histogram = out.histogram;
    if (clipped) {
        ++histogram.clipped;
        histogram.clipped_sum_dn += balanced;
        return;
    }
    const auto bin =
        static_cast<std::size_t>(std::clamp(balanced / Histogram::kBinWidth_dn, 0, Histogram::kBins - 1));
    ++histogram.count[bin];
    histogram.sum_dn[bin] += balanced;
}

void count_place(const std::uint16_t* upper, const std::uint16_t* lower, const isp::WhiteBalance& balance,
                 Statistics& out, ImageSums& sums) {
    const int codes[4] = {upper[0], upper[1], lower[0], lower[1]};
    const int gains_64[4] = {balance.red_64, balance.green_64, balance.green_64, balance.blue_64};
    bool any_clipped = false;
    for (int i = 0; i < 4; ++i) {
        const bool clipped = codes[i] >= kNearlyFull_dn;
        any_clipped |= clipped;
        count_sample(codes[i] - out.black_dn, gains_64[i], clipped, out.black_dn, out, sums);
    }
    ++sums.places;
    if (any_clipped) return;
    ++sums.unclipped;
    const int colour_dn[3] = {codes[0] - out.black_dn, codes[1] + codes[2] - 2 * out.black_dn,
                              codes[3] - out.black_dn};
    for (int i = 0; i < 3; ++i) sums.colour_dn[i] += colour_dn[i];
    if (!nearly_grey(colour_dn[0] * balance.red_64 / 64, colour_dn[1] * balance.green_64 / 128,
                     colour_dn[2] * balance.blue_64 / 64))
        return;
    ++sums.grey;
    for (int i = 0; i < 3; ++i) sums.grey_dn[i] += colour_dn[i];
}

/// From one sample to the next, in pixels, so that not more than `most` fit.
int step(int length, int most) { return 2 * std::max(1, (length / 2 + most - 1) / most); }

}  // namespace

Statistics measure(const scenes::light::Image<std::uint16_t>& dn, const Rect& region, int black_dn,
                   const isp::WhiteBalance& balance) {
    const Rect seen = whole_places(region, dn.width, dn.height);
    Statistics out;
    out.black_dn = black_dn;
    ImageSums sums;
    const int step_x = step(seen.width, kPlaces), step_y = step(seen.height, kPlaces);
    for (int y = seen.y; y < seen.y + seen.height; y += step_y)
        for (int x = seen.x; x < seen.x + seen.width; x += step_x)
            count_place(dn.row(y) + x, dn.row(y + 1) + x, balance, out, sums);
    if (sums.places == 0) return out;

    const auto places = static_cast<double>(sums.places);
    out.brightness = static_cast<double>(sums.codes_8) / (4 * places);
    out.clipped_share = static_cast<double>(sums.clipped_out) / (4 * places);
    out.unclipped_share = static_cast<double>(sums.unclipped) / places;
    out.grey_share = static_cast<double>(sums.grey) / places;
    for (std::size_t colour = 0; colour < 3; ++colour) {
        const int samples = colour == 1 ? 2 : 1;
        const auto mean = [&](std::int64_t sum_dn, std::int64_t count) {
            return count > 0 ? static_cast<double>(sum_dn) / static_cast<double>(samples * count) : 0;
        };
        out.mean_dn[colour] = mean(sums.colour_dn[colour], sums.unclipped);
        out.grey_dn[colour] = mean(sums.grey_dn[colour], sums.grey);
    }
    return out;
}

}  // namespace emulator::auto_functions
