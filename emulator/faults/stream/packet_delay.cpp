#include "emulator/faults/packet_fault.h"
#include "emulator/faults/table.h"

#include <cmath>

namespace emulator::faults {
namespace {

class PacketDelay final : public PacketFault {
  public:
    explicit PacketDelay(const scenes::Node& node)
        : PacketFault(node), delay_(std::llround(node.number("delay_us", {1, 1e6, "us"}) * 1e3)) {}

  private:
    void hit(const SentPacket&, PacketFate& fate) override { fate.delay += delay_; }

    Time delay_;
};

}  // namespace

const Kind& packet_delay() {
    static const Kind kind{
        .name = "packet_delay",
        .subject = Subject::stream,
        .summary = "packets arrive later; others overtake them if not all are taken",
        .client =
            "Puts packets in place by their id, and waits for a while before it asks for one "
            "again.",
        .keys = "`delay_us` (1 to 1 000 000; required)",
        .make = [](const scenes::Node& node) -> FaultPtr { return std::make_shared<PacketDelay>(node); }};
    return kind;
}

}  // namespace emulator::faults
