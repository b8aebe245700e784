#include "tests/world/stream_receiver.h"

namespace world {
namespace {

using support::be16, support::be32, support::be64;

constexpr int kResendTries = 4;
constexpr std::size_t kPartialBlocks = 8;

}  // namespace

void StreamReceiver::open(Endpoint at) {
    at_ = at;
    ++opening_;
    recovering_ = false;
    heard_ = network_.scheduler().now();
    network_.listen(at_, [this](ByteView datagram, Endpoint) { take(datagram); });
    network_.join(group(), at_);
}

void StreamReceiver::close() {
    ++opening_;
    partial_.clear();
    network_.quit(group(), at_);
    network_.leave(at_);
}

void StreamReceiver::begin(Endpoint camera, bool extended_ids) {
    camera_ = camera;
    extended_ids_ = extended_ids;
    partial_.clear();
    heard_ = network_.scheduler().now();
}

void StreamReceiver::take(ByteView datagram) {
    if (datagram.size() < 8) return;
    const auto packet = support::parse_stream_packet(datagram);
    if (packet.block_id == 0) return;
    heard_ = network_.scheduler().now();
    auto& partial = partial_[packet.block_id];
    partial.block.take(packet, heard_);
    if (partial.block.complete()) {
        ++frames_;
        partial_.erase(packet.block_id);
    } else if (partial_.size() > kPartialBlocks) {
        partial_.erase(partial_.begin());
    }
    if (!partial_.empty() && !recovering_) recover_after(30ms);
}

void StreamReceiver::recover_after(Time time) {
    recovering_ = true;
    network_.scheduler().after(time, [this, opening = opening_] {
        if (opening != opening_) return;
        recovering_ = false;
        recover();
    });
}

void StreamReceiver::recover() {
    std::erase_if(partial_, [](const auto& one) { return one.second.asked >= kResendTries; });
    for (auto& [id, partial] : partial_) {
        ++partial.asked;
        for (const auto& gap : partial.block.gaps())
            ask_again(id, gap.first, gap.last.value_or(last_of_all()));
    }
    if (!partial_.empty()) recover_after(100ms);
}

void StreamReceiver::ask_again(std::uint64_t block, std::uint32_t first, std::uint32_t last) {
    const auto range = be32(first) + be32(last);
    const auto payload =
        extended_ids_ ? be16(0) + be16(0) + range + be64(block) : be16(0) + be16(block) + range;
    network_.send(support::gvcp_command(kResend, 9, payload, extended_ids_ ? 0x10 : 0), at_, camera_);
}

}  // namespace world
