#pragma once

#include "emulator/camera/camera.h"
#include "emulator/features/feature.h"

// clang-format off
namespace emulator::features {

/// The four port states of the manual (5.15.2), by their numbers in IEEE 1588.
inline constexpr Entry kPtpStatuses[] = {{"Disabled", 3}, {"Master", 6}, {"Uncalibrated", 8}, {"Slave", 9}};

/// Listening, pre-master and uncalibrated ports read Uncalibrated.
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
              .tip = "State of the PTP port: master, slave, uncalibrated or disabled.", .polling_ms = 1000},
     .value = computed<ptp_status>},
};

}  // namespace emulator::features
