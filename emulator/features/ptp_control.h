#pragma once

#include "emulator/camera/camera.h"
#include "emulator/features/feature.h"

// clang-format off
namespace emulator::features {

/// The four states that the manual knows (5.15.2), by their numbers in the standard.
inline constexpr Entry kPtpStatuses[] = {{"Disabled", 3}, {"Master", 6}, {"Uncalibrated", 8}, {"Slave", 9}};

/// Whoever still listens who is there, or is not yet in step, is not calibrated.
inline std::int64_t ptp_status(const Camera& c) {
    using protocol::ptp::State;
    const auto state = c.device.ptp_state;
    const bool named = state == State::disabled || state == State::master || state == State::slave;
    return static_cast<std::int64_t>(named ? state : State::uncalibrated);
}

/// The Precision Time Protocol, IEEE 1588 (manual 5.15).
inline constexpr Feature kPtpControl[] = {
    {.info = {.name = "PtpEnable", .display = "PTP Enable", .address = 0x001F'0000, .type = Flag{},
              .visibility = Visibility::expert, .tip = "Whether the camera's clock takes part in the Precision Time Protocol."},
     .value = field<&Camera::settings, &Settings::ptp_enabled>},
    {.info = {.name = "PtpStatus", .display = "PTP Status", .address = 0x001F'0004, .type = Choice{kPtpStatuses},
              .access = Access::ro,
              .tip = "What the camera's clock does: lead others, follow one, or find out.", .polling_ms = 1000},
     .value = computed<ptp_status>},
};

}  // namespace emulator::features
