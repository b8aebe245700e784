#include "emulator/faults/packet_fault.h"

namespace emulator::faults {
namespace {

using protocol::gvsp::Format;

constexpr double kLargestId = 9'007'199'254'740'991;
constexpr std::size_t kIdsMost = 1024;

std::set<std::uint64_t> ids(const scenes::Node& node, const char* key) {
    if (!node.has(key)) return {};
    std::set<std::uint64_t> ids;
    for (const auto id : node.numbers(key, 1, kIdsMost, {0, kLargestId}))
        ids.insert(static_cast<std::uint64_t>(id));
    return ids;
}

std::optional<Format> part(const scenes::Node& node) {
    const auto name = node.choice("part", {"all", "leader", "payload", "trailer"}, "all");
    if (name == "leader") return Format::leader;
    if (name == "payload") return Format::payload;
    if (name == "trailer") return Format::trailer;
    return std::nullopt;
}

/// One number of packet and sending, different for all that a block can have.
std::uint64_t part_of(const SentPacket& packet) {
    return std::uint64_t{packet.sending} << 32 | packet.id.packet;
}

}  // namespace

PacketChoice::PacketChoice(const scenes::Node& node)
    : blocks_(ids(node, "blocks")),
      packets_(ids(node, "packets")),
      part_(part(node)),
      resent_(node.flag_or("resent", true)) {}

bool PacketChoice::has(const SentPacket& packet) const {
    return has_block(packet.id.block) && (packets_.empty() || packets_.contains(packet.id.packet)) &&
           (!part_ || *part_ == packet.id.format) && (resent_ || packet.sending == 0);
}

void PacketFault::on_packet(const SentPacket& packet, PacketFate& fate) {
    if (!concerns(packet) || !choice_.has(packet) || !chance_.takes(packet.id.block, part_of(packet))) return;
    count_hit();
    hit(packet, fate);
}

std::uint64_t PacketFault::bits(const SentPacket& packet, std::uint64_t purpose) const {
    return chance_.bits(chance_.bits(packet.id.block, part_of(packet)), purpose);
}

ResendFault::ResendFault(const scenes::Node& node) : chance_(node), blocks_(ids(node, "blocks")) {}

void ResendFault::on_resend(ResendFate& fate) {
    const auto& asked = fate.asked;
    if (!blocks_.empty() && !blocks_.contains(asked.block_id)) return;
    if (!chance_.takes(asked.block_id, std::uint64_t{asked.first} << 32 | asked.last)) return;
    count_hit();
    hit(fate);
}

BlockFault::BlockFault(const scenes::Node& node) : chance_(node), blocks_(ids(node, "blocks")) {}

bool BlockFault::takes(const protocol::gvsp::Block& block) {
    return (blocks_.empty() || blocks_.contains(block.id)) && chance_.takes(block.id);
}

void BlockFault::on_block(protocol::gvsp::Block& block) {
    if (takes(block) && hit(block)) count_hit();
}

}  // namespace emulator::faults
