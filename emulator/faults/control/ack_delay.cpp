#include "emulator/faults/reply_fault.h"
#include "emulator/faults/table.h"

#include <cmath>

namespace emulator::faults {
namespace {

class AckDelay final : public ReplyFault {
  public:
    explicit AckDelay(const scenes::Node& node)
        : ReplyFault(node), delay_(std::llround(node.number("delay_us", {1, 6e7, "us"}) * 1e3)) {}

  private:
    void hit(ReplyFate& fate) override { fate.delay += delay_; }

    Time delay_;
};

}  // namespace

const Kind& ack_delay() {
    static const Kind kind{
        .name = "ack_delay",
        .subject = Subject::control,
        .summary = "acknowledges arrive late",
        .client = "Waits, or repeats the command and takes the first acknowledge with its request id.",
        .keys = "`delay_us` (1 to 60 000 000; required)",
        .make = [](const scenes::Node& node) -> FaultPtr { return std::make_shared<AckDelay>(node); }};
    return kind;
}

}  // namespace emulator::faults
