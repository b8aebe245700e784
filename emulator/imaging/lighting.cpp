#include "emulator/imaging/lighting.h"

#include <cmath>

namespace emulator {
namespace {

namespace light = scenes::light;
using scenes::Time;

Time nanoseconds(double time_s) { return Time(std::llround(time_s * 1e9)); }

/// A lamp at constant level.
Pulse all_the_time(const light::Waveform& waveform, Time from, Time to) {
    Pulse pulse{.from = from, .to = to};
    for (int colour = 0; colour < 3; ++colour) {
        const auto level = light::mean_level(waveform, from, protocol::seconds(to - from), {}, colour);
        pulse.seconds[static_cast<std::size_t>(colour)] = protocol::seconds(to - from) * level;
    }
    return pulse;
}

Pulse pulse_of(Time from, Time to, double full_s) { return {from, to, {full_s, full_s, full_s}}; }

std::vector<Pulse> driven_pulses(const light::Driven& driven, Time from, Time to,
                                 std::span<const light::Interval> strobe_high) {
    std::vector<Pulse> pulses;
    if (driven.level_off > 0)
        pulses.push_back(pulse_of(from, to, driven.level_off * protocol::seconds(to - from)));
    const auto lit = light::lit(driven, protocol::seconds(to - from), strobe_high);
    const auto group = (lit.size() + kPulsesMost - 1) / kPulsesMost;
    for (std::size_t first = 0; first < lit.size(); first += group) {
        const auto last = std::min(first + group, lit.size()) - 1;
        double lit_s = 0;
        for (auto i = first; i <= last; ++i) lit_s += lit[i].end_s - lit[i].start_s;
        pulses.push_back(pulse_of(from + nanoseconds(lit[first].start_s), from + nanoseconds(lit[last].end_s),
                                  (1 - driven.level_off) * lit_s));
    }
    return pulses;
}

}  // namespace

std::vector<LampLight> lighting(const scenes::World& world, Time from, Time to,
                                std::span<const light::Interval> strobe_high) {
    std::vector<LampLight> lamps;
    for (const auto& lamp : world.lamps) {
        LampLight one;
        const auto& wave = lamp.waveform;
        if (wave.is_switched()) {
            one.pulses = driven_pulses(wave.driven, from, to, strobe_high);
            one.level_after = light::level_at(wave.driven, protocol::seconds(to - from), strobe_high);
        } else {
            one.pulses = {all_the_time(wave, from, to)};
        }
        for (const auto& pulse : one.pulses)
            for (std::size_t colour = 0; colour < 3; ++colour) one.seconds[colour] += pulse.seconds[colour];
        lamps.push_back(std::move(one));
    }
    return lamps;
}

Time middle_of_light(std::span<const LampLight> lamps, std::span<const double> weights, Time from, Time to) {
    double light = 0, moment = 0;
    for (std::size_t lamp = 0; lamp < lamps.size(); ++lamp) {
        for (const auto& pulse : lamps[lamp].pulses) {
            const double given = weights[lamp] * pulse.seconds[1];
            light += given, moment += given * protocol::seconds(pulse.from - from + pulse.to - from) / 2;
        }
    }
    return light > 0 ? from + nanoseconds(moment / light) : from + (to - from) / 2;
}

}  // namespace emulator
