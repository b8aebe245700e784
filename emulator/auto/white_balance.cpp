#include "emulator/auto/white_balance.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "sensor_model/exact_math.h"

namespace emulator::auto_functions {
namespace {

constexpr int kUnit = 64, kLargestGain = 255;
constexpr double kDarkest_dn = 4;        // below, a mean says nothing about colour
constexpr double kFewestPlaces = 0.005;  // of the picture that must not be clipped
constexpr double kGreyPlaces = 0.08;     // of the picture that grey world looks at alone, if they are there
constexpr double kSettledError = 0.010;  // proportions that are this true are not improved
constexpr double kRestartError = 0.016;  // and stay until they are this wrong
constexpr int kTopRange = 55;  // below the end of the range, where the largest gain may lie if it must
constexpr int kPatience = 12, kUnsteadyPatience = 36;  // frames averaged while settled
constexpr int kMostSteps = 12;                         // that a scene may need if the light is steady

/// Gains of light on the black body curve, and of daylight from 4000 K on, for this sensor behind its filter
/// and lens (inferred from published curves).
struct Lamp {
    double temperature_k, red, green, blue;
};
constexpr Lamp kLamps[] = {
    {2500, 1.0000, 1.0936, 5.0692}, {2700, 1.0000, 1.0214, 4.2691}, {3000, 1.0699, 1.0000, 3.6504},
    {3500, 1.2053, 1.0000, 3.0415}, {4000, 1.3333, 1.0000, 2.7598}, {5000, 1.5393, 1.0000, 2.2480},
    {6000, 1.6934, 1.0000, 1.9477}, {7500, 1.8573, 1.0000, 1.6899}, {10'000, 2.0258, 1.0000, 1.4770}};

/// Straight between two lamps, over the reciprocal of temperature.
std::array<double, 3> exact_gains(int temperature_k) {
    const auto* upper = std::find_if(std::begin(kLamps) + 1, std::end(kLamps) - 1,
                                     [&](const Lamp& lamp) { return lamp.temperature_k >= temperature_k; });
    const Lamp &a = upper[-1], &b = *upper;
    const double t =
        (1 / a.temperature_k - 1.0 / temperature_k) / (1 / a.temperature_k - 1 / b.temperature_k);
    const auto mix = [&](double from, double to) { return from + t * (to - from); };
    return {mix(a.red, b.red), mix(a.green, b.green), mix(a.blue, b.blue)};
}

/// The largest deviation of one gain from its proportion to another.
double max_ratio_error(const std::array<double, 3>& exact, const std::array<int, 3>& rounded) {
    double least = HUGE_VAL, most = 0;
    for (std::size_t i = 0; i < 3; ++i) {
        const double ratio = rounded[i] / exact[i];
        least = std::min(least, ratio);
        most = std::max(most, ratio);
    }
    return least > 0 ? most / least - 1 : HUGE_VAL;
}

std::array<int, 3> as_array(const isp::WhiteBalance& gains) {
    return {gains.red_64, gains.green_64, gains.blue_64};
}

std::array<int, 3> scaled(const std::array<double, 3>& exact, double scale) {
    std::array<int, 3> rounded{};
    for (std::size_t i = 0; i < 3; ++i)
        rounded[i] = std::min(kLargestGain, static_cast<int>(std::floor(exact[i] * scale + 0.5)));
    return rounded;
}

bool legible(const Statistics& seen) {
    return seen.unclipped_share >= kFewestPlaces && *std::ranges::min_element(seen.mean_dn) >= kDarkest_dn;
}

/// How far the gains of blue over red are from those of this temperature, as a logarithm.
double off_at(int temperature_k, double blue_over_red) {
    const auto gains = exact_gains(temperature_k);
    return std::abs(sensor_model::exact_log(gains[2] / (gains[0] * blue_over_red)));
}

int nearest_temperature(const TemperatureRange& range, double blue_over_red) {
    int best_k = range.lowest_k;
    for (int k = range.lowest_k; k <= range.highest_k; k += kTemperatureStep_k)
        if (off_at(k, blue_over_red) < off_at(best_k, blue_over_red)) best_k = k;
    return best_k;
}

/// The temperature under which red and blue come out alike; the one before, while a neighbour is not clearly
/// better.
int temperature_of(const Statistics& seen, const TemperatureRange& range, int before_k) {
    const double wanted = seen.mean_dn[0] / seen.mean_dn[2];
    const int best_k = nearest_temperature(range, wanted);
    const bool neighbour = std::abs(best_k - before_k) <= kTemperatureStep_k && before_k >= range.lowest_k &&
                           before_k <= range.highest_k;
    return neighbour && off_at(before_k, wanted) < 3 * off_at(best_k, wanted) ? before_k : best_k;
}

std::array<double, 3> wanted_gains(BalanceState& state, const Statistics& seen,
                                   const AutoWhiteBalanceSettings& settings) {
    if (settings.mode == BalanceMode::temperature) {
        state.temperature_k = temperature_of(seen, range_of(settings.preset), state.temperature_k);
        return exact_gains(state.temperature_k);
    }
    return {1 / seen.mean_dn[0], 1 / seen.mean_dn[1], 1 / seen.mean_dn[2]};
}

/// Whether no choice of scale would keep the smallest gain at 1.
bool leaves_range(const std::array<double, 3>& gains) {
    return *std::ranges::max_element(gains) / *std::ranges::min_element(gains) * kUnit > kLargestGain;
}

/// Whether these gains can stay. They need not be the best.
bool near_enough(const std::array<int, 3>& gains, const std::array<double, 3>& wanted,
                 const std::array<int, 3>& goal, double allowed) {
    const int most = *std::ranges::max_element(gains), goal_most = *std::ranges::max_element(goal);
    const bool scale =
        std::abs(most - goal_most) <= 3 || (leaves_range(wanted) && most >= kLargestGain - kTopRange);
    return scale && max_ratio_error(wanted, gains) <= std::max(allowed, 1.2 * max_ratio_error(wanted, goal));
}

}  // namespace

TemperatureRange range_of(BalancePreset preset) {
    switch (preset) {
        case BalancePreset::warm_white:
            return {2500, 4000};
        case BalancePreset::cool_white:
            return {4000, 5800};
        case BalancePreset::daylight:
            return {5700, 7500};
        case BalancePreset::deep_shade:
            return {7500, 10'000};
        case BalancePreset::any:
            break;
    }
    return {};
}

isp::WhiteBalance proportional(const std::array<double, 3>& gains) {
    const double least = *std::ranges::min_element(gains), most = *std::ranges::max_element(gains);
    std::array<int, 3> best = scaled(gains, kUnit / least);
    if (leaves_range(gains)) {
        double least_error = HUGE_VAL;
        for (int top = kLargestGain; top >= kLargestGain - kTopRange; --top) {
            const auto candidate = scaled(gains, top / most);
            if (max_ratio_error(gains, candidate) >= least_error) continue;
            least_error = max_ratio_error(gains, candidate);
            best = candidate;
        }
    }
    return {best[0], best[1], best[2]};
}

double rebalanced(const Statistics& seen, const isp::WhiteBalance& from, const isp::WhiteBalance& to) {
    const auto light = [&](const isp::WhiteBalance& gains) {
        return seen.mean_dn[0] * gains.red_64 + 2 * seen.mean_dn[1] * gains.green_64 +
               seen.mean_dn[2] * gains.blue_64;
    };
    return legible(seen) && light(from) > 0 ? light(to) / light(from) : 1;
}

isp::WhiteBalance balance_for_temperature(int temperature_k) {
    return proportional(exact_gains(std::clamp(temperature_k, 2500, 10'000)));
}

int temperature_for(const isp::WhiteBalance& gains) {
    if (gains.red_64 <= 0 || gains.blue_64 <= 0) return TemperatureRange{}.highest_k;
    return nearest_temperature(TemperatureRange{}, static_cast<double>(gains.blue_64) / gains.red_64);
}

BalanceState next(const BalanceState& before, const Statistics& seen_of_frame,
                  const AutoWhiteBalanceSettings& settings) {
    BalanceState state = before;
    Statistics frame = seen_of_frame;
    const bool grey_world = settings.mode == BalanceMode::grey_world;
    if (grey_world && frame.grey_share >= kGreyPlaces) frame.mean_dn = frame.grey_dn;
    state.done = false;
    if (settings.automatic == BalanceAuto::off || !legible(frame)) return state;

    Statistics seen = frame;
    if (state.resting) {
        for (std::size_t i = 0; i < 3; ++i) state.colour_sum_dn[i] += frame.mean_dn[i];
        if (++state.frames_seen < (state.unsteady ? kUnsteadyPatience : kPatience)) return state;
        for (std::size_t i = 0; i < 3; ++i) seen.mean_dn[i] = state.colour_sum_dn[i] / state.frames_seen;
    }
    state.frames_seen = 0;
    state.colour_sum_dn = {};

    const auto wanted = wanted_gains(state, seen, settings);
    const isp::WhiteBalance goal = proportional(wanted);
    const auto from = as_array(state.gains), to = as_array(goal);
    const bool near = near_enough(from, wanted, to, state.resting ? kRestartError : kSettledError);
    const bool many_frames = state.resting && state.unsteady;
    if (near || many_frames) {
        if (!near) state.gains = goal;
        state.done = state.resting && settings.automatic == BalanceAuto::once;
        state.resting = true;
        state.steps = 0;
    } else if (++state.steps > kMostSteps) {
        state.resting = state.unsteady = true;
    } else {
        state.resting = false;
        state.gains = goal;
    }
    if (grey_world) state.temperature_k = temperature_for(state.gains);
    return state;
}

}  // namespace emulator::auto_functions
