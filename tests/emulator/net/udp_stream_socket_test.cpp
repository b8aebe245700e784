#include <doctest/doctest.h>

#include <cerrno>
#include <filesystem>
#include <iterator>
#include <system_error>

#include "emulator/net/udp_stream_socket.h"
#include "tests/support/wire.h"

// The stream's socket as this kernel makes it, on loopback, where reports come at once.

using namespace support;
using emulator::net::UdpStreamSocket;

namespace {

constexpr std::uint32_t kLoopback = 0x7F00'0001, kNotOurs = 0xCB00'7109;  // 203.0.113.9

int send(UdpStreamSocket& socket, Bytes content) {
    iovec part{content.data(), content.size()};
    mmsghdr message{};
    message.msg_hdr.msg_iov = &part;
    message.msg_hdr.msg_iovlen = 1;
    return socket.send({&message, 1});
}

std::ptrdiff_t open_files() {
    const std::filesystem::directory_iterator files("/proc/self/fd");
    return std::distance(begin(files), end(files));
}

}  // namespace

TEST_CASE("a stream socket that cannot be bound leaves nothing open") {
    const auto before = open_files();
    for (int i = 0; i < 3; ++i) CHECK_THROWS_AS(UdpStreamSocket{kNotOurs}, std::system_error);
    CHECK(open_files() == before);
}

TEST_CASE("a disconnected stream socket keeps its port, and sends nothing") {
    UdpStreamSocket socket(kLoopback), client(kLoopback);
    const auto port = socket.port();
    CHECK(port != 0);
    CHECK(send(socket, {1, 2}) == -EDESTADDRREQ);
    REQUIRE(socket.connect({.ip = kLoopback, .port = client.port()}) == 0);
    CHECK(socket.link_bytes() >= 1500);
    CHECK(send(socket, {1, 2}) == 1);
    CHECK(socket.connect({.ip = 0xFFFF'FFFF, .port = 9}) == EACCES);
    CHECK(send(socket, {1, 2}) == -EDESTADDRREQ);
    REQUIRE(client.connect({.ip = kLoopback, .port = port}) == 0);
    CHECK(send(client, {1, 2}) == 1);
    CHECK_FALSE(client.next_error());  // The port is open.
}

TEST_CASE("a closed port is reported with what was sent there") {
    UdpStreamSocket socket(kLoopback);
    std::uint16_t closed = 0;
    { closed = UdpStreamSocket(kLoopback).port(); }
    REQUIRE(socket.connect({.ip = kLoopback, .port = closed}) == 0);
    Bytes content(600);
    for (std::size_t i = 0; i < content.size(); ++i) content[i] = static_cast<std::uint8_t>(i * 7);
    CHECK(send(socket, content) == 1);
    CHECK(send(socket, content) == -ECONNREFUSED);
    socket.discard_incoming();
    const auto error = socket.next_error();
    REQUIRE(error);
    CHECK(error->code == ECONNREFUSED);
    REQUIRE(error->quoted.size() >= 20);
    CHECK(std::equal(error->quoted.begin(), error->quoted.end(), content.begin()));
    CHECK_FALSE(socket.next_error());
}
