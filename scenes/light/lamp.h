#pragma once

#include <array>
#include <chrono>
#include <span>
#include <vector>

#include "scenes/light/spectrum.h"

namespace scenes::light {

/// A span of time, counted from the start of an exposure.
struct Interval {
    double start_s = 0, end_s = 0;
};

/// A lamp on the mains: level(t) = 1 + Σ depth_k cos(2π · 2 mains_hz · k · (t − lag) + phase_k).
struct Flicker {
    double mains_hz = 50;
    std::array<double, 3> depth{0.3, 0, 0};  // of the first harmonics of twice the mains frequency
    std::array<double, 3> phase_rad{0, 0, 0};
    std::array<double, 3> lag_s{0, 0, 0};  // of red, green and blue: decay times of phosphors differ
    bool operator==(const Flicker&) const = default;
};

inline constexpr double kLongestDelay_s = 1;

/// A lamp that a line of the camera switches: full level while the line is high, later by `delay_s`.
struct Driven {
    double delay_s = 0;  // 0 to kLongestDelay_s
    double level_off = 0;
    bool active_low = false;  // full level while the line is low instead
    bool operator==(const Driven&) const = default;
};

/// Waveform of a lamp's light over time. 1 is the full level: the mean of a flickering lamp.
struct Waveform {
    enum class Kind { steady, flicker, driven } kind = Kind::steady;
    Flicker flicker{};
    Driven driven{};
    [[nodiscard]] bool is_switched() const { return kind == Kind::driven; }
    bool operator==(const Waveform&) const = default;
};

struct Lamp {
    Spectrum irradiance;  // W/(m² nm) on the surface that it lights, at full level
    Waveform waveform;
};

/// When a driven lamp has its full level during an exposure: in order, within it, and apart from each other.
/// `line_high` says when its line is high (in order and disjoint), from `delay_s` before the exposure on.
[[nodiscard]] std::vector<Interval> lit(const Driven&, double exposure_s,
                                        std::span<const Interval> line_high);
/// Its level at a time since the start of the exposure.
[[nodiscard]] double level_at(const Driven&, double time_s, std::span<const Interval> line_high);

/// The mean level during an exposure, exactly: flicker comes out scaled by sinc(2 mains_hz k exposure_s).
///
/// `start` is by the camera's clock; `line_high` says when its line is high (disjoint intervals); `channel`
/// is 0 R, 1 G or 2 B. With no exposure at all it is the level at that moment.
[[nodiscard]] double mean_level(const Waveform&, std::chrono::nanoseconds start, double exposure_s,
                                std::span<const Interval> line_high = {}, int channel = 1);

}  // namespace scenes::light
