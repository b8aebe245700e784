#include "emulator/auto/brightness.h"

#include <algorithm>
#include <cmath>

#include "sensor_model/chip.h"

namespace emulator::auto_functions {
namespace {

constexpr double kBright_dn = 3840;    // 240 in 8 bits
constexpr double kCodeStep_dn = 16;    // of an 8-bit code in 12 bits
constexpr double kCutToCode_dn = 7.5;  // what a cut to 8 bits loses on average
constexpr double kClippedExcess =
    63;  // assumed: how much brighter than full scale a scene is that clips all over

double samples_of(const Histogram& histogram) {
    double samples = histogram.clipped;
    for (const auto count : histogram.count) samples += count;
    return samples;
}

/// The sum of clipped samples as they are taken to be.
double clipped_sum_dn(const Histogram& histogram, double samples) {
    const double share = histogram.clipped / samples;
    return static_cast<double>(histogram.clipped_sum_dn) * (1 + kClippedExcess * share * share);
}

struct Interval {
    double below, above;
};

/// Where a condition that holds of little light ceases to hold. Bisection in steps of equal ratio: square
/// roots are the same on every machine.
template <class Condition>
Interval bisected(Condition holds) {
    Interval factor{kLeastFactor, kMostFactor};
    for (int i = 0; i < 32; ++i) {
        const double middle = std::sqrt(factor.below * factor.above);
        (holds(middle) ? factor.below : factor.above) = middle;
    }
    return factor;
}

}  // namespace

double mean_dn(const Statistics& seen, double factor) {
    const Histogram& histogram = seen.histogram;
    const double full_dn = sensor_model::kAdcMaxDn - seen.black_dn, samples = samples_of(histogram);
    if (samples == 0) return 0;
    double sum_dn = 0;
    for (std::size_t bin = 0; bin < histogram.count.size(); ++bin) {
        if (histogram.count[bin] == 0) continue;
        sum_dn +=
            std::min(factor * static_cast<double>(histogram.sum_dn[bin]), full_dn * histogram.count[bin]);
    }
    if (histogram.clipped > 0)
        sum_dn += std::min(factor * clipped_sum_dn(histogram, samples), full_dn * histogram.clipped);
    return sum_dn / samples;
}

double bright_share(const Statistics& seen, double factor) {
    const Histogram& histogram = seen.histogram;
    const double samples = samples_of(histogram), clipped = histogram.clipped;
    if (samples == 0) return 0;
    const double from_dn = (kBright_dn - seen.black_dn) / factor;
    double bright = clipped_sum_dn(histogram, samples) >= from_dn * clipped ? clipped : 0;
    for (std::size_t bin = histogram.count.size(); bin-- > 0;) {
        const double bins_above = static_cast<double>(bin) + 1 - from_dn / Histogram::kBinWidth_dn;
        if (bins_above <= 0) break;
        bright += histogram.count[bin] * std::min(1.0, bins_above);
    }
    return bright / samples;
}

double factor_for_mean_dn(const Statistics& seen, double wanted_dn) {
    const auto factor = bisected([&](double middle) { return mean_dn(seen, middle) < wanted_dn; });
    return std::sqrt(factor.below * factor.above);
}

double factor_for_bright_share(const Statistics& seen, double share) {
    return bisected([&](double middle) { return bright_share(seen, middle) <= share; }).below;
}

double dn_of_mean_code(int code, int black_dn) { return kCodeStep_dn * code + kCutToCode_dn - black_dn; }

int mean_code_of_dn(double mean_dn, int black_dn) {
    return static_cast<int>(std::floor((mean_dn + black_dn - kCutToCode_dn) / kCodeStep_dn));
}

}  // namespace emulator::auto_functions
