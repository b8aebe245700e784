#include "emulator/camera/camera.h"
#include "emulator/faults/reply_fault.h"
#include "emulator/faults/table.h"

namespace emulator::faults {
namespace {

class PixelFormatStuck final : public Fault {
    void begin(Camera& camera) override {
        camera_ = &camera;
        stuck_ = camera.settings.image.pixel_format;
    }
    void on_reply(ReplyFate& fate) override {
        if (fate.command == nullptr || !writes(*fate.command, "PixelFormat")) return;
        camera_->settings.image.pixel_format = stuck_;
        camera_->settings_changed();
        count_hit();
    }

    Camera* camera_ = nullptr;
    protocol::gvsp::PixelFormat stuck_{};
};

}  // namespace

const Kind& pixel_format_stuck() {
    static const Kind kind{
        .name = "pixel_format_stuck",
        .subject = Subject::device,
        .summary =
            "PixelFormat is acknowledged and does not change, as users of the family report until "
            "a power cycle",
        .client = "Reads it back, and goes by the format in the leader.",
        .make = [](const scenes::Node&) -> FaultPtr { return std::make_shared<PixelFormatStuck>(); }};
    return kind;
}

}  // namespace emulator::faults
