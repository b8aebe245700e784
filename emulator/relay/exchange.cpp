#include "emulator/relay/exchange.h"

#include <limits>

#include "protocol/gvcp/bootstrap.h"
#include "protocol/gvcp/register_access.h"

namespace emulator::relay {
namespace {

namespace gvcp = protocol::gvcp;
namespace bootstrap = protocol::bootstrap;
using protocol::Bytes;
using protocol::ByteView;
using protocol::Endpoint;

constexpr std::uint32_t kPortMask = 0xFFFF;

std::span<std::uint8_t> payload_of(Bytes& datagram) {
    return std::span(datagram).subspan(gvcp::kHeaderBytes);
}

/// How many words of a write were performed, by its acknowledge.
std::size_t words_written(const gvcp::AckHeader& header, ByteView acknowledge) {
    if (header.status == 0) return std::numeric_limits<std::size_t>::max();
    if (acknowledge.size() < gvcp::kHeaderBytes + 4) return 0;
    return protocol::load<std::uint16_t>(acknowledge.subspan(gvcp::kHeaderBytes + 2));
}

std::uint32_t with_port(std::uint32_t word, std::uint16_t port) { return (word & ~kPortMask) | port; }

}  // namespace

Exchange::Channel Exchange::stream_channel() {
    Channel channel;
    channel.port_register = bootstrap::kStreamPort;
    channel.destination_register = bootstrap::kStreamDestination;
    channel.source_register = bootstrap::kStreamSource;
    return channel;
}

Exchange::Channel Exchange::message_channel() {
    Channel channel;
    channel.port_register = bootstrap::kMessagePort;
    channel.destination_register = bootstrap::kMessageDestination;
    channel.source_register = bootstrap::kMessageSource;
    return channel;
}

void Exchange::reach(Endpoint stream, Endpoint message) {
    stream_.reached = stream;
    message_.reached = message;
}

void Exchange::forget_camera() {
    controlling_.reset();
    asked_.clear();
    stream_.wanted = message_.wanted = {};
}

std::uint32_t Exchange::written(std::uint32_t address, std::uint32_t word) const {
    for (const auto* channel : {&stream_, &message_}) {
        if (address == channel->destination_register && word != 0) return channel->reached.ip;
        if (address == channel->port_register && (word & kPortMask) != 0)
            return with_port(word, channel->reached.port);
    }
    return word;
}

std::uint32_t Exchange::read(std::uint32_t address, std::uint32_t word) const {
    if (address == bootstrap::kCurrentIp) return ip_.ip;
    if (address == bootstrap::kCurrentMask) return ip_.mask;
    if (address == bootstrap::kCurrentGateway) return ip_.gateway;
    if (word == 0) return word;
    if (address == bootstrap::kPrimaryIp && controlling_) return controlling_->ip;
    if (address == bootstrap::kPrimaryPort && controlling_) return with_port(word, controlling_->port);
    for (const auto* channel : {&stream_, &message_}) {
        if (address == channel->destination_register) return channel->wanted.ip;
        if (address == channel->port_register && (word & kPortMask) != 0)
            return with_port(word, channel->wanted.port);
        if (address == channel->source_register) return with_port(word, channel->source);
    }
    return word;
}

void Exchange::accepted(std::uint32_t address, std::uint32_t word, Endpoint client) {
    if (address == bootstrap::kControlPrivilege)
        controlling_ = word == 0 ? std::nullopt : std::optional(client);
    for (auto* channel : {&stream_, &message_}) {
        if (address == channel->destination_register) channel->wanted.ip = word;
        if (address == channel->port_register)
            channel->wanted.port = static_cast<std::uint16_t>(word & kPortMask);
    }
}

Bytes Exchange::to_camera(const gvcp::Command& command, ByteView datagram, Endpoint client) {
    Bytes passed(datagram.begin(), datagram.end());
    if (command.wants_ack()) asked_[key(client)] = passed;
    gvcp::change_written(command.code, payload_of(passed),
                         [this](auto address, auto word) { return written(address, word); });
    return passed;
}

Bytes Exchange::to_client(ByteView acknowledge, Endpoint client) {
    Bytes passed(acknowledge.begin(), acknowledge.end());
    const auto asked = asked_.find(key(client));
    const auto header = gvcp::parse_ack(acknowledge);
    if (!header || asked == asked_.end()) return passed;
    auto datagram = asked->second;
    const auto command = gvcp::parse_command(datagram);
    if (!command || header->request_id != command->request_id || header->code != command->code + 1)
        return passed;
    auto left = words_written(*header, acknowledge);
    gvcp::change_written(command->code, payload_of(datagram), [&](auto address, auto word) {
        if (left > 0) accepted(address, word, client);
        left -= left > 0;
        return word;
    });
    if (header->status == 0)
        gvcp::change_read(*command, payload_of(passed),
                          [this](auto address, auto word) { return read(address, word); });
    return passed;
}

Bytes Exchange::discovery_ack(ByteView registers, std::uint16_t request_id) const {
    const auto code = gvcp::Code::discovery;
    auto ack =
        gvcp::make_ack(protocol::Status::success, static_cast<std::uint16_t>(code), request_id, registers);
    gvcp::change_read({.code = static_cast<std::uint16_t>(code), .payload = {}}, payload_of(ack),
                      [this](auto address, auto word) { return read(address, word); });
    return ack;
}

}  // namespace emulator::relay
