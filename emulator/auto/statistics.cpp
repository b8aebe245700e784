#include "emulator/auto/statistics.h"

#include <algorithm>

#include "emulator/auto/kernels/places.h"
#include "emulator/auto/regions.h"
#include "sensor_model/chip.h"

namespace emulator::auto_functions {
namespace {

constexpr int kNearlyFull_dn = 4064;                     // the sensor bends below the end of its converter
constexpr int kDark_dn = 10 << 4, kWhite_dn = 253 << 4;  // what is darker or brighter is no grey to go by

/// Of all samples after the white balance.
struct CodeSums {
    std::int64_t codes_8 = 0, clipped_out = 0;
};

/// So many samples of one code into the histogram, as the white balance makes them.
void count_samples(std::uint32_t count, int code, int gain_64, Statistics& out, CodeSums& sums) {
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

/// From one sample to the next, in pixels, so that not more than `most` fit.
int step(int length, int most) { return 2 * std::max(1, (length / 2 + most - 1) / most); }

}  // namespace

StatisticsCounter::StatisticsCounter(const Rect& region, int width, int height, int black_dn,
                                     const isp::WhiteBalance& balance)
    : seen_(whole_places(region, width, height)),
      step_x_(step(seen_.width, kPlaces)),
      step_y_(step(seen_.height, kPlaces)),
      places_((seen_.width + step_x_ - 1) / step_x_),
      black_dn_(black_dn),
      balance_(balance) {
    counts_.fill(CodeCounts(sensor_model::kAdcMaxDn + 1));
}

void StatisticsCounter::add(int y, const std::uint16_t* dn12_rggb) {
    if (y < seen_.y || y >= seen_.y + seen_.height) return;
    const int place = (y - seen_.y) % step_y_;
    if (place > 1) return;
    std::int32_t *even = place == 0 ? row_.red : row_.green_beside_blue,
                 *odd = place == 0 ? row_.green_beside_red : row_.blue;
    const std::uint16_t* codes = dn12_rggb + seen_.x;
    for (int i = 0; i < places_; ++i, codes += step_x_) {
        even[i] = codes[0];
        odd[i] = codes[1];
    }
    if (place == 0) return;
    count_codes();
    sum_places();
}

void StatisticsCounter::count_codes() {
    std::uint32_t *red = counts_[0].data(), *green = counts_[1].data(), *blue = counts_[2].data();
    for (int i = 0; i < places_; ++i) {
        ++red[row_.red[i]];
        ++green[row_.green_beside_red[i]];
        ++green[row_.green_beside_blue[i]];
        ++blue[row_.blue[i]];
    }
}

void StatisticsCounter::sum_places() {
    static const auto& sum = GIGEMU_KERNEL(scenes::light::best_isa(), sum_places);
    const auto row = sum({row_.red, row_.green_beside_red, row_.green_beside_blue, row_.blue, places_},
                         {.black_dn = black_dn_,
                          .nearly_full_dn = kNearlyFull_dn,
                          .dark_dn = kDark_dn,
                          .white_dn = kWhite_dn,
                          .red_64 = balance_.red_64,
                          .green_64 = balance_.green_64,
                          .blue_64 = balance_.blue_64});
    sums_.places += places_;
    sums_.unclipped += row.unclipped;
    sums_.grey += row.grey;
    for (int i = 0; i < 3; ++i) sums_.colour_dn[i] += row.colour_dn[i], sums_.grey_dn[i] += row.grey_dn[i];
}

Statistics StatisticsCounter::statistics() const {
    Statistics out;
    out.black_dn = black_dn_;
    if (sums_.places == 0) return out;
    CodeSums codes;
    const int gains_64[3] = {balance_.red_64, balance_.green_64, balance_.blue_64};
    for (std::size_t colour = 0; colour < 3; ++colour)
        for (int code = 0; code <= sensor_model::kAdcMaxDn; ++code)
            if (const auto count = counts_[colour][static_cast<std::size_t>(code)])
                count_samples(count, code, gains_64[colour], out, codes);

    const auto places = static_cast<double>(sums_.places);
    out.brightness = static_cast<double>(codes.codes_8) / (4 * places);
    out.clipped_share = static_cast<double>(codes.clipped_out) / (4 * places);
    out.unclipped_share = static_cast<double>(sums_.unclipped) / places;
    out.grey_share = static_cast<double>(sums_.grey) / places;
    for (std::size_t colour = 0; colour < 3; ++colour) {
        const int samples = colour == 1 ? 2 : 1;
        const auto mean = [&](std::int64_t sum_dn, std::int64_t count) {
            return count > 0 ? static_cast<double>(sum_dn) / static_cast<double>(samples * count) : 0;
        };
        out.mean_dn[colour] = mean(sums_.colour_dn[colour], sums_.unclipped);
        out.grey_dn[colour] = mean(sums_.grey_dn[colour], sums_.grey);
    }
    return out;
}

Statistics measure(const scenes::light::Image<std::uint16_t>& dn, const Rect& region, int black_dn,
                   const isp::WhiteBalance& balance) {
    StatisticsCounter counter(region, dn.width, dn.height, black_dn, balance);
    for (int y = 0; y < dn.height; ++y) counter.add(y, dn.row(y));
    return counter.statistics();
}

}  // namespace emulator::auto_functions
