#include "emulator/faults/table.h"

namespace emulator::faults {
namespace {

class IrisStuck final : public Fault {
    void disturb(Disturbance& disturbance) const override { disturbance.iris_stuck = true; }
    void begin(Camera&) override { count_hit(); }
};

}  // namespace

const Kind& iris_stuck() {
    static const Kind kind{
        .name = "iris_stuck",
        .subject = Subject::device,
        .summary = "the iris stands still; the feature takes its values",
        .client = "Sees that exposure does not follow, and does not turn the iris for ever.",
        .make = [](const scenes::Node&) -> FaultPtr { return std::make_shared<IrisStuck>(); }};
    return kind;
}

}  // namespace emulator::faults
