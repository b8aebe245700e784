#include "sensor_model/sensor.h"

#include <cassert>

#include "sensor_model/row_exposer.h"

namespace sensor_model {

RawFrame unexposed(const Settings& settings) {
    return {scenes::light::Image<std::uint16_t>(read_width(settings.region), read_height(settings.region))};
}

void expose_rows(const Chip& chip, const FixedPattern& pattern, const Exposure& exposure,
                 const Settings& settings, const FrameSeed& seed, RowSpan rows, RawFrame& frame, Isa isa) {
    assert(frame.dn.width == read_width(settings.region) && frame.dn.height == read_height(settings.region));
    RowExposer exposer(chip, pattern, exposure, settings, seed, isa);
    for (int y = rows.first; y < rows.last; ++y) exposer.expose(y, frame.dn.row(y));
}

RawFrame expose(const Chip& chip, const FixedPattern& pattern, const Exposure& exposure,
                const Settings& settings, const FrameSeed& seed, Isa isa) {
    RawFrame frame = unexposed(settings);
    expose_rows(chip, pattern, exposure, settings, seed, {0, frame.dn.height}, frame, isa);
    return frame;
}

}  // namespace sensor_model
