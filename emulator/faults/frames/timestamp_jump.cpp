#include "emulator/faults/packet_fault.h"
#include "emulator/faults/table.h"

#include <algorithm>
#include <cmath>

namespace emulator::faults {
namespace {

class TimestampJump final : public BlockFault {
  public:
    explicit TimestampJump(const scenes::Node& node)
        : BlockFault(node), jump_ns_(std::llround(node.number("jump_us", {-1e12, 1e12, "us"}) * 1e3)) {}

  private:
    bool hit(protocol::gvsp::Block& block) override {
        const auto ticks = static_cast<std::int64_t>(block.timestamp_ticks) + jump_ns_;
        block.timestamp_ticks = static_cast<std::uint64_t>(std::max<std::int64_t>(ticks, 0));
        return true;
    }

    std::int64_t jump_ns_;
};

}  // namespace

const Kind& timestamp_jump() {
    static const Kind kind{
        .name = "timestamp_jump",
        .subject = Subject::frames,
        .summary =
            "the timestamp in the leader of a frame is off, and that of the next one is right "
            "again",
        .client =
            "Takes the stamps as they are, warns of one that runs backward, and does not wait for "
            "a time that is far away.",
        .keys = "`jump_us` (-1e12 to 1e12; required)",
        .make = [](const scenes::Node& node) -> FaultPtr { return std::make_shared<TimestampJump>(node); }};
    return kind;
}

}  // namespace emulator::faults
