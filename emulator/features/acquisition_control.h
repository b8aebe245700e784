#pragma once

#include "emulator/camera.h"
#include "emulator/features/feature.h"
#include "emulator/features/limits.h"

// clang-format off
namespace emulator::features {

inline constexpr Entry kAcquisitionModes[] = {{"Continuous", 0}};

inline Bounds frame_rate_range(const Camera& c) {
    return {acquisition::kMinFrameRateHz, acquisition::max_frame_rate_hz(c.profile.chip, c.settings.image)};
}

/// When frames are taken, and for how long the shutter is open (manual 5.1.4, 5.2.1).
inline constexpr Feature kAcquisitionControl[] = {
    {.info = {.name = "AcquisitionMode", .address = 0x0012'0000, .type = Choice{kAcquisitionModes},
              .tip = "Frames follow each other until AcquisitionStop.", .frozen_while_streaming = true},
     .value = field<&Camera::settings, &Settings::acquisition, &Acquisition::mode>},
    {.info = {.name = "AcquisitionStart", .address = 0x0012'0004, .type = Command{}, .access = Access::wo,
              .tip = "Starts the stream."},
     .value = action<&Camera::start_acquisition>},
    {.info = {.name = "AcquisitionStop", .address = 0x0012'0008, .type = Command{}, .access = Access::wo,
              .tip = "Ends the stream after the current frame."},
     .value = action<&Camera::stop_acquisition>},
    {.info = {.name = "AcquisitionFrameRate", .display = "Frame Rate", .address = 0x0012'000C,
              .type = Real{acquisition::kMinFrameRateHz, 40'000, acquisition::kFrameRateStepHz, "Hz"},
              .tip = "Frames per second. Exposure time and throughput limit may hold the camera below it."},
     .value = field<&Camera::settings, &Settings::acquisition, &Acquisition::frame_rate_hz>, .range = frame_rate_range},
    {.info = {.name = "FPS", .address = 0x0012'0010, .type = Real{acquisition::kMinFrameRateHz, 40'000, acquisition::kFrameRateStepHz, "Hz"},
              .visibility = Visibility::invisible, .tip = "AcquisitionFrameRate by the name that some clients ask for."},
     .value = field<&Camera::settings, &Settings::acquisition, &Acquisition::frame_rate_hz>, .range = frame_rate_range},
    {.info = {.name = "ExposureTime", .display = "Exposure Time", .address = 0x0012'0014,
              .type = Real{20, 30e6, 1, "us", Look::logarithmic}, .tip = "Time that the electronic shutter is open."},
     .value = field<&Camera::settings, &Settings::exposure, &Exposure::time_us>},
};

}  // namespace emulator::features
