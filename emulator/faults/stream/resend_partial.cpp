#include "emulator/faults/packet_fault.h"
#include "emulator/faults/table.h"

#include <algorithm>
#include <cmath>

namespace emulator::faults {
namespace {

class ResendPartial final : public ResendFault {
  public:
    explicit ResendPartial(const scenes::Node& node)
        : ResendFault(node), part_(node.number_or("part", {0, 1}, 0.5)) {}

  private:
    void hit(ResendFate& fate) override {
        auto& asked = fate.asked;
        if (asked.last <= asked.first) return;
        const auto count = static_cast<double>(std::min(asked.last - asked.first, kPacketsMost - 1)) + 1;
        asked.last = asked.first + static_cast<std::uint32_t>(std::max(std::floor(part_ * count), 1.0)) - 1;
    }

    /// Packet ids have 24 bits, and "to the end" is not known here.
    static constexpr std::uint32_t kPacketsMost = 1024;
    double part_;
};

}  // namespace

const Kind& resend_partial() {
    static const Kind kind{
        .name = "resend_partial",
        .subject = Subject::stream,
        .summary = "of the packets of a resend request only the first ones are sent",
        .client = "Sees what is still missing, and asks for the rest.",
        .keys = "`part` (0 to 1, default 0.5), at least one packet",
        .make = [](const scenes::Node& node) -> FaultPtr { return std::make_shared<ResendPartial>(node); }};
    return kind;
}

}  // namespace emulator::faults
