#include "emulator/faults/packet_fault.h"
#include "emulator/faults/table.h"

#include <algorithm>

namespace emulator::faults {
namespace {

class PacketDuplicate final : public PacketFault {
  public:
    explicit PacketDuplicate(const scenes::Node& node)
        : PacketFault(node), copies_(static_cast<std::uint32_t>(node.whole_or("copies", {2, 100}, 2))) {}

  private:
    void hit(const SentPacket&, PacketFate& fate) override { fate.copies = std::max(fate.copies, copies_); }

    std::uint32_t copies_;
};

}  // namespace

const Kind& packet_duplicate() {
    static const Kind kind{
        .name = "packet_duplicate",
        .subject = Subject::stream,
        .summary = "packets arrive more than once",
        .client =
            "Counts each packet once, and does not take the second one of a finished block for a "
            "new block.",
        .keys = "`copies` (2 to 100, default 2)",
        .make = [](const scenes::Node& node) -> FaultPtr { return std::make_shared<PacketDuplicate>(node); }};
    return kind;
}

}  // namespace emulator::faults
