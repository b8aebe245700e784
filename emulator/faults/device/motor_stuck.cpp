#include "emulator/faults/table.h"

namespace emulator::faults {
namespace {

class MotorStuck final : public Fault {
  public:
    explicit MotorStuck(const scenes::Node& node) : zoom_(node.choice("part", {"zoom", "focus"}) == "zoom") {}

  private:
    void disturb(Disturbance& disturbance) const override {
        (zoom_ ? disturbance.zoom_stuck : disturbance.focus_stuck) = true;
    }
    void begin(Camera&) override { count_hit(); }

    bool zoom_;
};

}  // namespace

const Kind& motor_stuck() {
    static const Kind kind{
        .name = "motor_stuck",
        .subject = Subject::device,
        .summary = "zoom or focus stands still; the feature takes its values, and no move is completed",
        .client = "Waits for the event of the completed move with a timeout, and tells its user.",
        .keys = "`part` (zoom, focus; required)",
        .make = [](const scenes::Node& node) -> FaultPtr { return std::make_shared<MotorStuck>(node); }};
    return kind;
}

}  // namespace emulator::faults
