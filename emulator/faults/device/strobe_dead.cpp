#include "emulator/faults/table.h"

namespace emulator::faults {
namespace {

class StrobeDead final : public Fault {
    void disturb(Disturbance& disturbance) const override { disturbance.strobe_dead = true; }
    void begin(Camera&) override { count_hit(); }
};

}  // namespace

const Kind& strobe_dead() {
    static const Kind kind{
        .name = "strobe_dead",
        .subject = Subject::device,
        .summary = "STROBE_OUT stays low, and lamps on it stay dark; all features are as ever",
        .client = "Sees dark images, and tells its user that the lamp is off.",
        .make = [](const scenes::Node&) -> FaultPtr { return std::make_shared<StrobeDead>(); }};
    return kind;
}

}  // namespace emulator::faults
