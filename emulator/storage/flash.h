#pragma once

#include <array>
#include <cstdint>

#include "emulator/features/user_set.h"
#include "protocol/device.h"

namespace emulator {

/// The memory slots for configurations (manual 5.13). Where one is named by a number, 0 is the factory's,
/// which is in no slot.
struct UserSets {
    std::array<features::UserSet, 2> slots;  // an empty one was never saved: it is as good as the factory's
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
