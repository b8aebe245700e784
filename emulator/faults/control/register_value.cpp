#include "emulator/faults/reply_fault.h"
#include "emulator/faults/table.h"

namespace emulator::faults {
namespace {

class RegisterValue final : public ReplyFault {
  public:
    explicit RegisterValue(const scenes::Node& node)
        : ReplyFault(node), value_(static_cast<std::uint32_t>(node.number("value", {0, 4294967295.0}))) {
        if (!choice().address() && !node.is_recording()) node.wrong("register", "a register was expected");
    }

  private:
    void hit(ReplyFate& fate) override { (void)replace_register(fate, *choice().address(), value_); }

    std::uint32_t value_;
};

}  // namespace

const Kind& register_value() {
    static const Kind kind{
        .name = "register_value",
        .subject = Subject::control,
        .summary = "a register reads differently; the camera itself keeps its value",
        .client =
            "Trusts what it reads, within the limits of the description file; a value beyond them "
            "is an error, not a crash.",
        .keys = "`register` (required), `value` (0 to 4294967295; required): its bits",
        .make = [](const scenes::Node& node) -> FaultPtr { return std::make_shared<RegisterValue>(node); }};
    return kind;
}

}  // namespace emulator::faults
