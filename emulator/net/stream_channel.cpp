#include "emulator/net/stream_channel.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace emulator::net {
namespace {

using protocol::gvsp::Transmitter;

/// Resend requests that wait for faults; more are dropped.
constexpr std::size_t kLateRequests = 1024;
/// ICMP reports read after a batch, at most.
constexpr int kErrorsAtOnce = 64;
/// Time in which a host's ICMP answer to the last packet of a frame is expected.
constexpr Time kAnswerTime = std::chrono::milliseconds(5);

}  // namespace

void StreamChannel::restart() {
    if (auto frames = transmitter_.restart(); !frames.empty()) told_.cut_off(std::move(frames));
    path_.restart();
    late_requests_.clear();
    broken_.clear();
    if (auto blocks = tally_.restart(); !blocks.empty()) told_.sent(std::move(blocks));
}

void StreamChannel::open(const protocol::StreamChannelSettings& target) {
    restart();
    target_ = target;
    error_ = 0;
    socket_.allow_fragments(!target.do_not_fragment);
    connect();
}

void StreamChannel::close() {
    restart();
    target_ = {};
    listen_.reset();
    socket_.disconnect();
}

void StreamChannel::connect() {
    const int before = std::exchange(error_, socket_.connect(target_.destination()));
    route_.to = target_.destination();
    batch_.tap(route_);
    batch_.set_link_bytes(socket_.link_bytes());
    if (error_ != before) told_.unreachable(error_);
}

void StreamChannel::submit(protocol::gvsp::Block block, Time start, const Transmitter::Settings& settings) {
    if (!target_.open()) return;
    if (!connected()) connect();  // A route may have come.
    const auto id = block.id;
    path_.submitted(id);
    if (!transmitter_.submit(std::move(block), start, settings))
        told_.lost(id, acquisition::DropCause::sending_late);
}

void StreamChannel::abandon_waiting() {
    for (const auto id : transmitter_.abandon_waiting()) told_.lost(id, acquisition::DropCause::abandoned);
}

void StreamChannel::resend(const protocol::gvcp::Resend& asked, const Transmitter::Settings& settings,
                           Time now) {
    if (!target_.open()) return;
    tally_.asked(asked.block_id);
    const auto fate = path_.judge(asked);
    if (!fate.ignored && late_requests_.size() < kLateRequests)
        late_requests_.emplace(now + fate.delay, LateRequest{fate, settings});
    serve_resends(now);
    tell_sent(now);
}

void StreamChannel::serve_resends(Time now) {
    const auto before = transmitter_.counts();
    while (!late_requests_.empty() && late_requests_.begin()->first <= now) {
        const auto request = late_requests_.extract(late_requests_.begin()).mapped();
        if (request.fate.refused)
            transmitter_.deny(request.fate.asked, request.settings, *request.fate.refused);
        else
            transmitter_.resend(request.fate.asked, request.settings, now);
    }
    counts_.add(before, transmitter_.counts());
}

void StreamChannel::send_test_packet(const protocol::Bytes& packet,
                                     const protocol::StreamChannelSettings& target) {
    if (!connected() || path_.loses_test_packet(packet.size() + protocol::gvsp::kIpUdpHeaderBytes)) return;
    route_.sent(packet);
    socket_.allow_fragments(false);  // It measures the path, whatever the stream may do.
    iovec part{const_cast<std::uint8_t*>(packet.data()), packet.size()};
    mmsghdr message{};
    message.msg_hdr.msg_iov = &part;
    message.msg_hdr.msg_iovlen = 1;
    // The kernel returns a pending error of an earlier packet once, instead of sending this one.
    if (socket_.send({&message, 1}) < 0) socket_.send({&message, 1});
    socket_.allow_fragments(!target.do_not_fragment);
}

std::optional<Time> StreamChannel::deadline() const {
    auto due = listen_;
    const auto consider = [&due](std::optional<Time> other) {
        if (other) due = due ? std::min(*due, *other) : other;
    };
    consider(transmitter_.deadline());
    consider(path_.deadline());
    if (!late_requests_.empty()) consider(late_requests_.begin()->first);
    return due;
}

void StreamChannel::send_due(Time now) {
    serve_resends(now);
    const auto before = transmitter_.counts();
    const auto packets = transmitter_.take(now);
    counts_.add(before, transmitter_.counts());
    for (const auto& one : packets) tally_.sent(one, now);
    send(packets, now);
    tell_sent(now);
    if (!packets.empty()) {
        listen_ = now + kAnswerTime;
    } else if (!listen_ || now < *listen_) {
        return;
    } else {
        listen_.reset();
    }
    hear_errors();
}

void StreamChannel::tell_sent(Time now) {
    if (tally_.due(now, !transmitter_.deadline())) told_.sent(tally_.take(now));
}

void StreamChannel::send(const std::vector<Transmitter::Outgoing>& packets, Time now) {
    const auto leave_now = [this](const auto& outgoing) { leave(outgoing); };
    path_.release(now, leave_now);
    for (const auto& one : packets) path_.pass(one, now, leave_now);
    for (const auto& one : batch_.send(socket_)) lose(one);
    path_.sent();
    count_blocks(packets);
}

// A client that was told of the gap by other packets may still ask for it: the block is kept.
void StreamChannel::lose(const PacketBatch::Unsent& packet) {
    counts_.add_unsent();
    if (packet.kind != Transmitter::Outgoing::Kind::first) return;
    if (std::ranges::find(broken_, packet.block_id) != broken_.end()) return;
    broken_.push_back(packet.block_id);
    const bool full = packet.error == EAGAIN || packet.error == ENOBUFS || packet.error == ENOMEM;
    told_.lost(packet.block_id,
               full ? acquisition::DropCause::sending_late : acquisition::DropCause::unreachable);
}

void StreamChannel::count_blocks(const std::vector<Transmitter::Outgoing>& packets) {
    for (const auto& one : packets)
        if (one.last && std::erase(broken_, one.block_id) == 0) counts_.add_block();
}

void StreamChannel::leave(const Transmitter::Outgoing& outgoing) {
    if (outgoing.to_ip != 0 && outgoing.to_ip != target_.destination_ip) {
        send_to_other(outgoing);
    } else if (connected()) {
        batch_.add(outgoing);
    } else {
        lose({.block_id = outgoing.block_id, .kind = outgoing.kind, .error = error_});
    }
}

void StreamChannel::send_to_other(const Transmitter::Outgoing& outgoing) {
    auto bytes = outgoing.packet.flat();
    iovec part{bytes.data(), bytes.size()};
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_addr.s_addr = htonl(outgoing.to_ip);
    to.sin_port = htons(target_.host_port);
    mmsghdr message{};
    message.msg_hdr.msg_iov = &part;
    message.msg_hdr.msg_iovlen = 1;
    message.msg_hdr.msg_name = &to;
    message.msg_hdr.msg_namelen = sizeof to;
    TappedRoute{.tap = route_.tap, .from = route_.from, .to = {outgoing.to_ip, target_.host_port}}.sent(
        bytes);
    socket_.send({&message, 1});
}

// One port unreachable message is enough: a client that ended does not return to the same port. A message
// that quotes no packet of a block is about a test packet, or forged.
void StreamChannel::hear_errors() {
    socket_.discard_incoming();
    bool refused = false;
    for (int i = 0; i < kErrorsAtOnce; ++i) {
        const auto error = socket_.next_error();
        if (!error) break;
        refused |= error->code == ECONNREFUSED && transmitter_.has_sent(error->quoted);
    }
    if (refused && !target_.multicast()) told_.refused();
}

}  // namespace emulator::net
