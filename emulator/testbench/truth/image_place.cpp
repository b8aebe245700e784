#include "emulator/testbench/truth/image_place.h"

namespace emulator::testbench {
namespace {

// Of every four photosites along a skipped axis the first two are read; a flipped image ends one photosite
// early, so that it begins with red.
Axis axis(int first, int skip, bool reverse, int read) {
    const Axis forward =
        skip == 1 ? Axis{1, static_cast<double>(first)} : Axis{0.5, static_cast<double>(first) - 1};
    if (!reverse) return forward;
    return {-forward.scale, forward.zero + (read - 1) / forward.scale};
}

}  // namespace

ImagePlace image_place(const sensor_model::Region& r) {
    return {axis(r.x, r.skip_x, r.reverse_x, read_width(r)),
            axis(r.y, r.skip_y, r.reverse_y, read_height(r))};
}

}  // namespace emulator::testbench
