#include "emulator/camera/camera.h"
#include "emulator/faults/table.h"

namespace emulator::faults {
namespace {

class ControlLost final : public Fault {
    void begin(Camera& camera) override {
        camera.gvcp().end_control();
        count_hit();
    }
};

}  // namespace

const Kind& control_lost() {
    static const Kind kind{
        .name = "control_lost",
        .subject = Subject::control,
        .summary = "the camera ends the control channel privilege, as after a heartbeat that was missed",
        .client = "Sees CCP at 0, or ACCESS_DENIED, reports the loss, and takes control anew.",
        .at_once = true,
        .make = [](const scenes::Node&) -> FaultPtr { return std::make_shared<ControlLost>(); }};
    return kind;
}

}  // namespace emulator::faults
