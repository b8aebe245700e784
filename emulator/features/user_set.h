#pragma once

#include <map>
#include <string>
#include <vector>

#include "emulator/features/value.h"

namespace emulator {
struct Camera;
}

namespace emulator::features {

/// User set (SFNC UserSetControl): values by the names of features. A selected feature has a value for each
/// entry of its selector: "BalanceRatio[Red]", "LUTValue[256]".
using UserSet = std::map<std::string, Value>;

/// The present settings: every feature that can be written and read, but no selectors and none with
/// `in_user_sets` false. Selectors are changed meanwhile, and restored.
[[nodiscard]] UserSet configuration(Camera&);

/// Applies a user set. Locks are ignored, ranges are checked. Features that the set does not name are
/// unchanged. Returns names that are unknown or whose values are out of range.
[[nodiscard]] std::vector<std::string> configure(Camera&, const UserSet&);

}  // namespace emulator::features
