#include "emulator/faults/faulty_transport.h"

#include <algorithm>
#include <utility>

namespace emulator::faults {
namespace {

/// How long an answer waits at most for those behind which it is to leave.
constexpr Time kAnswerBehindMost = std::chrono::seconds(1);

protocol::gvcp::Reply pending_ack(const protocol::gvcp::Reply& reply, std::uint16_t milliseconds) {
    auto pending = reply;
    pending.datagram =
        protocol::gvcp::make_pending_ack(protocol::gvcp::parse_ack(reply.datagram)->request_id, milliseconds);
    return pending;
}

}  // namespace

void FaultyTransport::send(const protocol::gvcp::Reply& reply) {
    const auto fate = faults_.judge(reply);
    if (fate.lost) return;
    if (fate.pending_ms) leave(pending_ack(reply, *fate.pending_ms));
    for (std::uint32_t i = 0; i < fate.copies; ++i) {
        if (fate.behind == 0 && fate.delay == Time::zero()) {
            leave(fate.reply);
        } else if (late_ + behind_.size() < kAnswersHeld) {
            fate.behind > 0 ? hold(fate) : send_late(fate);
        }
    }
}

void FaultyTransport::send_late(const ReplyFate& fate) {
    ++late_;
    host_.after(fate.delay, [this, reply = fate.reply] {
        --late_;
        if (!faults_.cable_out()) leave(reply);
    });
}

void FaultyTransport::hold(const ReplyFate& fate) {
    const auto number = ++held_;
    const auto latest = host_.after(kAnswerBehindMost + fate.delay, [this, number] {
        const auto held = behind_.extract(number);
        if (!faults_.cable_out()) leave(held.mapped().reply);
    });
    behind_.emplace(number, Behind{fate.reply, fate.behind, latest});
}

/// An answer leaves, and those that wait for it come closer.
void FaultyTransport::leave(const protocol::gvcp::Reply& reply) {
    network_.send(reply);
    for (auto one = behind_.begin(); one != behind_.end();) {
        auto& held = one->second;
        if (--held.behind > 0) {
            ++one;
            continue;
        }
        host_.cancel(held.latest);
        network_.send(held.reply);
        one = behind_.erase(one);
    }
}

void FaultyTransport::send_message(const protocol::Bytes& datagram, protocol::Endpoint to) {
    if (!faults_.cable_out()) network_.send_message(datagram, to);
}

void FaultyTransport::open_stream(const protocol::StreamChannelSettings& target) {
    network_.open_stream(target);
}
void FaultyTransport::close_stream() { network_.close_stream(); }
void FaultyTransport::set_faults(const StreamFaults& faults) { network_.set_faults(faults); }

void FaultyTransport::submit(protocol::gvsp::Block block, Time start,
                             const protocol::gvsp::Transmitter::Settings& settings) {
    faults_.on_block(block);
    network_.submit(std::move(block), start, settings);
}

void FaultyTransport::abandon_waiting() { network_.abandon_waiting(); }
bool FaultyTransport::sending() const { return network_.sending(); }

void FaultyTransport::resend(const protocol::gvcp::Resend& asked,
                             const protocol::gvsp::Transmitter::Settings& settings) {
    network_.resend(asked, settings);
}

void FaultyTransport::send_test_packet(const protocol::Bytes& packet,
                                       const protocol::StreamChannelSettings& target) {
    network_.send_test_packet(packet, target);
}

protocol::Result<protocol::IpSettings> FaultyTransport::move_to(const protocol::IpSettings& ip) {
    return network_.move_to(ip);
}

std::optional<protocol::IpSettings> FaultyTransport::move_home(const protocol::NonVolatile& values) {
    return network_.move_home(values);
}

void FaultyTransport::store(const Flash& flash, std::function<void(bool kept)> done) {
    network_.store(flash, std::move(done));
}

void FaultyTransport::listen_to_ptp(bool yes) { network_.listen_to_ptp(yes); }

void FaultyTransport::send_ptp(const protocol::ptp::Send& send) {
    if (!faults_.cable_out()) network_.send_ptp(send);
}

void FaultyTransport::ptp_changed(const protocol::ptp::Port& port) { network_.ptp_changed(port); }

}  // namespace emulator::faults
