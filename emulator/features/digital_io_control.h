#pragma once

#include "emulator/camera/camera.h"
#include "emulator/features/feature.h"

// clang-format off
namespace emulator::features {

using acquisition::FrameSetSettings;
using acquisition::SetFrame;
using acquisition::StrobeSettings;

inline constexpr Entry kStrobePolarities[] = {{"ActiveLow", 0}, {"ActiveHigh", 1}};
inline constexpr Entry kStrobeOperations[] = {{"FixedDuration", 0}, {"Exposure", 1}};

/// The optocoupler inverts: 1 is a low line, and an undriven line is low.
inline bool trigger_in_is_low(const Camera& c) { return !c.trigger_in(); }

template <auto member>
inline constexpr Accessor strobe = field<&Camera::settings, &Settings::strobe, member>;

/// Input and output lines (SFNC DigitalIOControl, manual 5.7, 5.8).
inline constexpr Feature kDigitalIO[] = {
    {.info = {.name = "GPIIn", .display = "General Purpose Input", .address = 0x001B'0000, .type = Flag{}, .access = Access::ro,
              .tip = "Whether TRIGGER_IN is low.", .custom = true, .polling_ms = 500},
     .value = computed<trigger_in_is_low>},
    {.info = {.name = "GPIn", .address = 0x001B'0004, .type = Integer{0, 1}, .access = Access::ro,
              .tip = "GPIIn by the name that clients of the family use.", .custom = true, .polling_ms = 500},
     .value = computed<trigger_in_is_low>},
    {.info = {.name = "GPOut", .display = "General Purpose Output", .address = 0x001B'0008, .type = Flag{},
              .tip = "Level of STROBE_OUT while the strobe is disabled.", .custom = true},
     .value = strobe<&StrobeSettings::gp_out>, .in_the_field = InTheField{Integer{0, 1}}},
    {.info = {.name = "StrobeEnable", .display = "Strobe Enable", .address = 0x001B'000C, .type = Choice{kOffOn},
              .tip = "Whether STROBE_OUT follows the exposure.", .custom = true},
     .value = strobe<&StrobeSettings::enabled>},
    {.info = {.name = "StrobePolarity", .display = "Strobe Polarity", .address = 0x001B'0010, .type = Choice{kStrobePolarities},
              .tip = "Level of STROBE_OUT during a pulse.", .custom = true},
     .value = strobe<&StrobeSettings::polarity>},
    {.info = {.name = "StrobeOperation", .display = "Strobe Operation", .address = 0x001B'0014, .type = Choice{kStrobeOperations},
              .tip = "Length of a strobe pulse: fixed, or the exposure time.", .custom = true},
     .value = strobe<&StrobeSettings::operation>},
    {.info = {.name = "StrobeDuration", .display = "Strobe Duration", .address = 0x001B'0018, .type = Integer{0, 32767, 1, "us"},
              .tip = "Length of a pulse of fixed duration.", .custom = true},
     .value = strobe<&StrobeSettings::duration_us>},
    {.info = {.name = "StrobeDelay", .display = "Strobe Delay", .address = 0x001B'001C, .type = Integer{0, 32767, 1, "us"},
              .tip = "Delay from the start of exposure to the pulse.", .custom = true},
     .value = strobe<&StrobeSettings::delay_us>},
};

inline constexpr Entry kFrameCounts[] = {
    {"MultiFrameSetOutputModeFrameCount_2Frames", 2, "2 Frames"}, {"MultiFrameSetOutputModeFrameCount_4Frames", 4, "4 Frames"}};

inline bool gain_of_set_is_unused(const Camera& c) { return !c.settings.frame_set.custom_gain; }

template <auto... path>
inline constexpr Accessor frame_set = field<&Camera::settings, &Settings::frame_set, path...>;

constexpr Feature set_exposure(std::string_view name, std::uint32_t address, Accessor value) {
    return {.info = {.name = name, .address = address, .type = Real{20, 30e6, 1, "us", Look::logarithmic},
                     .tip = "Exposure time of this frame of a set.", .custom = true},
            .value = value};
}
constexpr Feature set_gain(std::string_view name, std::uint32_t address, Accessor value) {
    return {.info = {.name = name, .address = address, .type = Real{0, 48, 0.1, "dB"}, .tip = "Gain of this frame of a set.", .custom = true},
            .value = value, .locked = gain_of_set_is_unused};
}

/// Multi-frame output mode: a set of exposures in turn (manual 5.14).
inline constexpr Feature kMultiFrameSetOutputModeControl[] = {
    {.info = {.name = "MultiFrameSetOutputModeEnable", .display = "Multi-Frame Output Mode Enable", .address = 0x001C'0000,
              .type = Flag{}, .tip = "Exposes frames with the exposure times of the set in turn.", .custom = true},
     .value = frame_set<&FrameSetSettings::enabled>},
    {.info = {.name = "MultiFrameSetOutputModeFrameCount", .display = "Multi-Frame Output Mode Frame Count",
              .address = 0x001C'0004, .type = Choice{kFrameCounts}, .tip = "Number of frames of a set.", .custom = true},
     .value = frame_set<&FrameSetSettings::frame_count>},
    {.info = {.name = "MultiFrameSetOutputModeCustomGain", .display = "Multi-Frame Output Mode Custom Gain",
              .address = 0x001C'0008, .type = Flag{}, .tip = "Uses the gains of the set as well.", .custom = true},
     .value = frame_set<&FrameSetSettings::custom_gain>},
    set_exposure("MultiFrameSetOutputModeExposureTime0", 0x001C'0010, frame_set<&FrameSetSettings::frame0, &SetFrame::exposure_us>),
    set_exposure("MultiFrameSetOutputModeExposureTime1", 0x001C'0014, frame_set<&FrameSetSettings::frame1, &SetFrame::exposure_us>),
    set_exposure("MultiFrameSetOutputModeExposureTime2", 0x001C'0018, frame_set<&FrameSetSettings::frame2, &SetFrame::exposure_us>),
    set_exposure("MultiFrameSetOutputModeExposureTime3", 0x001C'001C, frame_set<&FrameSetSettings::frame3, &SetFrame::exposure_us>),
    set_gain("MultiFrameSetOutputModeGain0", 0x001C'0020, frame_set<&FrameSetSettings::frame0, &SetFrame::gain_db>),
    set_gain("MultiFrameSetOutputModeGain1", 0x001C'0024, frame_set<&FrameSetSettings::frame1, &SetFrame::gain_db>),
    set_gain("MultiFrameSetOutputModeGain2", 0x001C'0028, frame_set<&FrameSetSettings::frame2, &SetFrame::gain_db>),
    set_gain("MultiFrameSetOutputModeGain3", 0x001C'002C, frame_set<&FrameSetSettings::frame3, &SetFrame::gain_db>),
};

}  // namespace emulator::features
