#include "emulator/faults/reply_fault.h"
#include "emulator/faults/table.h"

namespace emulator::faults {
namespace {

class AckLoss final : public ReplyFault {
  public:
    using ReplyFault::ReplyFault;

  private:
    void hit(ReplyFate& fate) override { fate.lost = true; }
};

}  // namespace

const Kind& ack_loss() {
    static const Kind kind{
        .name = "ack_loss",
        .subject = Subject::control,
        .summary = "acknowledges are lost; the command is executed",
        .client =
            "Repeats the command with the same request id, some times; the camera answers a "
            "repetition and does not execute it twice.",
        .make = [](const scenes::Node& node) -> FaultPtr { return std::make_shared<AckLoss>(node); }};
    return kind;
}

}  // namespace emulator::faults
