#include "emulator/faults/reply_fault.h"
#include "emulator/faults/table.h"

namespace emulator::faults {
namespace {

constexpr std::string_view kExposureTimes[] = {
    "MultiFrameSetOutputModeExposureTime0", "MultiFrameSetOutputModeExposureTime1",
    "MultiFrameSetOutputModeExposureTime2", "MultiFrameSetOutputModeExposureTime3"};

class FrameSetExposure333 final : public Fault {
    void on_reply(ReplyFate& fate) override {
        bool hit = false;
        for (const auto feature : kExposureTimes) hit |= replace_register(fate, *register_of(feature), 333);
        if (hit) count_hit();
    }
};

}  // namespace

const Kind& frame_set_exposure_333() {
    static const Kind kind{
        .name = "frame_set_exposure_333",
        .subject = Subject::device,
        .summary =
            "MultiFrameSetOutputModeExposureTime0 to 3 read 333 in their registers, whatever they are, as "
            "users "
            "report of a firmware of 2019",
        .client = "Does not write back what it has read without a look at it.",
        .make = [](const scenes::Node&) -> FaultPtr { return std::make_shared<FrameSetExposure333>(); }};
    return kind;
}

}  // namespace emulator::faults
