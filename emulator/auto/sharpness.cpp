#include "emulator/auto/sharpness.h"

#include <algorithm>
#include <cmath>

#include "emulator/auto/regions.h"
#include "sensor_model/gain.h"

namespace emulator::auto_functions {
namespace {

using scenes::light::Image;
using scenes::light::Rect;

constexpr int kFine = 2,
              kCoarse = 5;  // in samples of the green; stripes to which one is blind are seen by the other
constexpr int kRowsMost = 256;
constexpr double kSigmas = 6;  // what chance is held to explain

/// How much a sample counts, 0..256: a parabola over the length, 0 beyond its ends.
std::int64_t weight(int index, int length) {
    const std::int64_t twice = 2 * index + 1, whole = 2 * length;
    return 1024 * twice * (whole - twice) / (whole * whole);
}

struct Sums {
    double squares_dn2 = 0, dn = 0, weights = 0, squared_weights = 0;
};

/// Along one row of `count` samples.
Sums look(const std::uint16_t* green, int count, int lag) {
    std::int64_t squares_dn2 = 0, dn = 0, weights = 0, squared_weights = 0;
    for (int i = lag; i + lag < count; ++i) {
        const std::int64_t difference = green[2 * (i - lag)] - 2 * green[2 * i] + green[2 * (i + lag)];
        const std::int64_t w = weight(i - lag, count - 2 * lag);
        squares_dn2 += w * difference * difference;
        dn += w * green[2 * i];
        weights += w;
        squared_weights += w * w;
    }
    return {static_cast<double>(squares_dn2), static_cast<double>(dn), static_cast<double>(weights),
            static_cast<double>(squared_weights)};
}

double detail_dn2(const Image<std::uint16_t>& dn, const Rect& seen, int lag, int black_dn,
                  const Noise& noise) {
    const int step_y = 2 * std::max(1, (seen.height / 2 + kRowsMost - 1) / kRowsMost);
    const int rows = seen.height / step_y;
    Sums sums;
    for (int i = 0; i < rows; ++i) {
        const Sums row = look(dn.row(seen.y + i * step_y) + seen.x + 1, seen.width / 2, lag);
        const auto w = static_cast<double>(weight(i, rows));
        sums.squares_dn2 += w * row.squares_dn2;
        sums.dn += w * row.dn;
        sums.weights += w * row.weights;
        sums.squared_weights += w * w * row.squared_weights;
    }
    if (sums.weights == 0) return 0;
    const double signal_dn = std::max(0.0, sums.dn / sums.weights - black_dn);
    const double pattern_dn = noise.part * signal_dn;
    const double variance_dn2 =
        noise.variance_dn2_per_dn * signal_dn + noise.variance_dn2 + pattern_dn * pattern_dn;
    const double floor_dn2 = 6 * variance_dn2;  // of a - 2 b + c
    // Second differences share samples with four others: their squares vary by 3.9 where independent ones
    // would by 2.
    const double samples = sums.weights * sums.weights / sums.squared_weights;
    const double left_dn2 = sums.squares_dn2 / sums.weights - floor_dn2;
    return left_dn2 > kSigmas * floor_dn2 * std::sqrt(3.9 / samples) ? left_dn2 : 0;
}

}  // namespace

Noise noise(const sensor_model::Chip& chip, double gain_db) {
    const auto gain = sensor_model::gain_from_db(chip, gain_db);
    const double dn_per_e = sensor_model::adc_gain_dn_per_e(chip, gain) * gain.digital;
    const double read_dn2 = sensor_model::read_variance_e2(chip, gain) * dn_per_e * dn_per_e;
    return {dn_per_e, read_dn2 + gain.digital * gain.digital / 12, chip.prnu};
}

Sharpness sharpness(const Image<std::uint16_t>& dn, const Rect& region, int black_dn, const Noise& noise) {
    const Rect seen = whole_places(region, dn.width, dn.height);
    return {detail_dn2(dn, seen, kFine, black_dn, noise), detail_dn2(dn, seen, kCoarse, black_dn, noise),
            kAllTiles};
}

}  // namespace emulator::auto_functions
