#pragma once

#include "emulator/camera/camera.h"
#include "emulator/features/acquisition_control.h"
#include "emulator/features/feature.h"
#include "emulator/features/image_format_control.h"
#include "emulator/features/limits.h"

// clang-format off
namespace emulator::features {

template <auto member>
inline constexpr Accessor what_if = field<&Camera::settings, &Settings::what_if, member>;

constexpr Feature asked(std::string_view name, std::uint32_t address, Type type, Accessor value) {
    return {.info = {.name = name, .address = address, .type = type, .visibility = Visibility::invisible,
                     .tip = "Image format for which ResultingMaxFPS is computed; never applied.", .custom = true},
            .value = value,
            .in_user_sets = false};
}
constexpr Feature rate_told(std::string_view name, std::uint32_t address, Accessor value, std::string_view tip) {
    return {.info = {.name = name, .address = address,
                     .type = kFrameRates, .access = Access::ro, .visibility = Visibility::invisible, .tip = tip,
                     .custom = true},
            .value = value};
}

inline double min_rate(const Camera& c) { return min_rate_in_steps_hz(c.profile.chip, c.settings.image); }
inline double max_rate(const Camera& c) { return max_rate_in_steps_hz(c.profile.chip, c.settings.image); }
/// The family reports the rate of a row shorter than the longest.
inline double min_rate_if(const Camera& c) {
    return min_rate_in_steps_hz(c.profile.chip, fitting(c.settings.what_if), acquisition::kLongestToldRowClocks);
}
inline double max_rate_if(const Camera& c) { return max_rate_in_steps_hz(c.profile.chip, fitting(c.settings.what_if)); }

/// Frame rates of a hypothetical format, for clients that choose one, and aids to test clients.
inline constexpr Feature kTestControl[] = {
    {.info = {.name = "TestPendingAck", .address = 0x0017'0000, .type = Integer{0, 30'000, 1, "ms"},
              .visibility = Visibility::guru, .tip = "Delay of the acknowledge of a write of this feature."},
     .value = {.get = [](const Camera& c) -> Value { return c.settings.pending_ack_test_ms; },
               .set = [](Camera& c, const Value& value) {
                   c.settings.pending_ack_test_ms = std::get<std::int64_t>(value);
                   return Outcome{.takes = std::chrono::milliseconds(c.settings.pending_ack_test_ms)};
               }},
     .in_user_sets = false},
    asked("TestPixelFormat", 0x0017'0010, Choice{kPixelFormats}, what_if<&ImageFormat::pixel_format>),
    asked("TestWidth", 0x0017'0014, Integer{kMinWidth, kSensorWidth, kWidthStep, "px"}, what_if<&ImageFormat::width>),
    asked("TestHeight", 0x0017'0018, Integer{kMinHeight, kSensorHeight, kHeightStep, "px"}, what_if<&ImageFormat::height>),
    asked("TestBinningHorizontal", 0x0017'001C, Integer{1, 1}, what_if<&ImageFormat::binning_x>),
    asked("TestBinningVertical", 0x0017'0020, Integer{1, 1}, what_if<&ImageFormat::binning_y>),
    asked("TestDecimationHorizontal", 0x0017'0024, Integer{1, 2}, what_if<&ImageFormat::decimation_x>),
    asked("TestDecimationVertical", 0x0017'0028, Integer{1, 2}, what_if<&ImageFormat::decimation_y>),
    rate_told("ResultingMinFPS", 0x0017'0030, computed<min_rate_if>, "Lowest frame rate for the format that is asked about."),
    rate_told("ResultingMaxFPS", 0x0017'0034, computed<max_rate_if>, "Highest frame rate for the format that is asked about."),
    rate_told("MinFPS", 0x0017'0038, computed<min_rate>, "Lowest frame rate for the present format."),
    rate_told("MaxFPS", 0x0017'003C, computed<max_rate>, "Highest frame rate for the present format."),
};

}  // namespace emulator::features
