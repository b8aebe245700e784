#include "emulator/auto/regions.h"

#include <algorithm>

namespace emulator::auto_functions {
namespace {

int even(int value) { return value & ~1; }

struct Stretch {
    int first, length;
};

/// Limits a length, and moves the interval into range.
Stretch fitted(Stretch wanted, int length) {
    const int fits = std::clamp(even(wanted.length), 2, std::max(2, even(length)));
    return {even(std::clamp(wanted.first, 0, std::max(0, length - fits))), fits};
}

/// Cuts an interval: its beginning leaves room for the smallest length, its end lies within the image.
Stretch cut(Stretch wanted, int length) {
    const int first = std::clamp(even(wanted.first), 0, std::max(0, even(length - kMinRegion)));
    return {first, std::clamp(even(wanted.length), std::min(kMinRegion, length), even(length - first))};
}

Rect fitted(const Rect& wanted, int width, int height) {
    const Stretch x = fitted(Stretch{wanted.x, wanted.width}, width),
                  y = fitted(Stretch{wanted.y, wanted.height}, height);
    return {x.first, y.first, x.length, y.length};
}

/// From the sensor's pixels, counted from the first that is read, to those of the image.
Stretch in_image(Stretch on_sensor, int read_length, int skip, bool reversed) {
    const Stretch read = fitted(on_sensor, read_length);
    const Stretch kept = {even(read.first / skip), std::max(2, even(read.length / skip))};
    return reversed ? Stretch{std::max(0, even(read_length / skip) - kept.first - kept.length), kept.length}
                    : kept;
}

}  // namespace

Rect whole_places(const Rect& region, int width, int height) {
    const int left = even(std::clamp(region.x, 0, width)), top = even(std::clamp(region.y, 0, height));
    const int right = even(std::clamp(region.x + region.width, 0, width));
    const int bottom = even(std::clamp(region.y + region.height, 0, height));
    return {left, top, std::max(0, right - left), std::max(0, bottom - top)};
}

Rect auto_functions_region(RegionPreset preset, const Rect& custom, int image_width, int image_height) {
    const int w = image_width, h = image_height, half = std::max(2, even(h / 2));
    const auto centred = [&](int part) {
        const int width = std::max(2, even(w / part)), height = std::max(2, even(h / part));
        return Rect{even((w - width) / 2), even((h - height) / 2), width, height};
    };
    switch (preset) {
        case RegionPreset::custom: {
            const Stretch x = cut({custom.x, custom.width}, w), y = cut({custom.y, custom.height}, h);
            return {x.first, y.first, x.length, y.length};
        }
        case RegionPreset::center_50:
            return centred(2);
        case RegionPreset::center_25:
            return centred(4);
        case RegionPreset::bottom_half:
            return {0, h - half, w, half};
        case RegionPreset::top_half:
            return {0, 0, w, half};
        case RegionPreset::full:
            break;
    }
    return {0, 0, w, h};
}

Rect auto_focus_part(const Rect& on_sensor, const sensor_model::Region& read) {
    Rect part = fitted({on_sensor.x - read.x, on_sensor.y - read.y, on_sensor.width, on_sensor.height},
                       read.width, read.height);
    part.x += read.x;
    part.y += read.y;
    return part;
}

Rect auto_focus_region(const Rect& on_sensor, const sensor_model::Region& read) {
    const Stretch x =
        in_image({on_sensor.x - read.x, on_sensor.width}, read.width, read.skip_x, read.reverse_x);
    const Stretch y =
        in_image({on_sensor.y - read.y, on_sensor.height}, read.height, read.skip_y, read.reverse_y);
    return {x.first, y.first, x.length, y.length};
}

}  // namespace emulator::auto_functions
