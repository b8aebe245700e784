#include "scenes/light/lamp.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <numbers>

#include "scenes/light/progress.h"

namespace scenes::light {

namespace {

double sinc(double x) { return std::abs(x) < 1e-9 ? 1 : std::sin(x) / x; }

/// A cosine averaged over a time is the cosine at its middle times sinc(half the angle that it sweeps).
double mean_flicker(const Flicker& flicker, std::chrono::nanoseconds start, double exposure_s, int channel) {
    const double later_s = exposure_s / 2 - flicker.lag_s[static_cast<std::size_t>(channel)];
    double level = 1;
    for (std::size_t k = 0; k < flicker.depth.size(); ++k) {
        const double frequency_hz = 2 * flicker.mains_hz * static_cast<double>(k + 1);
        const double angular = 2 * std::numbers::pi * frequency_hz;
        const double turned = 2 * std::numbers::pi * progress(frequency_hz, start).rest + angular * later_s;
        level += flicker.depth[k] * std::cos(turned + flicker.phase_rad[k]) * sinc(angular * exposure_s / 2);
    }
    return std::max(0.0, level);
}

double mean_driven(const Driven& driven, double exposure_s, std::span<const Interval> high) {
    if (exposure_s <= 0) return level_at(driven, 0, high);
    double lit_s = 0;
    for (const Interval& on : lit(driven, exposure_s, high)) lit_s += on.end_s - on.start_s;
    return driven.level_off + (1 - driven.level_off) * lit_s / exposure_s;
}

}  // namespace

std::vector<Interval> lit(const Driven& driven, double exposure_s, std::span<const Interval> line_high) {
    std::vector<Interval> times;
    const auto add = [&](double start_s, double end_s) {
        start_s = std::max(0.0, start_s), end_s = std::min(exposure_s, end_s);
        if (start_s < end_s) times.push_back({start_s, end_s});
    };
    double low_since_s = -std::numeric_limits<double>::infinity();
    for (const Interval& high : line_high) {
        const double start_s = high.start_s + driven.delay_s, end_s = high.end_s + driven.delay_s;
        if (driven.active_low)
            add(low_since_s, start_s);
        else
            add(start_s, end_s);
        low_since_s = end_s;
    }
    if (driven.active_low) add(low_since_s, exposure_s);
    return times;
}

double level_at(const Driven& driven, double time_s, std::span<const Interval> line_high) {
    const double then_s = time_s - driven.delay_s;
    const bool high = std::any_of(line_high.begin(), line_high.end(), [&](const Interval& on) {
        return on.start_s <= then_s && then_s < on.end_s;
    });
    return high != driven.active_low ? 1 : driven.level_off;
}

double mean_level(const Waveform& waveform, std::chrono::nanoseconds start, double exposure_s,
                  std::span<const Interval> line_high, int channel) {
    assert(channel >= 0 && channel < 3);
    exposure_s = std::max(0.0, exposure_s);
    switch (waveform.kind) {
        case Waveform::Kind::flicker:
            return mean_flicker(waveform.flicker, start, exposure_s, channel);
        case Waveform::Kind::driven:
            return mean_driven(waveform.driven, exposure_s, line_high);
        case Waveform::Kind::steady:
            break;
    }
    return 1;
}

}  // namespace scenes::light
