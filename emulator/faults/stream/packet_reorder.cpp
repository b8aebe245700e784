#include "emulator/faults/packet_fault.h"
#include "emulator/faults/table.h"

namespace emulator::faults {
namespace {

class PacketReorder final : public PacketFault {
  public:
    explicit PacketReorder(const scenes::Node& node)
        : PacketFault(node), behind_(static_cast<std::uint32_t>(node.whole_or("behind", {1, 1000}, 1))) {}

  private:
    void hit(const SentPacket&, PacketFate& fate) override { fate.behind += behind_; }

    std::uint32_t behind_;
};

}  // namespace

const Kind& packet_reorder() {
    static const Kind kind{
        .name = "packet_reorder",
        .subject = Subject::stream,
        .summary = "packets arrive after some of those that follow them",
        .client = "Puts packets in place by their id; a packet that is late is not lost.",
        .keys =
            "`behind` (1 to 1000, default 1): so many packets come before it; after 20 ms it "
            "comes anyway",
        .make = [](const scenes::Node& node) -> FaultPtr { return std::make_shared<PacketReorder>(node); }};
    return kind;
}

}  // namespace emulator::faults
