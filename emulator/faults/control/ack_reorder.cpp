#include "emulator/faults/reply_fault.h"
#include "emulator/faults/table.h"

namespace emulator::faults {
namespace {

class AckReorder final : public ReplyFault {
  public:
    explicit AckReorder(const scenes::Node& node)
        : ReplyFault(node), behind_(static_cast<std::uint32_t>(node.whole_or("behind", {1, 100}, 1))) {}

  private:
    void hit(ReplyFate& fate) override { fate.behind += behind_; }

    std::uint32_t behind_;
};

}  // namespace

const Kind& ack_reorder() {
    static const Kind kind{
        .name = "ack_reorder",
        .subject = Subject::control,
        .summary = "an acknowledge leaves after the one that follows it, or after one second",
        .client =
            "Matches acknowledges by their request id: the first that comes may be that of an "
            "earlier command.",
        .keys = "`behind` (1 to 100, default 1): so many acknowledges come before it",
        .make = [](const scenes::Node& node) -> FaultPtr { return std::make_shared<AckReorder>(node); }};
    return kind;
}

}  // namespace emulator::faults
