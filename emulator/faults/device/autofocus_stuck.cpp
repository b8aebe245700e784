#include "emulator/faults/table.h"

namespace emulator::faults {
namespace {

class AutofocusStuck final : public Fault {
    void disturb(Disturbance& disturbance) const override { disturbance.autofocus_stuck = true; }
    void begin(Camera&) override { count_hit(); }
};

}  // namespace

const Kind& autofocus_stuck() {
    static const Kind kind{
        .name = "autofocus_stuck",
        .subject = Subject::device,
        .summary = "FocusAuto never ends",
        .client = "Ends it by a write of Focus after a timeout.",
        .make = [](const scenes::Node&) -> FaultPtr { return std::make_shared<AutofocusStuck>(); }};
    return kind;
}

}  // namespace emulator::faults
