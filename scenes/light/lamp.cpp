#include "scenes/light/lamp.h"

#include <algorithm>
#include <cassert>
#include <cmath>
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
    const double from_s = -driven.delay_s;
    double lit_s = 0;
    bool lit = false;
    for (const Interval& on : high) {
        lit_s += std::max(0.0, std::min(on.end_s, from_s + exposure_s) - std::max(on.start_s, from_s));
        lit = lit || (on.start_s <= from_s && from_s < on.end_s);
    }
    const double share = exposure_s > 0 ? lit_s / exposure_s : static_cast<double>(lit);
    return driven.level_off + (1 - driven.level_off) * share;
}

}  // namespace

Lamp lamp(const Spectrum& shape, double illuminance_lx, const Waveform& waveform) {
    return {normalised_to_lux(shape, illuminance_lx), waveform};
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
