#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>

#include "protocol/time.h"

namespace emulator {

using protocol::Time;

/// What faults change in the camera, as long as they are in force. Without any it is as built.
struct Disturbance {
    // Link.
    bool cable_out = false;      // nothing arrives, and nothing leaves
    bool stream_silent = false;  // no stream packet leaves
    std::optional<std::uint32_t> link_mbps{};
    Time ip_configuration{};  // what it takes longer until the camera answers
    /// A stream channel begins so many blocks before the last id, and the open one goes on there.
    std::optional<std::uint32_t> blocks_before_wrap{};
    bool ptp_master_gone = false;

    // Device.
    bool off = false;  // without power
    bool zoom_stuck = false, focus_stuck = false, iris_stuck = false;
    bool autofocus_stuck = false;  // it never ends
    bool strobe_dead = false;      // STROBE_OUT stays low
    /// Too warm: temperature of the housing, in degrees C.
    std::optional<double> over_temperature_c{};
    /// Hot pixels that were not there when the camera was built.
    struct HotPixels {
        Time since{};
        double per_s = 0;
        int most = 0;
        bool operator==(const HotPixels&) const = default;
    };
    std::optional<HotPixels> hot_pixels{};

    [[nodiscard]] double housing_c(double as_built_c) const {
        return over_temperature_c.value_or(as_built_c);
    }
    [[nodiscard]] int grown_hot_pixels(Time now) const {
        if (!hot_pixels || now < hot_pixels->since) return 0;
        const double grown = hot_pixels->per_s * protocol::seconds(now - hot_pixels->since);
        return static_cast<int>(std::min(grown, static_cast<double>(hot_pixels->most)));
    }
    bool operator==(const Disturbance&) const = default;
};

}  // namespace emulator
