#include "emulator/faults/packet_fault.h"
#include "emulator/faults/table.h"

namespace emulator::faults {
namespace {

class TrailerMissing final : public PacketFault {
  public:
    using PacketFault::PacketFault;

  private:
    [[nodiscard]] bool concerns(const SentPacket& packet) const override {
        return packet.id.format == protocol::gvsp::Format::trailer;
    }
    void hit(const SentPacket&, PacketFate& fate) override { fate.lost = true; }
};

}  // namespace

const Kind& trailer_missing() {
    static const Kind kind{
        .name = "trailer_missing",
        .subject = Subject::frames,
        .summary = "the trailer of a block never arrives",
        .client =
            "Finishes the block by the count of its packets or after a timeout, and does not wait "
            "for ever.",
        .make = [](const scenes::Node& node) -> FaultPtr { return std::make_shared<TrailerMissing>(node); }};
    return kind;
}

}  // namespace emulator::faults
