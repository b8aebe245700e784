#include "emulator/faults/table.h"

namespace emulator::faults {
namespace {

class CableOut final : public Fault {
    void disturb(Disturbance& disturbance) const override { disturbance.cable_out = true; }
    bool on_command(const protocol::gvcp::Command&, protocol::Endpoint) override {
        count_hit();
        return false;
    }
};

}  // namespace

const Kind& cable_out() {
    static const Kind kind{
        .name = "cable_out",
        .subject = Subject::link,
        .summary =
            "the cable is pulled: nothing arrives and nothing leaves; the camera goes on, and control ends "
            "with the heartbeat timeout",
        .client =
            "Reports the loss of the device within its own timeouts, and opens it anew when it answers "
            "discovery again.",
        .make = [](const scenes::Node&) -> FaultPtr { return std::make_shared<CableOut>(); }};
    return kind;
}

}  // namespace emulator::faults
