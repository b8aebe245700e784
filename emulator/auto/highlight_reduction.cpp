#include "emulator/auto/highlight_reduction.h"

#include <algorithm>

#include "emulator/auto/brightness.h"

namespace emulator::auto_functions {
namespace {

// Shares of bright samples: a hysteresis, and what each side of it aims at.
constexpr double kActsAbove = 0.15, kReducedTo = 0.12;
constexpr double kReleasesBelow = 0.01, kReleasedTo = 0.02;
constexpr int kLeastRelease = 3;  // in codes: less is not worth a step

}  // namespace

int reference_reduction(int before, const Statistics& seen, const AutoExposureSettings& settings) {
    if (!settings.highlight_reduction) return 0;
    const double aim_dn = dn_of_mean_code(settings.reference - before, seen.black_dn);
    const double share = bright_share(seen, factor_for_mean_dn(seen, aim_dn));
    const bool acts = share > kActsAbove, releases = share < kReleasesBelow && before > 0;
    if (!acts && !releases) return before;
    const double goal_dn = mean_dn(seen, factor_for_bright_share(seen, acts ? kReducedTo : kReleasedTo));
    const int goal = settings.reference - mean_code_of_dn(goal_dn, seen.black_dn);
    const int after = std::clamp(goal, 0, std::max(0, settings.reference - 1));
    if (acts) return std::max(after, before);
    return after == 0 || after + kLeastRelease <= before ? std::min(after, before) : before;
}

}  // namespace emulator::auto_functions
