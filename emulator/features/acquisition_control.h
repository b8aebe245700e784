#pragma once

#include "emulator/camera/camera.h"
#include "emulator/features/feature.h"
#include "emulator/features/limits.h"

// clang-format off
namespace emulator::features {

inline constexpr Entry kAcquisitionModes[] = {{"Continuous", 0}};

inline constexpr Entry kTriggerSelectors[] = {{"FrameStart", 0}};
inline constexpr Entry kTriggerSources[] = {{"Line1", 1}, {"Software", 2}, {"Action0", 4}, {"Any", 7}};
inline constexpr Entry kOffContinuous[] = {{"Off", 0}, {"Continuous", 1}};
inline constexpr Entry kActivations[] = {{"FallingEdge", 0}, {"RisingEdge", 1}};
inline constexpr Entry kOverlaps[] = {{"ReadOut", 0, "Readout"}, {"Off", 1}};

using acquisition::TriggerSettings;

/// In low-latency mode frames never overlap, whatever was set.
inline constexpr Accessor kTriggerOverlap{
    .get = [](const Camera& c) -> Value { return to_value(acquisition::overlap(c.settings.trigger)); },
    .set = field<&Camera::settings, &Settings::trigger, &TriggerSettings::overlap>.set};
inline bool overlap_is_forced_off(const Camera& c) { return c.settings.trigger.low_latency; }

template <auto member>
inline constexpr Accessor trigger = field<&Camera::settings, &Settings::trigger, member>;

constexpr Feature trigger_time(std::string_view name, std::string_view display, std::uint32_t address, bool custom,
                               Accessor value, std::string_view tip) {
    return {.info = {.name = name, .display = display, .address = address, .type = Real{0, 1e6, 0.1, "us"},
                     .visibility = Visibility::expert, .selector = "TriggerSelector", .tip = tip, .custom = custom},
            .value = value};
}

inline Bounds frame_rate_range(const Camera& c) {
    const auto& chip = c.profile.chip;
    return {acquisition::min_frame_rate_hz(chip, c.settings.image), acquisition::max_frame_rate_hz(chip, c.settings.image)};
}
inline constexpr Real kFrameRates{acquisition::kLeastFrameRateHz, 40'000, acquisition::kFrameRateStepHz, "Hz", Look::pure_number};

inline bool trigger_is_off(const Camera& c) { return !c.settings.trigger.on; }
inline bool exposure_is_automatic(const Camera& c) { return c.settings.automatic.exposure.exposure; }
inline bool exposure_is_manual(const Camera& c) { return !exposure_is_automatic(c); }
inline bool longest_exposure_is_fixed(const Camera& c) {
    return exposure_is_manual(c) || c.settings.automatic.longest_exposure_follows_rate;
}

template <auto member>
inline constexpr Accessor exposure_wish =
    field<&Camera::settings, &Settings::automatic, &auto_functions::Settings::exposure, member>;

template <auto member>
inline constexpr Accessor exposure_limit =
    field<&Camera::settings, &Settings::automatic, &auto_functions::Settings::exposure, &auto_functions::AutoExposureSettings::limits, member>;

/// When frames are taken, and for how long the shutter is open (manual 5.1.4, 5.2.1, 5.3).
inline constexpr Feature kAcquisitionControl[] = {
    {.info = {.name = "AcquisitionMode", .address = 0x0012'0000, .type = Choice{kAcquisitionModes},
              .tip = "Continuous: frames until AcquisitionStop.", .frozen_while_streaming = true},
     .value = field<&Camera::settings, &Settings::acquisition, &Acquisition::mode>},
    {.info = {.name = "AcquisitionStart", .address = 0x0012'0004, .type = Command{}, .access = Access::wo,
              .tip = "Starts the stream."},
     .value = action<&Camera::start_acquisition>},
    {.info = {.name = "AcquisitionStop", .address = 0x0012'0008, .type = Command{}, .access = Access::wo,
              .tip = "Ends the stream after the current frame."},
     .value = action<&Camera::stop_acquisition>},
    {.info = {.name = "AcquisitionFrameRate", .display = "Frame Rate", .address = 0x0012'000C,
              .type = kFrameRates,
              .tip = "Frames per second of a free run. Exposure time and throughput limit can lower the actual rate."},
     .value = field<&Camera::settings, &Settings::acquisition, &Acquisition::frame_rate_hz>, .range = frame_rate_range},
    {.info = {.name = "FPS", .address = 0x0012'0010, .type = kFrameRates,
              .visibility = Visibility::invisible,
              .tip = "AcquisitionFrameRate by its older name, for some clients.", .custom = true},
     .value = field<&Camera::settings, &Settings::acquisition, &Acquisition::frame_rate_hz>, .range = frame_rate_range,
     .in_user_sets = false},
    {.info = {.name = "ExposureAuto", .display = "Auto Exposure", .address = 0x0012'0080, .type = Choice{kOffContinuous},
              .tip = "Exposure time from image brightness."},
     .value = exposure_wish<&auto_functions::AutoExposureSettings::exposure>},
    {.info = {.name = "ExposureAutoReference", .display = "Auto Reference Value", .address = 0x0012'0084, .type = Integer{0, 255},
              .tip = "Target brightness of ExposureAuto, IrisAuto and GainAuto: the mean of 8-bit codes.", .custom = true},
     .value = exposure_wish<&auto_functions::AutoExposureSettings::reference>},
    {.info = {.name = "ExposureAutoHighlightReduction", .display = "Highlight Reduction", .address = 0x0012'0088, .type = Flag{},
              .tip = "Lowers the target brightness while more than 15 % of the samples are at 240 of 255 or above, and raises it again while fewer than 1 % are.", .custom = true},
     .value = exposure_wish<&auto_functions::AutoExposureSettings::highlight_reduction>},
    {.info = {.name = "ExposureAutoLowerLimit", .display = "Auto Exposure Lower Limit", .address = 0x0012'008C,
              .type = Real{20, 30e6, 1, "us", Look::logarithmic}, .visibility = Visibility::guru,
              .tip = "Shortest automatic exposure. It takes precedence if it is above the upper limit.", .custom = true},
     .value = exposure_limit<&auto_functions::ExposureLimits::exposure_us_min>, .locked = exposure_is_manual},
    {.info = {.name = "ExposureAutoUpperLimitAuto", .display = "Auto Exposure Upper Limit Auto", .address = 0x0012'0094,
              .type = Choice{kOffOn}, .visibility = Visibility::expert,
              .tip = "Whether the upper limit is kept at the period of AcquisitionFrameRate.", .custom = true},
     .value = field<&Camera::settings, &Settings::automatic, &auto_functions::Settings::longest_exposure_follows_rate>,
     .locked = exposure_is_manual, .in_the_field = InTheField{Flag{}}},
    {.info = {.name = "ExposureAutoUpperLimit", .display = "Auto Exposure Upper Limit", .address = 0x0012'0090,
              .type = Real{20, 30e6, 1, "us", Look::logarithmic},
              .visibility = Visibility::expert, .tip = "Longest automatic exposure.", .custom = true},
     .value = exposure_limit<&auto_functions::ExposureLimits::exposure_us_max>, .locked = longest_exposure_is_fixed},
    {.info = {.name = "ExposureTime", .display = "Exposure Time", .address = 0x0012'0014,
              .type = Real{20, 30e6, 1, "us", Look::logarithmic},
              .tip = "Time that the electronic shutter is open.", .polling_ms = 500},
     .value = field<&Camera::settings, &Settings::exposure, &Exposure::time_us>, .locked = exposure_is_automatic},
    {.info = {.name = "TriggerSelector", .address = 0x0012'0018, .type = Choice{kTriggerSelectors},
              .tip = "Selects the trigger; there is one, which starts frames."},
     .value = field<&Camera::settings, &Settings::selectors, &Selectors::trigger>},
    {.info = {.name = "TriggerMode", .display = "Trigger Mode", .address = 0x0012'001C, .type = Choice{kOffOn},
              .selector = "TriggerSelector", .tip = "Whether frames wait for a trigger."},
     .value = trigger<&TriggerSettings::on>},
    {.info = {.name = "TriggerSource", .display = "Trigger Source", .address = 0x0012'0020, .type = Choice{kTriggerSources},
              .selector = "TriggerSelector", .tip = "Sources of triggers."},
     .value = trigger<&TriggerSettings::source>},
    {.info = {.name = "TriggerActivation", .display = "Trigger Polarity", .address = 0x0012'0024, .type = Choice{kActivations},
              .selector = "TriggerSelector", .tip = "Edge of TRIGGER_IN that is a trigger."},
     .value = trigger<&TriggerSettings::activation>},
    {.info = {.name = "TriggerSoftware", .display = "Software Trigger", .address = 0x0012'0028, .type = Command{},
              .access = Access::wo, .selector = "TriggerSelector", .tip = "Simulates one trigger pulse."},
     .value = action<&Camera::trigger_by_software>, .locked = trigger_is_off, .tolerant = true},
    {.info = {.name = "AcquisitionBurstFrameCount", .display = "Trigger Burst Count", .address = 0x0012'002C,
              .type = Integer{1, 1000}, .tip = "Frames for each trigger."},
     .value = trigger<&TriggerSettings::burst_count>},
    {.info = {.name = "IMXLowLatencyTriggerMode", .display = "IMX Low-Latency Mode", .address = 0x0012'0030, .type = Flag{},
              .tip = "Low latency: exposure begins exactly after TriggerDelay; frames do not overlap then.", .custom = true},
     .value = trigger<&TriggerSettings::low_latency>},
    {.info = {.name = "TriggerOverlap", .display = "Trigger Overlap", .address = 0x0012'0034, .type = Choice{kOverlaps},
              .selector = "TriggerSelector", .tip = "Whether a trigger is accepted while the frame before is read out."},
     .value = kTriggerOverlap, .locked = overlap_is_forced_off, .in_the_field = InTheField{Choice{kOverlaps}, Access::ro}},
    trigger_time("TriggerDelay", "Trigger Delay", 0x0012'0038, false, trigger<&TriggerSettings::delay_us>,
                 "Delay from a trigger to the start of exposure; not for software triggers."),
    trigger_time("TriggerDebouncer", "Trigger Debounce Time", 0x0012'003C, true, trigger<&TriggerSettings::debounce_us>,
                 "Shortest inactive time of the line before a trigger."),
    trigger_time("TriggerMask", "Trigger Mask Time", 0x0012'0040, true, trigger<&TriggerSettings::mask_us>,
                 "Time after a trigger in which edges are ignored."),
    trigger_time("TriggerDenoise", "Trigger Noise Suppression Time", 0x0012'0044, true, trigger<&TriggerSettings::denoise_us>,
                 "Shortest active time of the line for a trigger."),
};

/// A misspelt name, which the family has as well.
inline constexpr Feature kAcquisitionControlInTheField[] = {
    {.info = {.name = "ExposureAutoHighlighReduction", .address = 0x0012'0098, .type = Flag{},
              .visibility = Visibility::invisible, .tip = "ExposureAutoHighlightReduction by the name of older cameras.",
              .custom = true},
     .value = exposure_wish<&auto_functions::AutoExposureSettings::highlight_reduction>, .in_user_sets = false},
};

}  // namespace emulator::features
