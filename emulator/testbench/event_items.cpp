#include "emulator/testbench/event_items.h"

namespace emulator::testbench {

namespace gvcp = protocol::gvcp;

std::vector<EventItem> event_items(const gvcp::Command& command) {
    std::vector<EventItem> items;
    const bool with_data = command.is(gvcp::Code::event_data);
    if (!with_data && !command.is(gvcp::Code::event)) return items;
    protocol::Reader reader(command.payload);
    while (!reader.rest().empty()) {
        EventItem item;
        reader.skip(2);
        item.id = reader.u16();
        item.channel = reader.u16();
        item.block_id = reader.u16();
        item.ticks = reader.u64();
        if (!reader.ok()) return items;
        if (with_data) item.data = reader.rest();
        items.push_back(item);
        if (with_data) break;
    }
    return items;
}

}  // namespace emulator::testbench
