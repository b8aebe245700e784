#include "emulator/testbench/replay/translation.h"

#include <algorithm>

#include "protocol/gvcp/bootstrap.h"
#include "protocol/gvcp/register_access.h"

namespace emulator::testbench {
namespace {

namespace gvcp = protocol::gvcp;
namespace bootstrap = protocol::bootstrap;

constexpr std::uint32_t kPortMask = 0xFFFF;

bool is_port(std::uint32_t address) {
    return address == bootstrap::kMessagePort || address == bootstrap::kStreamPort;
}
bool is_destination(std::uint32_t address) {
    return address == bootstrap::kMessageDestination || address == bootstrap::kStreamDestination;
}

// One line for each rule; `varies`, `is_left_out` and ReplayTranslation follow them.
constexpr ReplayRule kReplayRules[] = {
    {"DISCOVERY_CMD, FORCEIP_CMD, PACKETRESEND_CMD",
     "not played back: they are about the network of the recording, and about packets that it lost"},
    {"the client's own address in SCDA and MCDA", "written and compared as the address of the replay"},
    {"the client's ports in SCP and MCP",
     "written and compared as ports of the replay, where streams are received and events acknowledged"},
    {"SCSP, MCSP, primary application port and address", "not compared: the operating system chooses them"},
    {"the camera's current IP address, subnet mask and gateway", "not compared: it may be at another place"},
    {"timestamps: the latched value, and features that have one", "not compared"},
    {"features that the camera changes by itself (with a PollingTime: temperature, motors, line levels, what "
     "automatic functions set)",
     "compared only after the client itself has written them"},
    {"heartbeats and pauses", "commands follow each other without pauses, heartbeats as any other command"},
    {"pending acknowledges", "waited for and not compared"},
};

}  // namespace

std::span<const ReplayRule> replay_rules() { return kReplayRules; }

bool varies(std::uint32_t address) {
    constexpr std::uint32_t kVaries[] = {
        bootstrap::kCurrentIp,          bootstrap::kCurrentMask,   bootstrap::kCurrentGateway,
        bootstrap::kPrimaryPort,        bootstrap::kPrimaryIp,     bootstrap::kTimestampLatch,
        bootstrap::kTimestampLatch + 4, bootstrap::kMessageSource, bootstrap::kStreamSource};
    return std::ranges::find(kVaries, address) != std::end(kVaries);
}

bool is_left_out(const gvcp::Command& command) {
    return command.is(gvcp::Code::discovery) || command.is(gvcp::Code::force_ip) ||
           command.is(gvcp::Code::packet_resend);
}

std::uint32_t ReplayTranslation::written(std::uint32_t address, std::uint32_t word) {
    if (is_destination(address) && word == recorded_.ip) return ends_.ip;
    if (!is_port(address)) return word;
    ports_[address] = word & kPortMask;
    return expected(address, word);
}

std::uint32_t ReplayTranslation::expected(std::uint32_t address, std::uint32_t word) const {
    if (is_destination(address) && word == recorded_.ip) return ends_.ip;
    const auto port = ports_.find(address);
    if (port == ports_.end() || port->second == 0 || (word & kPortMask) != port->second) return word;
    return (word & ~kPortMask) |
           (address == bootstrap::kMessagePort ? ends_.message_port : ends_.stream_port);
}

protocol::Bytes ReplayTranslation::command(const gvcp::Command& command, protocol::ByteView datagram) {
    protocol::Bytes now(datagram.begin(), datagram.end());
    gvcp::change_written(command.code, std::span(now).subspan(gvcp::kHeaderBytes),
                         [this](auto address, auto word) { return written(address, word); });
    return now;
}

}  // namespace emulator::testbench
