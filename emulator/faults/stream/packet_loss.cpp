#include "emulator/faults/packet_fault.h"
#include "emulator/faults/table.h"

namespace emulator::faults {
namespace {

class PacketLoss final : public PacketFault {
  public:
    using PacketFault::PacketFault;

  private:
    void hit(const SentPacket&, PacketFate& fate) override { fate.lost = true; }
};

}  // namespace

const Kind& packet_loss() {
    static const Kind kind{
        .name = "packet_loss",
        .subject = Subject::stream,
        .summary = "packets are lost",
        .client =
            "Asks for the missing packets with PACKETRESEND_CMD; what stays missing makes the "
            "image incomplete, and it says so.",
        .make = [](const scenes::Node& node) -> FaultPtr { return std::make_shared<PacketLoss>(node); }};
    return kind;
}

}  // namespace emulator::faults
