#include "emulator/faults/reply_fault.h"
#include "emulator/faults/table.h"

namespace emulator::faults {
namespace {

class PendingAck final : public ReplyFault {
  public:
    explicit PendingAck(const scenes::Node& node)
        : ReplyFault(node),
          takes_ms_(node.whole_or("takes_ms", {1, 60'000}, 500)),
          announced_ms_(static_cast<std::uint16_t>(node.whole_or("announced_ms", {0, 65'535}, takes_ms_))) {}

  private:
    void hit(ReplyFate& fate) override {
        fate.pending_ms = announced_ms_;
        fate.delay += std::chrono::milliseconds(takes_ms_);
    }

    int takes_ms_;
    std::uint16_t announced_ms_;
};

}  // namespace

const Kind& pending_ack() {
    static const Kind kind{
        .name = "pending_ack",
        .subject = Subject::control,
        .summary = "a PENDING_ACK comes at once, and the acknowledge after its time",
        .client =
            "Extends its timeout by the time that PENDING_ACK tells, and does not repeat the "
            "command.",
        .keys =
            "`takes_ms` (1 to 60 000, default 500); `announced_ms` (0 to 65 535, default "
            "`takes_ms`)",
        .make = [](const scenes::Node& node) -> FaultPtr { return std::make_shared<PendingAck>(node); }};
    return kind;
}

}  // namespace emulator::faults
