#include "emulator/faults/table.h"

namespace emulator::faults {
namespace {

class PtpMasterGone final : public Fault {
    void disturb(Disturbance& disturbance) const override { disturbance.ptp_master_gone = true; }
    void begin(Camera&) override { count_hit(); }
};

}  // namespace

const Kind& ptp_master_gone() {
    static const Kind kind{
        .name = "ptp_master_gone",
        .subject = Subject::link,
        .summary = "no PTP message of another clock arrives",
        .client = "Sees PtpStatus leave Slave, and takes the timestamps as those of the camera alone.",
        .make = [](const scenes::Node&) -> FaultPtr { return std::make_shared<PtpMasterGone>(); }};
    return kind;
}

}  // namespace emulator::faults
