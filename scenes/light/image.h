#pragma once

#include <cassert>
#include <cstddef>
#include <vector>

namespace scenes::light {

/// A rectangle of samples or pixels; `x` and `y` are its upper left corner.
struct Rect {
    int x = 0, y = 0, width = 0, height = 0;
    bool operator==(const Rect&) const = default;
    [[nodiscard]] bool empty() const { return width <= 0 || height <= 0; }
};

/// Pixels of the image sensor (IMX265, manual 2).
inline constexpr Rect kSensor{0, 0, 2048, 1536};

/// Samples in rows without gaps; row 0 is the top of the picture.
template <class T>
struct Image {
    int width = 0, height = 0;
    std::vector<T> samples;

    Image() = default;
    Image(int width, int height, T value = T{})
        : width(width), height(height), samples(static_cast<std::size_t>(width) * height, value) {
        assert(width >= 0 && height >= 0);
    }
    [[nodiscard]] T* row(int y) { return samples.data() + static_cast<std::size_t>(y) * width; }
    [[nodiscard]] const T* row(int y) const { return samples.data() + static_cast<std::size_t>(y) * width; }
    [[nodiscard]] T& at(int x, int y) { return row(y)[x]; }
    [[nodiscard]] const T& at(int x, int y) const { return row(y)[x]; }
    bool operator==(const Image&) const = default;
};

}  // namespace scenes::light
