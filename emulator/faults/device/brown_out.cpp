#include "emulator/camera/camera.h"
#include "emulator/faults/table.h"

namespace emulator::faults {
namespace {

class BrownOut final : public Fault {
    void begin(Camera& camera) override {
        camera.power_cycle();
        count_hit();
    }
};

}  // namespace

const Kind& brown_out() {
    static const Kind kind{
        .name = "brown_out",
        .subject = Subject::device,
        .summary = "the supply dips: the camera starts anew at once, in the midst of a block",
        .client = "As after a power cycle; the block that was under way is incomplete.",
        .at_once = true,
        .make = [](const scenes::Node&) -> FaultPtr { return std::make_shared<BrownOut>(); }};
    return kind;
}

}  // namespace emulator::faults
