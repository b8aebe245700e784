#include "sensor_model/timing.h"

#include <algorithm>
#include <cmath>

namespace sensor_model {
namespace {

std::chrono::nanoseconds rounded(Seconds time) {
    return std::chrono::nanoseconds(std::llround(time.count() * 1e9));
}

}  // namespace

Seconds row_time(const Chip& chip, const Region& region) {
    const double columns = read_width(region) + chip.columns_per_row_extra;
    return Seconds((chip.clocks_per_column * columns + chip.clocks_per_row) / chip.line_clock_hz);
}

double readout_rows(const Chip& chip, const Region& region) { return read_height(region) + chip.blank_rows; }

std::chrono::nanoseconds readout_time(const Chip& chip, const Region& region) {
    return readout_time(chip, region, row_time(chip, region));
}

std::chrono::nanoseconds readout_time(const Chip& chip, const Region& region, Seconds row) {
    return rounded(readout_rows(chip, region) * row);
}

std::chrono::nanoseconds exposure_gap(const Chip& chip, const Region& region) {
    return rounded(chip.exposure_gap_rows * row_time(chip, region) - Seconds(chip.exposure_offset_us * 1e-6));
}

std::chrono::nanoseconds overlapped_period(const Chip& chip, const Region& region,
                                           std::chrono::nanoseconds exposure) {
    return std::max(readout_time(chip, region), exposure + exposure_gap(chip, region));
}

std::chrono::nanoseconds rest_time(const Chip& chip, const Region& region) {
    return rounded(chip.exposure_gap_rows * row_time(chip, region));
}

}  // namespace sensor_model
