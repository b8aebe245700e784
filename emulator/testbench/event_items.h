#pragma once

#include <vector>

#include "protocol/gvcp/codec.h"

namespace emulator::testbench {

/// An event as it stands in EVENT or EVENTDATA.
struct EventItem {
    std::uint16_t id = 0, channel = 0;
    std::uint64_t block_id = 0, ticks = 0;
    protocol::ByteView data{};
};
/// The items of an event command; none of other commands.
[[nodiscard]] std::vector<EventItem> event_items(const protocol::gvcp::Command&);

}  // namespace emulator::testbench
