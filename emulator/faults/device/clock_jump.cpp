#include "emulator/camera/camera.h"
#include "emulator/faults/table.h"

#include <cmath>

namespace emulator::faults {
namespace {

class ClockJump final : public Fault {
  public:
    explicit ClockJump(const scenes::Node& node)
        : jump_(std::llround(node.number("jump_us", {-1e12, 1e12, "us"}) * 1e3)) {}

  private:
    void begin(Camera& camera) override {
        camera.step_clock(jump_);
        count_hit();
    }

    Time jump_;
};

}  // namespace

const Kind& clock_jump() {
    static const Kind kind{
        .name = "clock_jump",
        .subject = Subject::device,
        .summary = "the timestamp counter jumps, but not below 0; a PTP slave corrects it again",
        .client = "Takes differences of timestamps with a limit, and plans no action for ever.",
        .keys = "`jump_us` (-1e12 to 1e12; required)",
        .at_once = true,
        .make = [](const scenes::Node& node) -> FaultPtr { return std::make_shared<ClockJump>(node); }};
    return kind;
}

}  // namespace emulator::faults
