#include "sensor_model/region.h"

#include <cassert>

namespace sensor_model {
namespace {

/// Of every four photosites along a skipped axis the first two are read.
int read_length(int length, int skip) { return skip == 1 ? length : length / 4 * 2 + (length % 4 < 2 ? length % 4 : 2); }

int sensor_from_frame(int first, int length, int skip, bool reverse, int index) {
    assert(first % 2 == 0 && length % 2 == 0 && (skip == 1 || skip == 2));
    const int forward = skip == 1 ? index : index / 2 * 4 + index % 2;
    const int place = reverse ? first + length - 2 - forward : first + forward;
    return place < 0 ? place + 2 : place;
}

}  // namespace

int read_width(const Region& r) { return read_length(r.width, r.skip_x); }
int read_height(const Region& r) { return read_length(r.height, r.skip_y); }

int sensor_column_from_frame(const Region& r, int frame_column) {
    return sensor_from_frame(r.x, r.width, r.skip_x, r.reverse_x, frame_column);
}

int sensor_row_from_frame(const Region& r, int frame_row) {
    return sensor_from_frame(r.y, r.height, r.skip_y, r.reverse_y, frame_row);
}

}  // namespace sensor_model
