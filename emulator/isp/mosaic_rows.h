#pragma once

#include <cstdint>
#include <functional>

#include "scenes/light/image.h"

namespace emulator::isp {

/// The rows of a mosaic, codes of 12 bits, one after the other: `row(y)` is called once for each, from the
/// top, and what it returns is valid until the next call. So the sensor's rows are processed while they are
/// in the cache.
struct MosaicRows {
    int width = 0, height = 0;
    std::function<const std::uint16_t*(int y)> row;
};

/// The rows of a mosaic that outlives them.
[[nodiscard]] inline MosaicRows rows_of(const scenes::light::Image<std::uint16_t>& dn) {
    return {dn.width, dn.height, [&dn](int y) { return dn.row(y); }};
}

}  // namespace emulator::isp
