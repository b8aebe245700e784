#include "sensor_model/region.h"

#include <cassert>

namespace sensor_model {
namespace {

/// Of every four photosites along a skipped axis the first two are read.
int read_length(int length, int skip) { return skip == 1 ? length : length / 4 * 2 + length % 4; }

int read_from_frame(int read_length, bool reverse, int index) {
    if (!reverse) return index;
    return index < read_length - 1 ? read_length - 2 - index : 1;
}

int sensor_from_read(int first, int skip, int index) {
    assert(first % 2 == 0 && (skip == 1 || skip == 2));
    return first + (skip == 1 ? index : index / 2 * 4 + index % 2);
}

}  // namespace

int read_width(const Region& r) { return read_length(r.width, r.skip_x); }
int read_height(const Region& r) { return read_length(r.height, r.skip_y); }

int read_column_from_frame(const Region& r, int frame_column) {
    return read_from_frame(read_width(r), r.reverse_x, frame_column);
}

int read_row_from_frame(const Region& r, int frame_row) {
    return read_from_frame(read_height(r), r.reverse_y, frame_row);
}

int sensor_column_from_frame(const Region& r, int frame_column) {
    return sensor_from_read(r.x, r.skip_x, read_column_from_frame(r, frame_column));
}

int sensor_row_from_frame(const Region& r, int frame_row) {
    return sensor_from_read(r.y, r.skip_y, read_row_from_frame(r, frame_row));
}

}  // namespace sensor_model
