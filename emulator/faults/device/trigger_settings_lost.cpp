#include "emulator/camera/camera.h"
#include "emulator/faults/reply_fault.h"
#include "emulator/faults/table.h"

namespace emulator::faults {
namespace {

constexpr std::string_view kCauses[] = {"AcquisitionFrameRate", "AcquisitionStart"};

class TriggerSettingsLost final : public Fault {
    void begin(Camera& camera) override { camera_ = &camera; }
    void on_reply(ReplyFate& fate) override {
        if (fate.command == nullptr || camera_ == nullptr) return;
        for (const auto cause : kCauses) {
            if (!writes(*fate.command, cause)) continue;
            (void)camera_->registers().set_by_name("TriggerMode", "Off");
            camera_->settings_changed();
            count_hit();
        }
    }

    Camera* camera_ = nullptr;
};

}  // namespace

const Kind& trigger_settings_lost() {
    static const Kind kind{
        .name = "trigger_settings_lost",
        .subject = Subject::device,
        .summary =
            "TriggerMode is Off again after AcquisitionFrameRate is written, or AcquisitionStart, "
            "as users of the family report",
        .client = "Writes the trigger last, and reads it back before it waits for frames.",
        .make = [](const scenes::Node&) -> FaultPtr { return std::make_shared<TriggerSettingsLost>(); }};
    return kind;
}

}  // namespace emulator::faults
