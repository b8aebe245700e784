#include "emulator/faults/packet_fault.h"
#include "emulator/faults/table.h"

#include <algorithm>
#include <string>

namespace emulator::faults {
namespace {

class PacketCorruption final : public PacketFault {
  public:
    explicit PacketCorruption(const scenes::Node& node)
        : PacketFault(node),
          flips_(static_cast<std::size_t>(node.whole_or("bits", {1, 64}, 1))),
          field_(node.choice("field", {"any", "header", "content"}, "any")) {}

  private:
    void hit(const SentPacket& packet, PacketFate& fate) override {
        const auto header =
            packet.id.extended ? protocol::gvsp::kExtendedHeaderBytes : protocol::gvsp::kHeaderBytes;
        const auto from = field_ == "content" ? std::min(header, packet.udp_bytes) : 0;
        const auto to = field_ == "header" ? std::min(header, packet.udp_bytes) : packet.udp_bytes;
        if (to == from) return;
        for (std::size_t i = 0; i < flips_; ++i)
            fate.flipped.push_back(8 * from + bits(packet, i) % (8 * (to - from)));
    }

    std::size_t flips_;
    std::string field_;
};

}  // namespace

const Kind& packet_corruption() {
    static const Kind kind{
        .name = "packet_corruption",
        .subject = Subject::stream,
        .summary =
            "bits of packets are flipped, with a UDP checksum that fits, as by a broken network "
            "card",
        .client =
            "Survives any header: checks block id, packet id, format and length before it writes. "
            "Damaged pixels cannot be seen.",
        .keys =
            "`bits` (1 to 64, default 1) at random places; `field` (any, header, content; default "
            "any)",
        .make = [](const scenes::Node& node) -> FaultPtr {
            return std::make_shared<PacketCorruption>(node);
        }};
    return kind;
}

}  // namespace emulator::faults
