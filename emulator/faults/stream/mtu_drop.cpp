#include "emulator/faults/packet_fault.h"
#include "emulator/faults/table.h"

namespace emulator::faults {
namespace {

class MtuDrop final : public PacketFault {
  public:
    explicit MtuDrop(const scenes::Node& node)
        : PacketFault(node),
          mtu_bytes_(static_cast<std::size_t>(node.whole_or("mtu_bytes", {68, 16364}, 1500))) {}
    [[nodiscard]] bool loses_test_packet(std::size_t ip_bytes) override {
        if (ip_bytes <= mtu_bytes_) return false;
        count_hit();
        return true;
    }

  private:
    [[nodiscard]] bool concerns(const SentPacket& packet) const override {
        return packet.udp_bytes + protocol::gvsp::kIpUdpHeaderBytes > mtu_bytes_;
    }
    void hit(const SentPacket&, PacketFate& fate) override { fate.lost = true; }

    std::size_t mtu_bytes_;
};

}  // namespace

const Kind& mtu_drop() {
    static const Kind kind{
        .name = "mtu_drop",
        .subject = Subject::stream,
        .summary =
            "packets larger than the MTU of a hop on the way are lost, and no ICMP message says "
            "so",
        .client =
            "Negotiates the packet size with test packets (GevSCPSFireTestPacket), and falls back "
            "to smaller ones when no payload packet arrives.",
        .keys = "`mtu_bytes` (68 to 16364, default 1500): of the largest IP packet that passes",
        .make = [](const scenes::Node& node) -> FaultPtr { return std::make_shared<MtuDrop>(node); }};
    return kind;
}

}  // namespace emulator::faults
