#pragma once

#include "emulator/auto/settings.h"

namespace emulator::auto_functions {

/// What makes a frame bright. Its light, relative to 1 us at 0 dB behind an open iris, is
///
///     exposure_us * 10^(gain_db / 20) * ((iris_steps - closed) / (255 - closed))^2
///
/// because the area of the iris goes with the square of its diameter.
struct ExposureTriple {
    double exposure_us = 10'000;
    double gain_db = 0;
    double iris_steps = 255;  // 255 is fully open
    bool operator==(const ExposureTriple&) const = default;
};

/// The exposure that fits a frame period: ExposureAutoUpperLimit while the camera keeps it itself.
[[nodiscard]] double longest_exposure_us(double frame_rate_hz);

/// What is automatic, moved into its limits. Where limits cross, the lower one counts.
[[nodiscard]] ExposureTriple within_limits(const ExposureTriple&, const AutoExposureSettings&);

/// Whether a frame was made with this exposure and gain. The iris may still be moving: its place is part of
/// what was measured.
[[nodiscard]] bool in_effect(const ExposureTriple& measured_with, const ExposureTriple&);

/// The triple of `factor` times as much light as `from`. The order is exposure, iris, gain: the first takes
/// all the light that it can, the next what is left. What is not automatic stays as it is in `current`.
[[nodiscard]] ExposureTriple brightened(const ExposureTriple& from, double factor,
                                        const ExposureTriple& current, const AutoExposureSettings&);

}  // namespace emulator::auto_functions
