#include "emulator/app/replay.h"

#include <cstdio>
#include <fstream>
#include <iterator>
#include <system_error>

#include "emulator/net/interface.h"
#include "emulator/net/replay_sockets.h"
#include "emulator/testbench/replay/replay.h"
#include "scenes/json/config_error.h"

namespace emulator {
namespace {

using scenes::ConfigError;

constexpr std::chrono::milliseconds kPatience{5000};

/// A running camera at an address.
class CameraAtAddress final : public testbench::ReplayCamera {
  public:
    explicit CameraAtAddress(std::uint32_t ip) : ip_(ip) {}

    testbench::ReplayEnds ends_of(protocol::Endpoint recorded) override {
        const auto& sockets = sockets_of(recorded);
        return {.ip = sockets.own_ip(),
                .control_port = sockets.control_port(),
                .stream_port = sockets.stream_port(),
                .message_port = sockets.message_port()};
    }
    std::optional<protocol::Bytes> ask(protocol::Endpoint recorded, protocol::ByteView command) override {
        return sockets_of(recorded).ask(command, kPatience);
    }

  private:
    net::ReplaySockets& sockets_of(protocol::Endpoint recorded) {
        return sockets_.try_emplace({recorded.ip, recorded.port}, ip_).first->second;
    }

    std::uint32_t ip_;
    std::map<std::pair<std::uint32_t, std::uint16_t>, net::ReplaySockets> sockets_;
};

protocol::Bytes bytes_of(const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) throw ConfigError(file, "", "it cannot be read");
    return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

int play_back(const std::string& file, const std::string& address) {
    const auto ip = net::parse_dotted(address);
    if (!ip)
        throw ConfigError("command line", "--address", "the IPv4 address of a running camera was expected");
    const auto bytes = bytes_of(file);
    const auto commands = testbench::recorded_commands(recording::PcapngReader(bytes));
    if (commands.empty())
        throw ConfigError(file, "", "no command of GVCP was found; a pcapng file was expected");
    CameraAtAddress camera(*ip);
    const auto report = testbench::replay(commands, camera);
    for (const auto& difference : report.differences) std::puts(sentence(difference).c_str());
    std::printf("%zu of %zu commands of %zu clients played back: %zu differences\n", report.played,
                report.commands, report.clients, report.differences.size());
    return report.differences.empty() ? 0 : 1;
}

}  // namespace emulator
