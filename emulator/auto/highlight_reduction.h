#pragma once

#include "emulator/auto/settings.h"
#include "emulator/auto/statistics.h"

namespace emulator::auto_functions {

/// By how many 8-bit codes highlight reduction lowers the reference of ExposureAuto, given by how many it did
/// before. It lowers the reference while more than 15 % of the samples would be at 240 of 255 or above, and
/// raises it again while fewer than 1 % are; in between it stays.
[[nodiscard]] int reference_reduction(int before, const Statistics&, const AutoExposureSettings&);

}  // namespace emulator::auto_functions
