#include <doctest/doctest.h>

#include "emulator/relay/exchange.h"
#include "protocol/gvcp/bootstrap.h"

namespace {

namespace gvcp = protocol::gvcp;
namespace bootstrap = protocol::bootstrap;
using emulator::relay::Exchange;
using protocol::Bytes;
using protocol::ByteView;
using protocol::Endpoint;
using protocol::Status;

constexpr Endpoint kClient{.ip = 0x0A00'0002, .port = 40'000}, kStranger{.ip = 0x0A00'0003, .port = 40'001};
constexpr Endpoint kReached{.ip = 0xAC11'0001, .port = 50'000}, kMessages{.ip = 0xAC11'0001, .port = 50'001};
constexpr std::uint32_t kOwnIp = 0x0A00'0001;
constexpr std::uint16_t kStreamSource = 3000;
constexpr std::uint32_t kFirstWord = gvcp::kHeaderBytes;

struct Conversation {
    Exchange exchange{{.ip = {.ip = kOwnIp, .mask = 0xFF00'0000, .gateway = 0},
                       .stream_port = kStreamSource,
                       .message_port = kStreamSource + 1}};
    std::uint16_t request = 0;

    Conversation() { exchange.reach(kReached, kMessages); }

    Bytes ask(gvcp::Code code, const std::vector<std::uint32_t>& words, Endpoint client = kClient) {
        protocol::Writer payload;
        for (const auto word : words) payload.u32(word);
        const auto datagram = gvcp::make_command(code, gvcp::kAcknowledge, ++request, payload.take());
        return exchange.to_camera(*gvcp::parse_command(datagram), datagram, client);
    }
    Bytes answer(gvcp::Code code, Status status, const std::vector<std::uint32_t>& words,
                 Endpoint client = kClient) {
        protocol::Writer payload;
        for (const auto word : words) payload.u32(word);
        return exchange.to_client(
            gvcp::make_ack(status, static_cast<std::uint16_t>(code), request, payload.take()), client);
    }
    void write(std::uint32_t address, std::uint32_t value, Status status = Status::success,
               Endpoint client = kClient) {
        (void)ask(gvcp::Code::write_register, {address, value}, client);
        (void)answer(gvcp::Code::write_register, status, {status == Status::success ? 1U : 0U}, client);
    }
    std::uint32_t read(std::uint32_t address, std::uint32_t of_camera) {
        (void)ask(gvcp::Code::read_register, {address});
        return word(answer(gvcp::Code::read_register, Status::success, {of_camera}), kFirstWord);
    }
    static std::uint32_t word(ByteView datagram, std::size_t at) {
        return protocol::load<std::uint32_t>(datagram.subspan(at));
    }
};

}  // namespace

TEST_CASE("relay: the camera is told of the relay's ends, by WRITEREG and by WRITEMEM") {
    Conversation talk;
    const auto registers = talk.ask(gvcp::Code::write_register, {bootstrap::kStreamDestination, kClient.ip,
                                                                 bootstrap::kStreamPort, 1234});
    CHECK(Conversation::word(registers, kFirstWord + 4) == kReached.ip);
    CHECK(Conversation::word(registers, kFirstWord + 12) == kReached.port);
    const auto memory = talk.ask(gvcp::Code::write_memory, {bootstrap::kMessageDestination, kClient.ip});
    CHECK(Conversation::word(memory, kFirstWord + 4) == kMessages.ip);
    const auto close = talk.ask(gvcp::Code::write_register, {bootstrap::kStreamPort, 0});
    CHECK(Conversation::word(close, kFirstWord + 4) == 0);
    const auto other = talk.ask(gvcp::Code::write_register, {bootstrap::kStreamDelay, 77});
    CHECK(Conversation::word(other, kFirstWord + 4) == 77);
}

TEST_CASE("relay: what was written is in force once the camera has accepted it, as far as it has") {
    Conversation talk;
    talk.write(bootstrap::kStreamDestination, kClient.ip);
    CHECK(talk.exchange.stream_to() == Endpoint{.ip = kClient.ip, .port = 0});
    talk.write(bootstrap::kStreamPort, 1234, Status::access_denied, kStranger);
    CHECK(talk.exchange.stream_to().port == 0);
    talk.write(bootstrap::kStreamPort, 1234);
    CHECK(talk.exchange.stream_to() == Endpoint{.ip = kClient.ip, .port = 1234});
    (void)talk.ask(gvcp::Code::write_register,
                   {bootstrap::kMessagePort, 7, bootstrap::kMessageDestination, kClient.ip});
    (void)talk.answer(gvcp::Code::write_register, Status::write_protect, {1});
    CHECK(talk.exchange.message_to() == Endpoint{.ip = 0, .port = 7});
}

TEST_CASE("relay: a client reads its own ends and the relay's, and zeros as they are") {
    Conversation talk;
    talk.write(bootstrap::kControlPrivilege, 2);
    talk.write(bootstrap::kStreamDestination, kClient.ip);
    talk.write(bootstrap::kStreamPort, 1234);
    CHECK(talk.read(bootstrap::kCurrentIp, 0xAC11'0002) == kOwnIp);
    CHECK(talk.read(bootstrap::kStreamDestination, kReached.ip) == kClient.ip);
    CHECK(talk.read(bootstrap::kStreamPort, kReached.port) == 1234);
    CHECK(talk.read(bootstrap::kStreamPort, 0) == 0);
    CHECK(talk.read(bootstrap::kStreamSource, 41'000) == kStreamSource);
    CHECK(talk.read(bootstrap::kPrimaryIp, 0xAC11'0001) == kClient.ip);
    CHECK(talk.read(bootstrap::kPrimaryPort, 60'000) == kClient.port);
    CHECK(talk.read(bootstrap::kHeartbeat, 3000) == 3000);
}

TEST_CASE("relay: an answer that belongs to no question, or is cut, changes nothing and passes as it is") {
    Conversation talk;
    (void)talk.ask(gvcp::Code::write_register, {bootstrap::kStreamPort, 1234});
    ++talk.request;
    (void)talk.answer(gvcp::Code::write_register, Status::success, {1});
    CHECK(talk.exchange.stream_to().port == 0);
    const auto pending = gvcp::make_pending_ack(1, 100);
    CHECK(talk.exchange.to_client(pending, kClient) == pending);
    for (std::size_t size = 0; size < 12; ++size) {
        const Bytes cut(size, 0);
        CHECK(talk.exchange.to_client(cut, kClient) == cut);
    }
}

TEST_CASE("relay: a discovery is answered with the camera's registers and the relay's address") {
    const Conversation talk;
    Bytes registers(gvcp::kDiscoveryAckBytes, 0x55);
    const auto ack = talk.exchange.discovery_ack(registers, 9);
    CHECK(gvcp::parse_ack(ack)->request_id == 9);
    CHECK(Conversation::word(ack, kFirstWord + bootstrap::kCurrentIp) == kOwnIp);
    CHECK(Conversation::word(ack, kFirstWord + bootstrap::kSerialNumber) == 0x5555'5555);
}
