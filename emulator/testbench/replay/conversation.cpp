#include "emulator/testbench/replay/conversation.h"

#include <algorithm>

#include "protocol/gvcp/codec.h"

namespace emulator::testbench {
namespace {

namespace gvcp = protocol::gvcp;

void take_ack(std::vector<RecordedCommand>& commands, const recording::RecordedPacket& packet) {
    const auto ack = gvcp::parse_ack(packet.content);
    if (!ack || ack->is_pending()) return;
    const auto asked = std::find_if(commands.rbegin(), commands.rend(), [&](const RecordedCommand& one) {
        return one.client == packet.to && gvcp::parse_command(one.datagram)->request_id == ack->request_id;
    });
    if (asked == commands.rend() || asked->ack || gvcp::parse_command(asked->datagram)->code + 1 != ack->code)
        return;
    asked->ack.emplace(packet.content.begin(), packet.content.end());
}

}  // namespace

std::vector<RecordedCommand> recorded_commands(recording::PcapngReader reader) {
    std::vector<RecordedCommand> commands;
    for (recording::RecordedPacket packet; reader.next(packet);) {
        if (packet.to.port == gvcp::kPort && gvcp::parse_command(packet.content)) {
            commands.push_back({.number = commands.size() + 1,
                                .ticks = packet.ticks,
                                .client = packet.from,
                                .camera = packet.to,
                                .datagram = {packet.content.begin(), packet.content.end()}});
        } else if (packet.from.port == gvcp::kPort) {
            take_ack(commands, packet);
        }
    }
    return commands;
}

}  // namespace emulator::testbench
