#pragma once

#include "protocol/ptp/format.h"

namespace protocol::ptp {

/// Data set of the best master clock algorithm (BMCA, IEEE 1588-2008, 9.3): quality of a clock, and the
/// sender of its Announce. The defaults are those of a clock without any reference (IEEE 1588-2008, 7.6.2 and
/// J.3).
struct DataSet {
    std::uint8_t priority1 = 128;
    std::uint8_t clock_class = 248;
    std::uint8_t accuracy = 0xFE;     // unknown
    std::uint16_t variance = 0xFFFF;  // not computed
    std::uint8_t priority2 = 128;
    std::uint64_t grandmaster = 0;
    std::uint16_t steps_removed = 0;
    PortIdentity sender;
    bool operator==(const DataSet&) const = default;
};

/// Data set comparison (IEEE 1588-2008, 9.3.4): whether a clock with one port prefers grandmaster `a` to `b`.
[[nodiscard]] bool better(const DataSet& a, const DataSet& b);

}  // namespace protocol::ptp
