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

/// What the mosaic has at the places of the grid that are in one row: two codes of each row of pixels.
struct Places {
    int count = 0;
    std::int32_t red[kPlaces], green_beside_red[kPlaces], green_beside_blue[kPlaces], blue[kPlaces];
};

struct ImageSums {
    std::int64_t colour_dn[3] = {}, grey_dn[3] = {};
    std::int64_t codes_8 = 0, places = 0, unclipped = 0, grey = 0, clipped_out = 0;
};

Places places_of(const std::uint16_t* upper, const std::uint16_t* lower, int begin, int end, int step) {
    Places row;
    for (int x = begin; x < end; x += step, ++row.count) {
        row.red[row.count] = upper[x];
        row.green_beside_red[row.count] = upper[x + 1];
        row.green_beside_blue[row.count] = lower[x];
        row.blue[row.count] = lower[x + 1];
    }
    return row;
}

/// How many samples of a colour have which code.
using CodeCounts = std::array<std::uint32_t, sensor_model::kAdcMaxDn + 1>;

void count_codes(const Places& row, std::array<CodeCounts, 3>& counts) {
    for (int i = 0; i < row.count; ++i) {
        ++counts[0][static_cast<std::size_t>(row.red[i])];
        ++counts[1][static_cast<std::size_t>(row.green_beside_red[i])];
        ++counts[1][static_cast<std::size_t>(row.green_beside_blue[i])];
        ++counts[2][static_cast<std::size_t>(row.blue[i])];
    }
}

/// So many samples of one code into the histogram, as the white balance makes them.
void count_samples(std::uint32_t count, int code, int gain_64, Statistics& out, ImageSums& sums) {
    const bool clipped = code >= kNearlyFull_dn;
    const int balanced = ((code - out.black_dn) * gain_64 + 32) >> 6;
    const int balanced_code = std::clamp(balanced + out.black_dn, 0, sensor_model::kAdcMaxDn);
    sums.codes_8 += std::int64_t{count} * (balanced_code >> 4);
    sums.clipped_out += balanced_code == sensor_model::kAdcMaxDn || clipped ? count : 0;
    Histogram& histogram = out.histogram;
    if (clipped) {
        histogram.clipped += count;
        histogram.clipped_sum_dn += std::int64_t{count} * balanced;
        return;
    }
    const auto bin =
        static_cast<std::size_t>(std::clamp(balanced / Histogram::kBinWidth_dn, 0, Histogram::kBins - 1));
    histogram.count[bin] += count;
    histogram.sum_dn[bin] += std::int64_t{count} * balanced;
}

/// Whether balanced signals are those of something that is nearly grey.
bool nearly_grey(int red, int green, int blue) {
    const int brightness = (76 * red + 150 * green + 29 * blue) / 255;
    const auto near = [&](int colour) { return 4 * std::abs(colour - brightness) <= brightness; };
    return (brightness >= kDark_dn) & (brightness <= kWhite_dn) & near(red) & near(green) & near(blue);
}

/// Sums of the colours where nothing is clipped, and of those places that are nearly grey. Without branches,
/// so that several places are summed at a time.
void sum_places(const Places& row, const isp::WhiteBalance& balance, int black_dn, ImageSums& sums) {
    std::int32_t colour_dn[3] = {}, grey_dn[3] = {}, unclipped = 0, grey = 0;
    for (int i = 0; i < row.count; ++i) {
        const int brightest = std::max(std::max(row.red[i], row.green_beside_red[i]),
                                       std::max(row.green_beside_blue[i], row.blue[i]));
        const int red = row.red[i] - black_dn, blue = row.blue[i] - black_dn,
                  green = row.green_beside_red[i] + row.green_beside_blue[i] - 2 * black_dn;
        const int counts = -static_cast<int>(brightest < kNearlyFull_dn);
        const int is_grey =
            counts & -static_cast<int>(nearly_grey(red * balance.red_64 / 64, green * balance.green_64 / 128,
                                                   blue * balance.blue_64 / 64));
        unclipped -= counts;
        grey -= is_grey;
        colour_dn[0] += red & counts, colour_dn[1] += green & counts, colour_dn[2] += blue & counts;
        grey_dn[0] += red & is_grey, grey_dn[1] += green & is_grey, grey_dn[2] += blue & is_grey;
    }
    sums.places += row.count;
    sums.unclipped += unclipped;
    sums.grey += grey;
    for (int i = 0; i < 3; ++i) sums.colour_dn[i] += colour_dn[i], sums.grey_dn[i] += grey_dn[i];
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
    std::array<CodeCounts, 3> counts{};
    for (int y = seen.y; y < seen.y + seen.height; y += step_y) {
        const auto row = places_of(dn.row(y), dn.row(y + 1), seen.x, seen.x + seen.width, step_x);
        count_codes(row, counts);
        sum_places(row, balance, black_dn, sums);
    }
    if (sums.places == 0) return out;
    const int gains_64[3] = {balance.red_64, balance.green_64, balance.blue_64};
    for (std::size_t colour = 0; colour < 3; ++colour)
        for (int code = 0; code <= sensor_model::kAdcMaxDn; ++code)
            if (const auto count = counts[colour][static_cast<std::size_t>(code)])
                count_samples(count, code, gains_64[colour], out, sums);

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
