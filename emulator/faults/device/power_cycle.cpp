#include "emulator/faults/table.h"

namespace emulator::faults {
namespace {

class PowerCycle final : public Fault {
    void disturb(Disturbance& disturbance) const override { disturbance.off = true; }
    void begin(Camera&) override { count_hit(); }
};

}  // namespace

const Kind& power_cycle() {
    static const Kind kind{
        .name = "power_cycle",
        .subject = Subject::device,
        .summary =
            "the supply is off; then the camera starts as after DeviceReset: what was not saved "
            "is lost, and it answers after 3 s",
        .client =
            "Loses the camera, finds it by discovery, and sets all that it needs anew: control, "
            "channels, features.",
        .make = [](const scenes::Node&) -> FaultPtr { return std::make_shared<PowerCycle>(); }};
    return kind;
}

}  // namespace emulator::faults
