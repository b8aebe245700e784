#pragma once

#include <string>
#include <string_view>

namespace emulator::testbench {

// Names of faults, with commas between.

[[nodiscard]] inline bool names_fault(std::string_view list, std::string_view fault) {
    return ("," + std::string(list) + ",").find("," + std::string(fault) + ",") != std::string::npos;
}
/// False if it was there already.
inline bool add_fault(std::string& list, std::string_view fault) {
    if (names_fault(list, fault)) return false;
    list += (list.empty() ? "" : ",") + std::string(fault);
    return true;
}

}  // namespace emulator::testbench
