#include "emulator/faults/packet_fault.h"
#include "emulator/faults/table.h"

namespace emulator::faults {
namespace {

class ResendIgnored final : public ResendFault {
  public:
    using ResendFault::ResendFault;

  private:
    void hit(ResendFate& fate) override { fate.ignored = true; }
};

}  // namespace

const Kind& resend_ignored() {
    static const Kind kind{
        .name = "resend_ignored",
        .subject = Subject::stream,
        .summary = "resend requests are not answered at all",
        .client = "Asks again some times, with a limit, and then delivers the image as incomplete.",
        .make = [](const scenes::Node& node) -> FaultPtr { return std::make_shared<ResendIgnored>(node); }};
    return kind;
}

}  // namespace emulator::faults
