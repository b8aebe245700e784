#include "emulator/net/question.h"
#include "emulator/net/socket_address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>

#include "protocol/gvcp/codec.h"

namespace emulator::net {

std::optional<protocol::Bytes> ask(int socket, protocol::Endpoint device, protocol::ByteView command,
                                   std::chrono::milliseconds patience) {
    using Clock = std::chrono::steady_clock;
    const auto to = socket_address(device);
    const auto asked = protocol::gvcp::parse_command(command);
    if (!asked || sendto(socket, command.data(), command.size(), 0, generic(to), sizeof to) < 0)
        return std::nullopt;
    const auto end = Clock::now() + patience;
    std::array<std::uint8_t, 2048> bytes;
    while (true) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now()).count();
        pollfd waiting{.fd = socket, .events = POLLIN, .revents = 0};
        if (left < 0 || poll(&waiting, 1, static_cast<int>(left)) <= 0) return std::nullopt;
        const auto count = recv(socket, bytes.data(), bytes.size(), MSG_DONTWAIT);
        if (count < 0) continue;
        const auto datagram = protocol::ByteView(bytes).first(static_cast<std::size_t>(count));
        const auto header = protocol::gvcp::parse_ack(datagram);
        if (header && header->request_id == asked->request_id && header->code == asked->code + 1)
            return protocol::Bytes(datagram.begin(), datagram.end());
    }
}

}  // namespace emulator::net
