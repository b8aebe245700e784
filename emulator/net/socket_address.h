#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
#include <system_error>

#include "protocol/bytes.h"

// Addresses and errors as the socket calls of the system have them.

namespace emulator::net {

[[nodiscard]] inline sockaddr_in socket_address(protocol::Endpoint end) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(end.ip);
    address.sin_port = htons(end.port);
    return address;
}

template <typename Address>
[[nodiscard]] const sockaddr* generic(const Address& address) {
    return reinterpret_cast<const sockaddr*>(&address);
}

[[nodiscard]] inline std::error_code last_error() { return {errno, std::system_category()}; }

}  // namespace emulator::net
