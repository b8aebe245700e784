#include "tests/world/laws/stream_law.h"

#include <algorithm>

namespace world {
namespace {

constexpr Time kFramePatience = 10s;

std::uint64_t stamp_of(const emulator::FrameRequest& request) {
    return static_cast<std::uint64_t>(request.stamp.time_since_epoch().count());
}

}  // namespace

Bytes StreamLaw::Block::content(std::uint32_t packet) const {
    if (packet == 0) return leader;
    if (packet + 1 == count) return trailer;
    const auto at = (packet - 1) * part_bytes;
    const auto part = ByteView(payload).subspan(at, std::min(part_bytes, payload.size() - at));
    return {part.begin(), part.end()};
}

void StreamLaw::starts() {
    last_stamp_ = 0;
    last_start_ = stepped_at_ = {};
    restart();
}

void StreamLaw::restart() {
    openings_ = scene_.promises.stream_openings;
    frames_.clear();
    blocks_.clear();
    dropped_.clear();
    headless_.clear();
    jumps_.clear();
    last_id_ = 0;
    unsent_ = scene_.unsent();
}

const StreamLaw::Block* StreamLaw::find(std::uint64_t id) const {
    const auto found =
        std::find_if(blocks_.rbegin(), blocks_.rend(), [id](const Block& b) { return b.id == id; });
    return found == blocks_.rend() ? nullptr : &*found;
}

// Writes of port, destination, packet size and configuration open the channel anew, unless it streams there.
void StreamLaw::after(const Reaction& reaction) {
    auto& promises = scene_.promises;
    for (const auto& write : reaction.done) {
        const bool changes_size =
            write.address == kStreamPacketSize && !reaction.repeated &&
            std::exchange(promises.packet_size, write.value & 0x4000'FFFF) != (write.value & 0x4000'FFFF);
        const bool opens = write.address == kStreamPort || write.address == kStreamDestination ||
                           changes_size || write.address == kStreamConfiguration;
        if (opens && !reaction.repeated && !scene_.camera->camera.streaming()) ++promises.stream_openings;
    }
    if (openings_ != promises.stream_openings) restart();
}

void StreamLaw::makes(const emulator::FrameRequest& request, const Bytes& payload) {
    if (request.internal) return;
    require(stamp_of(request) > last_stamp_ || last_start_ <= stepped_at_, "stamps in order",
            "a frame has an earlier stamp than the one before");
    last_stamp_ = stamp_of(request);
    last_start_ = request.start;
    frames_.push_back({.number = request.number,
                       .stamp = stamp_of(request),
                       .made = scene_.now(),
                       .image = request.settings.image,
                       .payload = payload});
}

void StreamLaw::puts_out(const emulator::acquisition::Output& output, std::uint64_t block_id) {
    const auto* dropped = std::get_if<emulator::acquisition::FrameDropped>(&output.what);
    if (dropped == nullptr) return;
    const bool made =
        std::erase_if(frames_, [&](const Frame& frame) { return frame.number == dropped->number; }) > 0;
    // An exposure that is broken off leaves its block to the next frame.
    const bool broken_off = !made && dropped->cause == emulator::acquisition::DropCause::abandoned;
    if (block_id != 0 && !broken_off) dropped_.push_back(block_id);
    if (dropped_.size() > kDropsRemembered) dropped_.pop_front();
}

void StreamLaw::streams(ByteView datagram, Endpoint to) {
    was_first_ = false;
    const Endpoint due{scene_.promises.stream.ip, scene_.promises.stream.port};
    require(scene_.promises.stream.open() && to == due, "no block to a wrong address", [&] {
        return "a stream packet goes to " + world::text(to) + " where " + world::text(due) + " is due";
    });
    const auto packet = support::parse_stream_packet(datagram);
    if (packet.block_id == 0 || packet.status & 0x8000) return;
    const auto* known = find(packet.block_id);
    if (packet.format == 1 && begins(packet)) {
        std::erase(headless_, packet.block_id);
        return begin(packet);
    }
    if (headless(packet.block_id)) {
        was_first_ = true;
        return;
    }
    if (packet.format == 1 && known == nullptr) {
        // Of a block of which the host took nothing, what is sent again is the first that leaves.
        const bool dropped = std::ranges::find(dropped_, packet.block_id) != dropped_.end();
        if (dropped && scene_.now() < scene_.sending_fails_until) return;
        return begin(packet);
    }
    if (known == nullptr) {
        was_first_ = without_leader(packet);
        return;
    }
    auto& newest = blocks_.back();
    if (known == &newest && !newest.sent() && packet.packet_id >= newest.next) go_on(newest, packet);
}

std::uint64_t StreamLaw::following(std::uint64_t id) const {
    return id == (scene_.promises.extended_ids ? UINT64_MAX : 0xFFFF) ? 1 : id + 1;
}

/// Ids come again; a leader that has the stamp of a frame which was not sent yet is that frame's.
bool StreamLaw::begins(const support::StreamPacket& leader) const {
    return leader.content.size() == 36 &&
           std::ranges::find(frames_, number_at(leader.content, 4, 8), &Frame::stamp) != frames_.end();
}

void StreamLaw::judge_order(std::uint64_t id) {
    require(blocks_.empty() || blocks_.back().sent() || scene_.unsent() > unsent_,
            "blocks whole and in order",
            [&] { return "block " + std::to_string(id) + " begins before the one before it has ended"; });
    const auto lost = first_unexplained(id);
    require(!lost, "no frame is lost without a cause", [&] {
        return "block " + std::to_string(id) + " follows " + std::to_string(last_id_) + ", and no drop of " +
               std::to_string(*lost) + " was reported";
    });
    last_id_ = id;
}

// The first block is 1, unless ids were made to begin elsewhere.
std::optional<std::uint64_t> StreamLaw::first_unexplained(std::uint64_t id) {
    if (last_id_ == 0 && scene_.camera->camera.disturbance().blocks_before_wrap) return std::nullopt;
    if (scene_.now() < scene_.sending_fails_until) return std::nullopt;
    const auto due = first_not_dropped(last_id_ == 0 ? 1 : following(last_id_), id);
    if (due == id) return std::nullopt;
    const auto jump = std::ranges::find_if(
        jumps_, [&](std::uint64_t target) { return first_not_dropped(target, id) == id; });
    if (jump == jumps_.end()) return due;
    jumps_.erase(jumps_.begin(), jump + 1);
    return std::nullopt;
}

std::uint64_t StreamLaw::first_not_dropped(std::uint64_t from, std::uint64_t to) const {
    while (from != to && std::ranges::find(dropped_, from) != dropped_.end()) from = following(from);
    return from;
}

bool StreamLaw::headless(std::uint64_t id) const {
    return std::ranges::find(headless_, id) != headless_.end();
}

bool StreamLaw::without_leader(const support::StreamPacket& packet) {
    if (scene_.unsent() == unsent_) return false;
    unsent_ = scene_.unsent();
    headless_.push_back(packet.block_id);
    dropped_.push_back(packet.block_id);
    return true;
}

void StreamLaw::begin(const support::StreamPacket& packet) {
    judge_order(packet.block_id);
    require(packet.content.size() == 36 && packet.packet_id == 0, "no block with wrong bytes",
            "a bad leader");
    const auto stamp = number_at(packet.content, 4, 8);
    const auto frame = std::ranges::find(frames_, stamp, &Frame::stamp);
    require(frame != frames_.end(), "no block with wrong bytes", [&] {
        return "no frame has the stamp " + std::to_string(stamp) + " of block " +
               std::to_string(packet.block_id);
    });
    judge_leader(packet, *frame);
    require(frame == frames_.begin() || scene_.now() < scene_.sending_fails_until,
            "no frame is lost without a cause",
            [&] { return "frame " + std::to_string(frames_.front().number) + " is left out"; });
    blocks_.push_back({.id = packet.block_id,
                       .stamp = stamp,
                       .payload = std::move(frame->payload),
                       .next = 1,
                       .leader = packet.content,
                       .trailer = {}});
    frames_.erase(frames_.begin(), frame + 1);
    if (blocks_.size() > kBlocksRemembered) blocks_.pop_front();
    was_first_ = true;
}

void StreamLaw::judge_leader(const support::StreamPacket& packet, const Frame& frame) const {
    const auto field = [&](std::size_t at) {
        return static_cast<std::int64_t>(number_at(packet.content, at, 4));
    };
    const auto& image = frame.image;
    require(number_at(packet.content, 2, 2) == 1 &&
                field(12) == static_cast<std::int64_t>(image.pixel_format) && field(16) == image.width &&
                field(20) == image.height && field(24) == image.offset_x && field(28) == image.offset_y,
            "no block with wrong bytes", "a leader differs from the frame's format");
}

void StreamLaw::go_on(Block& block, const support::StreamPacket& packet) {
    was_first_ = true;
    const auto told = [&](const char* what) {
        return [&, what] {
            return "packet " + std::to_string(packet.packet_id) + " of block " + std::to_string(block.id) +
                   what;
        };
    };
    const auto missed = packet.packet_id - block.next;
    require(unsent_ + missed <= scene_.unsent(), "blocks whole and in order",
            told(" leaves, and not all before it"));
    unsent_ += missed;
    block.next = packet.packet_id + 1;
    if (packet.format == 2) {
        const auto parts =
            block.part_bytes == 0 ? 0 : (block.payload.size() + block.part_bytes - 1) / block.part_bytes;
        require(missed > 0 || (packet.packet_id == parts + 1 && packet.content.size() == 8 &&
                               number_at(packet.content, 4, 4) == number_at(block.leader, 20, 4)),
                "no block with wrong bytes", told(" is a wrong trailer"));
        block.trailer = packet.content;
        block.count = packet.packet_id + 1;
        ++complete_;
        return;
    }
    if (block.part_bytes == 0) block.part_bytes = packet.content.size();
    const auto at = (packet.packet_id - 1) * block.part_bytes;
    require(
        packet.format == 3 && at < block.payload.size() && packet.content == block.content(packet.packet_id),
        "no block with wrong bytes", told(" holds other bytes than its frame"));
    const auto size = scene_.camera->camera.device.stream.packet_size_bytes;
    require(packet.content.size() + 28 + (packet.extended ? 20 : 8) <= size, "no block with wrong bytes",
            told(" is larger than the packet size"));
}

void StreamLaw::settles() {
    if (!scene_.promises.stream.open() && !frames_.empty()) restart();
    if (frames_.empty() || scene_.now() < scene_.slack) return;
    require(scene_.now() - frames_.front().made < kFramePatience, "no frame is lost without a cause", [&] {
        return "frame " + std::to_string(frames_.front().number) +
               " was neither sent nor reported as dropped";
    });
}

}  // namespace world
