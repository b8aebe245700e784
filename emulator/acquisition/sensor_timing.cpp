#include "emulator/acquisition/sensor_timing.h"

#include <algorithm>

namespace emulator::acquisition {

sensor_model::Seconds row_time(const Profile& profile, const Settings& settings) {
    const auto read = region(settings.image);
    const auto shortest = sensor_model::row_time(profile.chip, read);
    if (!profile.row_time_follows_rate) return shortest;
    const auto rows = sensor_model::readout_rows(profile.chip, read);
    return std::max(shortest, sensor_model::Seconds(1 / (settings.acquisition.frame_rate_hz * rows)));
}

// What lies beside exposure and readout is counted in rows of the shortest time, so that a free run keeps its
// rates.
SensorTiming sensor_timing(const Profile& profile, const Settings& settings, Time transfer) {
    const auto& chip = profile.chip;
    const auto read = region(settings.image);
    const auto row = row_time(profile, settings);
    const auto readout = sensor_model::readout_time(chip, read, row);
    auto unexposed = settings;
    unexposed.exposure.time_us = 0;
    return {.row = row,
            .readout = readout,
            .exposure_gap = sensor_model::exposure_gap(chip, read),
            .rest = sensor_model::rest_time(chip, read),
            .frame_period = std::max(frame_period(chip, unexposed), transfer),
            .transfer_delay = std::max(Time::zero(), readout - transfer),
            .transfer = transfer};
}

}  // namespace emulator::acquisition
