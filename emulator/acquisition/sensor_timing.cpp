#include "emulator/acquisition/sensor_timing.h"

#include <algorithm>

namespace emulator::acquisition {

SensorTiming sensor_timing(const Chip& chip, const Settings& settings, Time transfer) {
    const auto read = region(settings.image);
    const auto readout = sensor_model::readout_time(chip, read);
    auto unexposed = settings;
    unexposed.exposure.time_us = 0;
    return {.row = sensor_model::row_time(chip, read),
            .readout = readout,
            .exposure_gap = sensor_model::exposure_gap(chip, read),
            .rest = sensor_model::sequential_period(chip, read, Time::zero()) - readout,
            .frame_period = std::max(frame_period(chip, unexposed), transfer)};
}

}  // namespace emulator::acquisition
