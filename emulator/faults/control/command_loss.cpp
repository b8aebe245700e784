#include "emulator/faults/reply_fault.h"
#include "emulator/faults/table.h"

namespace emulator::faults {
namespace {

class CommandLoss final : public Fault {
  public:
    explicit CommandLoss(const scenes::Node& node) : chance_(node), choice_(node) {}

  private:
    bool on_command(const protocol::gvcp::Command& command, protocol::Endpoint) override {
        if (!choice_.has(command) || !chance_.takes(seen_++)) return true;
        count_hit();
        return false;
    }

    Chance chance_;
    CommandChoice choice_;
    std::uint64_t seen_ = 0;
};

}  // namespace

const Kind& command_loss() {
    static const Kind kind{
        .name = "command_loss",
        .subject = Subject::control,
        .summary = "commands do not reach the camera",
        .client =
            "Repeats the command with the same request id, some times, and then says that the "
            "device does not answer.",
        .make = [](const scenes::Node& node) -> FaultPtr { return std::make_shared<CommandLoss>(node); }};
    return kind;
}

}  // namespace emulator::faults
