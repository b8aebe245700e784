#pragma once

#include <array>
#include <cstdint>

#include "emulator/acquisition/frame_set.h"
#include "emulator/acquisition/strobe.h"
#include "emulator/acquisition/trigger.h"
#include "emulator/auto/settings.h"
#include "emulator/isp/settings.h"
#include "protocol/gvsp/pixel_format.h"

namespace emulator {

using protocol::gvsp::PixelFormat;

/// Image format: readout region, decimation, flips and pixel format. Offsets are in pixels of the image, as
/// clients set them.
struct ImageFormat {
    PixelFormat pixel_format = PixelFormat::BayerRG8;
    std::int64_t width = scenes::light::kSensor.width, height = scenes::light::kSensor.height;
    std::int64_t offset_x = 0, offset_y = 0;
    bool offset_auto_center = true;
    bool reverse_x = false, reverse_y = false;
    std::int64_t decimation_x = 1, decimation_y = 1;
    std::int64_t binning_x = 1, binning_y = 1;
    bool operator==(const ImageFormat&) const = default;
};

struct Exposure {
    double time_us = 33'333;
    double gain_db = 0;
    double black_level_dn = 240;
    bool operator==(const Exposure&) const = default;
};

struct Acquisition {
    std::int64_t mode = 0;
    double frame_rate_hz = 30;
    bool throughput_limited = false;
    std::int64_t throughput_limit_bytes_per_s = 125'000'000;
    bool operator==(const Acquisition&) const = default;
};

/// Target positions of the lens motors, in the manual's steps.
struct Lens {
    std::int64_t zoom = 0;
    std::int64_t focus = 10'000;
    std::int64_t iris = 255;
    bool ir_cut = true;
    bool operator==(const Lens&) const = default;
};

/// Which events are sent, by their place in EventSelector.
struct Events {
    enum Name : std::uint8_t {
        exposure_end,
        frame_trigger_missed,
        line1_falling_edge,
        line1_rising_edge,
        focus_move_completed,
        zoom_move_completed,
        test,
        count
    };
    std::uint8_t selected = exposure_end;
    std::array<bool, count> notify{};
    bool operator==(const Events&) const = default;
};

/// Selectors with one choice each.
struct DeviceChoices {
    std::int64_t link = 0, stream_channel = 0, gev_stream_channel = 0;
    bool operator==(const DeviceChoices&) const = default;
};

/// Chunks enabled, by their value in ChunkSelector. The image always is.
struct Chunks {
    enum Name : std::uint8_t { image, exposure_time, gain, count };
    bool active = false;
    std::uint8_t selected = exposure_time;
    std::array<bool, count> enabled{true, false, false};
    bool operator==(const Chunks&) const = default;
};

/// Values of selectors.
struct Selectors {
    std::int64_t trigger = 0;
    std::int64_t balance_ratio = 0;  // red, green, blue
    std::int64_t colour_matrix = 0;  // Gain00 .. Gain22, by rows
    std::int64_t lut_index = 0;
    std::int64_t lut = 0, colour_transformation = 0;  // of one each
    std::int64_t user_set = 0;                        // the factory's, UserSet1, UserSet2
    std::int64_t temperature = 0;                     // sensor, mainboard, powerboard
    bool operator==(const Selectors&) const = default;
};

/// What ActionSchedulerCommit puts into the queue.
struct PlannedAction {
    std::int64_t selected = 0;
    std::int64_t time_ns = 0;
    std::int64_t interval_us = 0;  // 0: once
    bool operator==(const PlannedAction&) const = default;
};

struct TransportLayer {
    bool parameters_locked = false;  // TLParamsLocked, set by a client before it allocates its buffers
    bool operator==(const TransportLayer&) const = default;
};

/// All that a client can set, with its value at power-up.
struct Settings {
    ImageFormat image;
    ImageFormat what_if;  // for TestControl's what-if features; never applied
    Exposure exposure;
    Acquisition acquisition;
    acquisition::TriggerSettings trigger;
    acquisition::StrobeSettings strobe;
    acquisition::FrameSetSettings frame_set;
    Lens lens;
    isp::Settings isp;
    auto_functions::Settings automatic;
    Selectors selectors;
    Events events;
    Chunks chunks;
    TransportLayer transport;
    PlannedAction action;
    DeviceChoices device;
    bool ptp_enabled = true;
    std::int64_t pending_ack_test_ms = 0;
    bool operator==(const Settings&) const = default;
};

}  // namespace emulator
