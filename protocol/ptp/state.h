#pragma once

#include <cstdint>

namespace protocol::ptp {

/// States of a port, as register 0x096C numbers them (IEEE 1588-2008, table 8).
enum class State : std::uint8_t {
    initializing = 1,
    faulty = 2,
    disabled = 3,
    listening = 4,
    pre_master = 5,
    master = 6,
    passive = 7,
    uncalibrated = 8,
    slave = 9,
};

}  // namespace protocol::ptp
