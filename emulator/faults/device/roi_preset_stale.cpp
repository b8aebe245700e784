#include <map>

#include "emulator/camera/camera.h"
#include "emulator/faults/reply_fault.h"
#include "emulator/faults/table.h"

namespace emulator::faults {
namespace {

constexpr std::string_view kRectangle[] = {"AutoFunctionsROILeft", "AutoFunctionsROITop",
                                           "AutoFunctionsROIWidth", "AutoFunctionsROIHeight"};

class RoiPresetStale final : public Fault {
    void begin(Camera& camera) override {
        for (const auto feature : kRectangle) {
            std::array<std::uint8_t, 4> bytes{};
            const auto address = *register_of(feature);
            if (protocol::ok(camera.registers().read(address, bytes)))
                before_[address] = protocol::load<std::uint32_t>(bytes);
        }
    }
    void on_reply(ReplyFate& fate) override {
        bool hit = false;
        for (const auto& [address, value] : before_) hit |= replace_register(fate, address, value);
        if (hit) count_hit();
    }

    std::map<std::uint32_t, std::uint32_t> before_;  // by address
};

}  // namespace

const Kind& roi_preset_stale() {
    static const Kind kind{
        .name = "roi_preset_stale",
        .subject = Subject::device,
        .summary =
            "Left, Top, Width and Height of AutoFunctionsROI read as they were, whatever its preset is: a "
            "known "
            "issue of the vendor's",
        .client = "Goes by the preset, and shows the rectangle as unknown while there is one.",
        .make = [](const scenes::Node&) -> FaultPtr { return std::make_shared<RoiPresetStale>(); }};
    return kind;
}

}  // namespace emulator::faults
