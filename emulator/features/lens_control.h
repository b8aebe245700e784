#pragma once

#include "emulator/camera/camera.h"
#include "emulator/features/feature.h"

// clang-format off
namespace emulator::features {

/// A lens motor: the value is its target, and a write starts the move.
template <auto member>
inline constexpr Accessor driven{
    .get = [](const Camera& c) { return to_value(c.settings.lens.*member); },
    .set = [](Camera& c, const Value& value) {
        auto& target = c.settings.lens.*member;
        target = from_value<std::remove_reference_t<decltype(target)>>(value);
        c.move_lens();
        return Outcome{};
    },
};

/// A motor that autofocus drives: a write cancels the run.
template <auto member>
inline constexpr Accessor driven_alone{
    .get = driven<member>.get,
    .set = [](Camera& c, const Value& value) {
        c.cancel_autofocus();
        return driven<member>.set(c, value);
    },
};

/// Reads 1 while a run is under way: a command that is not done.
inline constexpr Accessor kFocusAuto{.get = [](const Camera& c) -> Value { return std::int64_t{c.auto_functions().focusing()}; },
                                     .set = action<&Camera::start_autofocus>.set};

inline bool iris_is_automatic(const Camera& c) { return c.settings.automatic.exposure.iris; }

template <auto side>
inline constexpr Accessor focus_region =
    field<&Camera::settings, &Settings::automatic, &auto_functions::Settings::focus_region, side>;

/// Lens motors (manual 5.4). Moves take time; events report when zoom and focus have reached their targets.
inline constexpr Feature kLensControl[] = {
    {.info = {.name = "Zoom", .address = 0x0015'0000, .type = Integer{0, 1000},
              .tip = "Position of the zoom motor: 0 wide, 1000 tele.", .custom = true},
     .value = driven_alone<&Lens::zoom>},
    {.info = {.name = "Focus", .address = 0x0015'0004, .type = Integer{0, 10'000},
              .tip = "Position of the focus motor: low is near, high is far.", .custom = true, .polling_ms = 250},
     .value = driven_alone<&Lens::focus>},
    {.info = {.name = "IrisAuto", .display = "Auto Iris", .address = 0x0015'0020, .type = Flag{},
              .tip = "Iris from image brightness: opened after exposure is at its limit, before gain is raised.", .custom = true},
     .value = field<&Camera::settings, &Settings::automatic, &auto_functions::Settings::exposure, &auto_functions::AutoExposureSettings::iris>},
    {.info = {.name = "Iris", .address = 0x0015'0008, .type = Integer{0, 255},
              .tip = "Opening of the iris: low is closed, 255 is open.", .custom = true, .polling_ms = 500},
     .value = driven<&Lens::iris>, .locked = iris_is_automatic},
    {.info = {.name = "IRCutFilterEnable", .display = "Infrared Cut Filter", .address = 0x0015'000C, .type = Flag{},
              .tip = "Whether the infrared cut filter is in the light path.", .custom = true},
     .value = driven<&Lens::ir_cut>},
    {.info = {.name = "FocusAuto", .display = "Auto Focus", .address = 0x0015'0024, .type = Command{},
              .tip = "Runs contrast autofocus, with or without an acquisition; a write of Zoom or Focus cancels it.", .custom = true, .polling_ms = 250},
     .value = kFocusAuto},
    {.info = {.name = "AutoFocusROIEnable", .display = "Auto Focus ROI Enable", .address = 0x0015'0028, .type = Flag{},
              .tip = "Whether autofocus measures in the rectangle instead of the whole image.", .custom = true},
     .value = field<&Camera::settings, &Settings::automatic, &auto_functions::Settings::focus_region_enabled>},
    {.info = {.name = "AutoFocusROILeft", .display = "Auto Focus ROI Left", .address = 0x0015'002C, .type = Integer{0, 1920, 1, "px"},
              .tip = "Left edge of the rectangle on the sensor. Outside of the image it is moved and shrunk into it.", .custom = true},
     .value = focus_region<&auto_functions::Rect::x>},
    {.info = {.name = "AutoFocusROITop", .display = "Auto Focus ROI Top", .address = 0x0015'0030, .type = Integer{0, 1520, 1, "px"},
              .tip = "Top edge of the rectangle on the sensor.", .custom = true},
     .value = focus_region<&auto_functions::Rect::y>},
    {.info = {.name = "AutoFocusROIWidth", .display = "Auto Focus ROI Width", .address = 0x0015'0034, .type = Integer{128, 2048, 1, "px"},
              .tip = "Width of the rectangle on the sensor.", .custom = true},
     .value = focus_region<&auto_functions::Rect::width>},
    {.info = {.name = "AutoFocusROIHeight", .display = "Auto Focus ROI Height", .address = 0x0015'0038, .type = Integer{16, 1536, 1, "px"},
              .tip = "Height of the rectangle on the sensor.", .custom = true},
     .value = focus_region<&auto_functions::Rect::height>},
};

}  // namespace emulator::features
