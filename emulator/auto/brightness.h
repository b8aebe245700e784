#pragma once

#include "emulator/auto/statistics.h"

namespace emulator::auto_functions {

// How bright the scene of one frame would be with `factor` times as much light, from the histogram of that
// frame: each sample of v DN above black becomes min(factor * v, full scale). What clipped has an unknown v:
// the more samples clip, the brighter they are taken to be, and the bolder is a step down.

/// What one frame can say about another.
inline constexpr double kLeastFactor = 1.0 / 64, kMostFactor = 256;

/// The mean above black, in 12-bit DN.
[[nodiscard]] double mean_dn(const Statistics&, double factor);
/// The share of samples that would be at 240 of 255 codes or above.
[[nodiscard]] double bright_share(const Statistics&, double factor);

// The same the other way round.
[[nodiscard]] double factor_for_mean_dn(const Statistics&, double wanted_dn);
/// The most light under which no more than this share is bright.
[[nodiscard]] double factor_for_bright_share(const Statistics&, double share);

/// Mean above black, in 12-bit DN, of a picture with this mean of 8-bit codes; and back, rounded down. Codes
/// that are cut to 8 bits are half a step below.
[[nodiscard]] double dn_of_mean_code(int code, int black_dn);
[[nodiscard]] int mean_code_of_dn(double mean_dn, int black_dn);

}  // namespace emulator::auto_functions
