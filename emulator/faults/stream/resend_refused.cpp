#include "emulator/faults/packet_fault.h"
#include "emulator/faults/table.h"

namespace emulator::faults {
namespace {

class ResendRefused final : public ResendFault {
  public:
    explicit ResendRefused(const scenes::Node& node) : ResendFault(node) {
        const auto name =
            node.choice("status", {"packet_unavailable", "packet_temporarily_unavailable", "packet_removed"},
                        "packet_unavailable");
        if (name == "packet_temporarily_unavailable") status_ = Status::packet_temporarily_unavailable;
        if (name == "packet_removed") status_ = Status::packet_removed;
    }

  private:
    using Status = protocol::Status;
    void hit(ResendFate& fate) override { fate.refused = status_; }

    Status status_ = Status::packet_unavailable;
};

}  // namespace

const Kind& resend_refused() {
    static const Kind kind{
        .name = "resend_refused",
        .subject = Subject::stream,
        .summary = "resend requests are refused packet by packet, though the packets are kept",
        .client = "Gives these packets up at once, and delivers the image as incomplete.",
        .keys =
            "`status` (packet_unavailable, packet_temporarily_unavailable, packet_removed; "
            "default packet_unavailable). Where a client has not enabled extended status codes it "
            "is always the first",
        .make = [](const scenes::Node& node) -> FaultPtr { return std::make_shared<ResendRefused>(node); }};
    return kind;
}

}  // namespace emulator::faults
