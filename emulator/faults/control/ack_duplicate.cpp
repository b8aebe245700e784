#include "emulator/faults/reply_fault.h"
#include "emulator/faults/table.h"

#include <algorithm>

namespace emulator::faults {
namespace {

class AckDuplicate final : public ReplyFault {
  public:
    explicit AckDuplicate(const scenes::Node& node)
        : ReplyFault(node), copies_(static_cast<std::uint32_t>(node.whole_or("copies", {2, 100}, 2))) {}

  private:
    void hit(ReplyFate& fate) override { fate.copies = std::max(fate.copies, copies_); }

    std::uint32_t copies_;
};

}  // namespace

const Kind& ack_duplicate() {
    static const Kind kind{
        .name = "ack_duplicate",
        .subject = Subject::control,
        .summary = "acknowledges arrive more than once",
        .client = "Drops an acknowledge whose request id it does not wait for.",
        .keys = "`copies` (2 to 100, default 2)",
        .make = [](const scenes::Node& node) -> FaultPtr { return std::make_shared<AckDuplicate>(node); }};
    return kind;
}

}  // namespace emulator::faults
