#include "emulator/faults/packet_fault.h"
#include "emulator/faults/table.h"

namespace emulator::faults {
namespace {

class LeaderMissing final : public PacketFault {
  public:
    using PacketFault::PacketFault;

  private:
    [[nodiscard]] bool concerns(const SentPacket& packet) const override {
        return packet.id.format == protocol::gvsp::Format::leader;
    }
    void hit(const SentPacket&, PacketFate& fate) override { fate.lost = true; }
};

}  // namespace

const Kind& leader_missing() {
    static const Kind kind{
        .name = "leader_missing",
        .subject = Subject::frames,
        .summary = "the leader of a block never arrives",
        .client =
            "Asks for packet 0; without it the size is unknown, and the block is dropped or "
            "delivered as incomplete.",
        .make = [](const scenes::Node& node) -> FaultPtr { return std::make_shared<LeaderMissing>(node); }};
    return kind;
}

}  // namespace emulator::faults
