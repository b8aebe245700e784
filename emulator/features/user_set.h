#pragma once

#include <map>
#include <string>
#include <vector>

#include "emulator/features/value.h"

namespace emulator {
struct Camera;
}

namespace emulator::features {

/// User set (SFNC UserSetControl): values by the names of features. What stands below a selector has a value
/// for each entry of it: "BalanceRatio[Red]", "LUTValue[256]".
using UserSet = std::map<std::string, Value>;

/// The configuration as it is: every feature of the table that can be written and read, but no selectors and
/// none that says that it is no part of it. Selectors are moved on the way, and moved back.
[[nodiscard]] UserSet configuration(Camera&);

/// Brings the camera to a configuration. Locks do not count, ranges do. What the set does not name stays as
/// it is. Names that the camera does not know, or whose values it cannot have, are returned.
[[nodiscard]] std::vector<std::string> configure(Camera&, const UserSet&);

}  // namespace emulator::features
