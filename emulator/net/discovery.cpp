#include "emulator/net/discovery.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>

#include "emulator/file_descriptor.h"
#include "protocol/gvcp/codec.h"

namespace emulator::net {

bool answers_discovery(std::uint32_t ip, std::chrono::milliseconds patience) {
    constexpr std::uint16_t kRequest = 1;
    const FileDescriptor socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_addr.s_addr = htonl(ip);
    to.sin_port = htons(protocol::gvcp::kPort);
    if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) return false;
    using protocol::gvcp::Code;
    const auto command =
        protocol::gvcp::make_command(Code::discovery, protocol::gvcp::kAcknowledge, kRequest, {});
    if (::send(socket.get(), command.data(), command.size(), 0) < 0) return false;
    pollfd waiting{.fd = socket.get(), .events = POLLIN, .revents = 0};
    if (::poll(&waiting, 1, static_cast<int>(patience.count())) <= 0) return false;
    std::array<std::uint8_t, protocol::gvcp::kHeaderBytes + protocol::gvcp::kDiscoveryAckBytes> answer{};
    const auto got = ::recv(socket.get(), answer.data(), answer.size(), 0);
    return got == static_cast<ssize_t>(answer.size()) && protocol::load<std::uint16_t>(answer) == 0;
}

}  // namespace emulator::net
