#include "emulator/testbench/replay/conversation.h"

#include <algorithm>

#include "protocol/gvcp/codec.h"

namespace emulator::testbench {
namespace {

namespace gvcp = protocol::gvcp;

constexpr auto kPendingCode = static_cast<std::uint16_t>(gvcp::Code::pending_ack);

void take_ack(std::vector<RecordedCommand>& commands, const recording::RecordedPacket& packet) {
    protocol::Reader reader(packet.content);
    reader.skip(2);
    const auto code = reader.u16();
    reader.skip(2);
    const auto id = reader.u16();
    if (!reader.ok() || code == kPendingCode) return;
    const auto asked = std::find_if(commands.rbegin(), commands.rend(), [&](const RecordedCommand& one) {
        return one.client == packet.to && gvcp::parse_command(one.datagram)->request_id == id;
    });
    if (asked == commands.rend() || asked->ack || gvcp::parse_command(asked->datagram)->code + 1 != code)
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
