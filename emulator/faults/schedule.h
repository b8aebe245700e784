#pragma once

#include <optional>

#include "protocol/time.h"
#include "scenes/json/json_reader.h"

namespace emulator::faults {

using protocol::Time;

/// When a fault is in force. Keys: `after_us`, and for a fault that lasts `for_us`, `every_us`, `times`.
struct Schedule {
    Time after{};                  // from now until it begins
    std::optional<Time> length{};  // nothing: until it is cleared
    std::optional<Time> period{};  // from one beginning to the next
    int times = 1;                 // how often it begins; 0: until it is cleared
};

/// `at_once`: it happens at a moment, and may be repeated.
[[nodiscard]] Schedule read_schedule(const scenes::Node&, bool at_once);

}  // namespace emulator::faults
