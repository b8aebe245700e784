#include "emulator/faults/packet_fault.h"
#include "emulator/faults/table.h"

#include <cmath>

namespace emulator::faults {
namespace {

class ResendLate final : public ResendFault {
  public:
    explicit ResendLate(const scenes::Node& node)
        : ResendFault(node), delay_(std::llround(node.number("delay_us", {1, 1e7, "us"}) * 1e3)) {}

  private:
    void hit(ResendFate& fate) override { fate.delay += delay_; }

    Time delay_;
};

}  // namespace

const Kind& resend_late() {
    static const Kind kind{
        .name = "resend_late",
        .subject = Subject::stream,
        .summary = "resend requests are answered late",
        .client =
            "Waits longer than the round trip before it repeats the request; takes the late "
            "packets, or has closed the block by then and drops them.",
        .keys = "`delay_us` (1 to 10 000 000; required)",
        .make = [](const scenes::Node& node) -> FaultPtr { return std::make_shared<ResendLate>(node); }};
    return kind;
}

}  // namespace emulator::faults
