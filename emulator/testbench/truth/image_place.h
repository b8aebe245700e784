#pragma once

#include "scenes/light/view.h"
#include "sensor_model/region.h"

namespace emulator::testbench {

/// One axis: image pixels are `scale` times sensor pixels from `zero` on; a flipped axis has a negative
/// scale.
struct Axis {
    double scale = 1, zero = 0;
    [[nodiscard]] double at(double sensor) const { return scale * (sensor - zero); }
};

/// Where places of the sensor are in the image as it is received; both have (0.5, 0.5) in the middle of their
/// first pixel. With skipping two pixels stand for four: a place is right to a quarter of an image pixel.
struct ImagePlace {
    Axis x, y;
    [[nodiscard]] scenes::light::Point at(scenes::light::Point sensor) const {
        return {x.at(sensor.x), y.at(sensor.y)};
    }
};
[[nodiscard]] ImagePlace image_place(const sensor_model::Region&);

}  // namespace emulator::testbench
