#include "emulator/net/stream_path.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <chrono>
#include <utility>
#include <vector>

#include "emulator/net/question.h"
#include "protocol/gvcp/bootstrap.h"
#include "protocol/gvcp/codec.h"

namespace emulator::net {
namespace {

namespace gvcp = protocol::gvcp;
namespace bootstrap = protocol::bootstrap;
using protocol::Endpoint;

constexpr std::chrono::milliseconds kStepPatience{150};
constexpr std::uint32_t kControl = 2;
constexpr std::uint32_t kTestPacket = 0xC000'0000 | 576;  // of the smallest size, not to be fragmented

using Words = std::vector<std::pair<std::uint32_t, std::uint32_t>>;  // addresses and values

std::uint16_t next_request() {
    static std::uint16_t last = 0;
    return last = static_cast<std::uint16_t>(last % 0xFFFF + 1);
}

bool write(int socket, Endpoint camera, const Words& words) {
    protocol::Writer payload;
    for (const auto& [address, value] : words) payload.u32(address).u32(value);
    const auto command =
        gvcp::make_command(gvcp::Code::write_register, gvcp::kAcknowledge, next_request(), payload.take());
    const auto answer = ask(socket, camera, command, kStepPatience);
    return answer && gvcp::parse_ack(*answer)->status == 0;
}

/// The values of some registers; none if they cannot be read.
std::vector<std::uint32_t> read(int socket, Endpoint camera, const std::vector<std::uint32_t>& addresses) {
    protocol::Writer payload;
    for (const auto address : addresses) payload.u32(address);
    const auto command =
        gvcp::make_command(gvcp::Code::read_register, gvcp::kAcknowledge, next_request(), payload.take());
    const auto answer = ask(socket, camera, command, kStepPatience);
    if (!answer || answer->size() != gvcp::kHeaderBytes + 4 * addresses.size()) return {};
    std::vector<std::uint32_t> values;
    for (std::size_t at = gvcp::kHeaderBytes; at < answer->size(); at += 4)
        values.push_back(protocol::load<std::uint32_t>(protocol::ByteView(*answer).subspan(at)));
    return values;
}

void drain(int socket) {
    std::array<std::uint8_t, 2048> bytes;
    while (recv(socket, bytes.data(), bytes.size(), MSG_DONTWAIT) >= 0) {
    }
}

/// Whom a test packet comes from that the camera fires there; nothing if none comes.
std::optional<std::uint32_t> sender_of_test_packet(int control, int socket, Endpoint camera, Endpoint end) {
    drain(socket);
    if (!write(control, camera,
               {{bootstrap::kStreamDestination, end.ip},
                {bootstrap::kStreamPort, end.port},
                {bootstrap::kStreamPacketSize, kTestPacket}}))
        return std::nullopt;
    pollfd waiting{.fd = socket, .events = POLLIN, .revents = 0};
    if (poll(&waiting, 1, static_cast<int>(kStepPatience.count())) <= 0) return std::nullopt;
    sockaddr_in from{};
    socklen_t size = sizeof from;
    std::array<std::uint8_t, 2048> bytes;
    if (recvfrom(socket, bytes.data(), bytes.size(), MSG_DONTWAIT, reinterpret_cast<sockaddr*>(&from),
                 &size) < 0)
        return std::nullopt;
    drain(socket);
    return ntohl(from.sin_addr.s_addr);
}

}  // namespace

std::uint16_t port_of(int socket) {
    sockaddr_in own{};
    socklen_t size = sizeof own;
    getsockname(socket, reinterpret_cast<sockaddr*>(&own), &size);
    return ntohs(own.sin_port);
}

std::optional<Endpoint> seen_by_camera(int socket, Endpoint camera) {
    if (!write(socket, camera, {{bootstrap::kControlPrivilege, kControl}})) return std::nullopt;
    const auto seen = read(socket, camera, {bootstrap::kPrimaryIp, bootstrap::kPrimaryPort});
    (void)write(socket, camera, {{bootstrap::kControlPrivilege, 0}});
    if (seen.size() != 2) return std::nullopt;
    return Endpoint{.ip = seen[0], .port = static_cast<std::uint16_t>(seen[1])};
}

std::optional<StreamPath> find_stream_path(int control, int socket, Endpoint camera, Endpoint seen,
                                           std::uint32_t known_ip) {
    if (!write(control, camera, {{bootstrap::kControlPrivilege, kControl}})) return std::nullopt;
    const auto size = read(control, camera, {bootstrap::kStreamPacketSize});
    std::vector<StreamPath> ways;
    if (known_ip != 0) ways.push_back({.end = {.ip = known_ip, .port = port_of(socket)}});
    ways.push_back({.end = {.ip = seen.ip, .port = port_of(socket)}});
    ways.push_back({.end = seen, .answers_only = true});
    std::optional<StreamPath> found;
    for (auto& way : ways) {
        if (found) break;
        if (const auto sender = sender_of_test_packet(control, socket, camera, way.end)) {
            way.sender = *sender;
            found = way;
        }
    }
    if (size.size() == 1) (void)write(control, camera, {{bootstrap::kStreamPacketSize, size[0]}});
    (void)write(control, camera, {{bootstrap::kStreamPort, 0}, {bootstrap::kStreamDestination, 0}});
    (void)write(control, camera, {{bootstrap::kControlPrivilege, 0}});
    return found;
}

}  // namespace emulator::net
