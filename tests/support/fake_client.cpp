#include "tests/support/fake_client.h"

#include <doctest/doctest.h>

#include <cmath>

#include "emulator/features/table.h"

namespace support {
namespace {

const emulator::features::Feature& row_of(std::string_view name) {
    if (const auto* feature = emulator::features::find(name)) return *feature;
    FAIL("there is no feature ", std::string(name));
    throw 0;
}

double step_of(std::string_view name) {
    const auto* real = std::get_if<protocol::genicam::Real>(&row_of(name).info.type);
    return real ? real->step : 1;
}

}  // namespace

FakeClient::FakeClient(VirtualCamera& network, const FakeClientOptions& options)
    : network_(network), options_(options) {
    network_.listen(control_end(), [this](ByteView datagram, Endpoint) { on_control(datagram); });
    network_.listen(stream_end(), [this](ByteView datagram, Endpoint) { on_stream(datagram); });
    network_.listen({options_.ip, options_.message_port},
                    [this](ByteView datagram, Endpoint) { on_message(datagram); });
}

std::optional<Ack> FakeClient::command(std::uint16_t code, ByteView payload, std::uint8_t flags) {
    if (++request_id_ == 0) request_id_ = 1;
    return raw(gvcp_command(code, request_id_, payload, flags));
}

std::optional<Ack> FakeClient::raw(const Bytes& datagram) {
    last_command_ = datagram;
    const auto before = acks.size();
    network_.camera.gvcp().handle_control(datagram, control_end());
    if (acks.size() == before) return std::nullopt;
    return acks.back();
}

std::optional<std::uint32_t> FakeClient::read(std::uint32_t address) {
    const auto ack = command(0x80, be32(address));
    if (!ack || ack->status != 0 || ack->payload.size() != 4) return std::nullopt;
    return static_cast<std::uint32_t>(number_at(ack->payload, 0, 4));
}

std::uint32_t FakeClient::must_read(std::uint32_t address) {
    const auto value = read(address);
    REQUIRE_MESSAGE(value.has_value(), "register ", address, " cannot be read");
    return *value;
}

std::uint16_t FakeClient::read_status(std::uint32_t address) {
    return command(0x80, be32(address)).value_or(Ack{}).status;
}

std::uint16_t FakeClient::write(std::uint32_t address, std::uint32_t value) {
    return command(0x82, be32(address) + be32(value)).value_or(Ack{}).status;
}

std::optional<Ack> FakeClient::read_memory(std::uint32_t address, std::uint32_t count) {
    return command(0x84, be32(address) + be32(count));
}

std::uint16_t FakeClient::write_memory(std::uint32_t address, ByteView bytes) {
    return command(0x86, be32(address) + bytes).value_or(Ack{}).status;
}

std::uint32_t FakeClient::address_of(std::string_view feature) { return row_of(feature).info.address; }

double FakeClient::get(std::string_view feature) { return must_read(address_of(feature)) * step_of(feature); }

std::uint16_t FakeClient::set(std::string_view feature, double value) {
    return write(address_of(feature), static_cast<std::uint32_t>(std::llround(value / step_of(feature))));
}

void FakeClient::keep_alive(Time period) {
    heartbeat_ = network_.host.after(period, [this, period] { beat(period); });
}

void FakeClient::beat(Time period) {
    command(0x80, be32(0x0A00));
    keep_alive(period);
}

void FakeClient::stop_heartbeat() {
    if (heartbeat_) network_.host.cancel(*heartbeat_);
    heartbeat_.reset();
}

void FakeClient::open_stream(std::uint16_t packet_size) {
    CHECK(write(0x0D04, 0x4000'0000U | packet_size) == 0);
    CHECK(write(0x0D18, options_.ip) == 0);
    CHECK(write(0x0D00, options_.stream_port) == 0);
}

void FakeClient::open_messages() {
    CHECK(write(0x0B10, options_.ip) == 0);
    CHECK(write(0x0B00, options_.message_port) == 0);
}

// It comes from the stream's socket, as with all clients, so its acknowledge would go there.
void FakeClient::ask_resend(std::uint64_t block_id, std::uint32_t first, std::uint32_t last, bool extended) {
    const auto range = be32(first) + be32(last);
    const auto payload =
        extended ? be16(0) + be16(0) + range + be64(block_id) : be16(0) + be16(block_id) + range;
    network_.camera.gvcp().handle_control(gvcp_command(0x40, 7, payload, extended ? 0x10 : 0x00),
                                          stream_end());
}

void FakeClient::die() {
    stop_heartbeat();
    if (recovery_) network_.host.cancel(*recovery_);
    recovery_.reset();
    for (const auto port : {options_.control_port, options_.stream_port, options_.message_port}) {
        network_.leave({options_.ip, port});
    }
}

void FakeClient::on_control(ByteView datagram) {
    REQUIRE(datagram.size() >= 8);
    acks.push_back({.status = static_cast<std::uint16_t>(number_at(datagram, 0, 2)),
                    .code = static_cast<std::uint16_t>(number_at(datagram, 2, 2)),
                    .id = static_cast<std::uint16_t>(number_at(datagram, 6, 2)),
                    .payload = {datagram.begin() + 8, datagram.end()}});
    CHECK(number_at(datagram, 4, 2) == acks.back().payload.size());
}

void FakeClient::on_stream(ByteView datagram) {
    ++stream_packets;
    const auto packet = parse_stream_packet(datagram);
    if (packet.block_id == 0) {
        test_packets.emplace_back(datagram.begin(), datagram.end());
        return;
    }
    if (packet.status & 0x8000) refusals.push_back(packet);
    extended_ = packet.extended;
    newest_block_ = std::max(newest_block_, packet.block_id);
    auto kept = packet;
    if (!keeps_payload && packet.format == 3) kept.content.clear();
    blocks[packet.block_id].take(kept, network_.host.now());
    if (options_.asks_resends && !recovery_) {
        recovery_ = network_.host.after(5ms, [this] { ask_for_what_is_missing(); });
    }
}

// Of the newest block only what stands between packets that have come, as more of it may be on its way; when
// nothing has come for a while, its end as well.
void FakeClient::ask_for_what_is_missing() {
    recovery_.reset();
    bool incomplete = false;
    for (const auto& [id, block] : blocks) {
        if (block.complete()) continue;
        incomplete = true;
        const bool over = id < newest_block_ || network_.host.now() - block.last_at > 5ms;
        for (const auto& gap : block.gaps()) {
            if (!gap.last && !over) continue;
            ask_resend(id, gap.first, gap.last.value_or(extended_ ? 0xFFFFFFFF : 0xFFFFFF), extended_);
        }
    }
    if (incomplete) recovery_ = network_.host.after(20ms, [this] { ask_for_what_is_missing(); });
}

void FakeClient::on_message(ByteView datagram) {
    event_datagrams.emplace_back(datagram.begin(), datagram.end());
    const auto code = number_at(datagram, 2, 2);
    const auto item_bytes = code == 0xC2 ? datagram.size() - 8 : 16;
    for (std::size_t at = 8; at + item_bytes <= datagram.size(); at += item_bytes) {
        events.push_back({.id = static_cast<std::uint16_t>(number_at(datagram, at + 2, 2)),
                          .channel = static_cast<std::uint16_t>(number_at(datagram, at + 4, 2)),
                          .block_id = static_cast<std::uint16_t>(number_at(datagram, at + 6, 2)),
                          .timestamp = number_at(datagram, at + 8, 8),
                          .at = network_.host.now(),
                          .data = Bytes(datagram.begin() + static_cast<std::ptrdiff_t>(at) + 16,
                                        datagram.begin() + static_cast<std::ptrdiff_t>(at + item_bytes))});
    }
    if (!options_.acknowledges_events || !(datagram[1] & 1)) return;
    const auto ack = be16(0) + be16(code + 1) + be16(0) + Bytes{datagram[6], datagram[7]};
    const Endpoint own{options_.ip, options_.message_port};
    network_.host.after(200us,
                        [&network = network_, own, ack] { network.camera.gvcp().handle_message(ack, own); });
}

std::size_t FakeClient::complete_blocks() const {
    std::size_t count = 0;
    for (const auto& [id, block] : blocks) count += block.complete();
    return count;
}

std::vector<std::uint64_t> FakeClient::timestamps() const {
    std::vector<std::uint64_t> stamps;
    for (const auto& [id, block] : blocks) {
        if (block.leader) stamps.push_back(block.timestamp());
    }
    return stamps;
}

}  // namespace support
