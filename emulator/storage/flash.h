#pragma once

#include <array>
#include <cstdint>

#include "emulator/features/user_set.h"
#include "protocol/device.h"

namespace emulator {

/// Slots of user sets (manual 5.13). By number, 0 is the factory's set, which has no slot.
struct UserSets {
    std::array<features::UserSet, 2> slots;  // empty until saved: then it holds factory values
    std::int64_t at_power_up = 0;
    bool operator==(const UserSets&) const = default;
};

/// All that survives a power cycle.
struct Flash {
    protocol::NonVolatile device;
    UserSets user_sets;
    bool operator==(const Flash&) const = default;
};

}  // namespace emulator
