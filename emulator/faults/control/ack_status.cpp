#include <algorithm>

#include "emulator/faults/reply_fault.h"
#include "emulator/faults/table.h"
#include "protocol/gvcp/names.h"

namespace emulator::faults {
namespace {

namespace gvcp = protocol::gvcp;

constexpr std::uint16_t kFirstError = 0x8000;

std::uint16_t error_status(const scenes::Node& node) {
    std::vector<std::string_view> names;
    for (const auto& one : gvcp::status_names())
        if (one.code >= kFirstError) names.push_back(one.name);
    const auto name = node.choice("status", names, "GEV_STATUS_BUSY");
    return std::ranges::find(gvcp::status_names(), name, &gvcp::GvcpName::name)->code;
}

class AckStatus final : public ReplyFault {
  public:
    explicit AckStatus(const scenes::Node& node) : ReplyFault(node), status_(error_status(node)) {}

  private:
    void hit(ReplyFate& fate) override {
        const auto& command = *fate.command;
        fate.reply.datagram = gvcp::make_ack(protocol::Status{status_}, command.code, command.request_id);
    }

    std::uint16_t status_;
};

}  // namespace

const Kind& ack_status() {
    static const Kind kind{
        .name = "ack_status",
        .subject = Subject::control,
        .summary = "acknowledges carry another status and no payload; the command is executed",
        .client =
            "Reports the status with its name, and does not take the payload of a failed read for "
            "a value.",
        .keys = "`status` (a name from GEV_STATUS_NOT_IMPLEMENTED on; default GEV_STATUS_BUSY)",
        .make = [](const scenes::Node& node) -> FaultPtr { return std::make_shared<AckStatus>(node); }};
    return kind;
}

}  // namespace emulator::faults
