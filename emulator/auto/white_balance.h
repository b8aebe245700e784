#pragma once

#include <string_view>

#include "emulator/auto/settings.h"
#include "emulator/auto/statistics.h"

namespace emulator::auto_functions {

struct TemperatureRange {
    int lowest_k = 2500, highest_k = 10'000;
};
[[nodiscard]] TemperatureRange range_of(BalancePreset);

/// The lamps that can be chosen by name, by their value in BalanceWhiteTemperaturePreset.
inline constexpr std::array<int, 9> kLampTemperatures_k{2500, 2700, 3000, 3500,  4000,
                                                        5000, 6000, 7500, 10'000};
inline constexpr int kTemperatureStep_k = 100;

/// Gains that make grey grey under light of this colour temperature.
[[nodiscard]] isp::WhiteBalance balance_for_temperature(int temperature_k);

/// The colour temperature under which red and blue need such gains, to 100 K: the inverse of
/// `balance_for_temperature`, from 2500 to 10 000 K. An estimate, if the light is not on the curve.
[[nodiscard]] int temperature_for(const isp::WhiteBalance&);

/// Gains in proportion to three numbers. The smallest is 1, so that white stays white where it clips; where
/// the largest would leave the range, it is at most the end of it and the others are below 1. Rounded so that
/// their proportions are as true as steps of 1/64 allow.
[[nodiscard]] isp::WhiteBalance proportional(const std::array<double, 3>& gains);

/// Factor by which other gains change the brightness of a frame without clipping.
[[nodiscard]] double rebalanced(const Statistics&, const isp::WhiteBalance& from,
                                const isp::WhiteBalance& to);

struct BalanceState {
    isp::WhiteBalance gains;
    int temperature_k = 6500;  // found last; in grey world what the gains say
    bool resting = false;      // near enough, until it is clearly not
    bool unsteady = false;     // resting although no two frames have the same colour: the lamp flickers
    bool done = false;         // `once` has ended: BalanceWhiteAuto reads Off again
    int steps = 0;             // since it rested last
    int frames_seen = 0;       // while resting
    std::array<double, 3> colour_sum_dn{};
};

/// Grey world takes places that are nearly grey, where they are at least 8 % of the picture, else all of it.
/// Steps by single frames until it settles within a tolerance; then only the mean of several frames changes
/// the gains, or ends `once`. A frame that is too dark, or clipped nearly everywhere, is ignored.
[[nodiscard]] BalanceState next(const BalanceState&, const Statistics&, const AutoWhiteBalanceSettings&);

}  // namespace emulator::auto_functions
