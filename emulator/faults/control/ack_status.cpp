#include "emulator/faults/reply_fault.h"
#include "emulator/faults/table.h"

namespace emulator::faults {
namespace {

using protocol::Status;

constexpr std::pair<std::string_view, Status> kStatus[] = {
    {"busy", Status::busy},
    {"access_denied", Status::access_denied},
    {"write_protect", Status::write_protect},
    {"invalid_parameter", Status::invalid_parameter},
    {"invalid_address", Status::invalid_address},
    {"not_implemented", Status::not_implemented},
    {"error", Status::error},
};

Status read_status(const scenes::Node& node) {
    std::vector<std::string_view> names;
    for (const auto& one : kStatus) names.push_back(one.first);
    const auto name = node.choice("status", names, "busy");
    for (const auto& one : kStatus)
        if (one.first == name) return one.second;
    return Status::busy;
}

class AckStatus final : public ReplyFault {
  public:
    explicit AckStatus(const scenes::Node& node) : ReplyFault(node), status_(read_status(node)) {}

  private:
    void hit(ReplyFate& fate) override {
        const auto& command = *fate.command;
        fate.reply.datagram = protocol::gvcp::make_ack(status_, command.code, command.request_id);
    }

    Status status_;
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
        .keys =
            "`status` (busy, access_denied, write_protect, invalid_parameter, invalid_address, "
            "not_implemented, error; default busy)",
        .make = [](const scenes::Node& node) -> FaultPtr { return std::make_shared<AckStatus>(node); }};
    return kind;
}

}  // namespace emulator::faults
