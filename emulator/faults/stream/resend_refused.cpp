#include "emulator/faults/packet_fault.h"
#include "emulator/faults/table.h"

namespace emulator::faults {
namespace {

constexpr std::string_view kUnavailable = "GEV_STATUS_PACKET_UNAVAILABLE",
                           kTemporarily = "GEV_STATUS_PACKET_TEMPORARILY_UNAVAILABLE",
                           kRemoved = "GEV_STATUS_PACKET_REMOVED_FROM_MEMORY";

class ResendRefused final : public ResendFault {
  public:
    explicit ResendRefused(const scenes::Node& node) : ResendFault(node) {
        const auto name =
            node.choice("status", {kUnavailable, kTemporarily, kRemoved}, std::string(kUnavailable));
        if (name == kTemporarily) status_ = Status::packet_temporarily_unavailable;
        if (name == kRemoved) status_ = Status::packet_removed;
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
            "`status` (GEV_STATUS_PACKET_UNAVAILABLE, GEV_STATUS_PACKET_TEMPORARILY_UNAVAILABLE, "
            "GEV_STATUS_PACKET_REMOVED_FROM_MEMORY; default the first, which a client gets in any case that "
            "has not "
            "enabled extended status codes)",
        .make = [](const scenes::Node& node) -> FaultPtr { return std::make_shared<ResendRefused>(node); }};
    return kind;
}

}  // namespace emulator::faults
