#pragma once

#include "scenes/light/isa.h"

namespace sensor_model {

/// What photosites of a row exchange with their neighbours; the two of each take turns, beginning with the
/// first column that is wanted.
struct Exchange {
    float kept[2], from_beside[2], from_above[2];
    float first_left, last_right;  // what the photosites beside the row have
};

/// held[x] = kept · here[x] + from_beside · (here[x - 1] + here[x + 1]) + from_above · (above[x] + below[x]),
/// at least 0.
using ExchangeRow = void (*)(const Exchange&, const float* above, const float* here, const float* below,
                             int width, float* held);

GIGEMU_FOR_EACH_ISA(void exchange_row(const Exchange&, const float* above, const float* here,
                                      const float* below, int width, float* held);)

}  // namespace sensor_model
