#include <doctest/doctest.h>

#include <random>

#include "emulator/auto/regions.h"

using namespace emulator::auto_functions;

namespace {

bool inside(const Rect& r, int width, int height) {
    return r.x >= 0 && r.y >= 0 && r.width > 0 && r.height > 0 && r.x + r.width <= width &&
           r.y + r.height <= height && r.x % 2 == 0 && r.y % 2 == 0 && r.width % 2 == 0 && r.height % 2 == 0;
}

}  // namespace

TEST_CASE("the presets are parts of the image as it is sent") {
    const auto of = [](RegionPreset preset) { return auto_functions_region(preset, {}, 640, 480); };
    CHECK(of(RegionPreset::full) == Rect{0, 0, 640, 480});
    CHECK(of(RegionPreset::center_50) == Rect{160, 120, 320, 240});
    CHECK(of(RegionPreset::center_25) == Rect{240, 180, 160, 120});
    CHECK(of(RegionPreset::top_half) == Rect{0, 0, 640, 240});
    CHECK(of(RegionPreset::bottom_half) == Rect{0, 240, 640, 240});
}

TEST_CASE(
    "a rectangle that fits is used as it is, one that does not ends at the edge, and leaves room for 16 "
    "pixels") {
    const auto of = [](const Rect& custom) {
        return auto_functions_region(RegionPreset::custom, custom, 640, 480);
    };
    CHECK(of({100, 50, 200, 100}) == Rect{100, 50, 200, 100});
    CHECK(of({2032, 1520, 16, 16}) == Rect{624, 464, 16, 16});
    CHECK(of({0, 0, 2048, 1536}) == Rect{0, 0, 640, 480});
    CHECK(of({600, 50, 200, 100}) == Rect{600, 50, 40, 100});
    CHECK(auto_functions_region(RegionPreset::custom, {0, 100, 528, 100}, 528, 4) == Rect{0, 0, 528, 4});
}

TEST_CASE("the region of autofocus stays on its place of the sensor when the partial scan moves") {
    const Rect target{1000, 700, 128, 64};
    CHECK(auto_focus_region(target, {}) == Rect{1000, 700, 128, 64});
    CHECK(auto_focus_region(target, {.x = 900, .y = 600, .width = 640, .height = 480}) ==
          Rect{100, 100, 128, 64});
    CHECK(auto_focus_region(target, {.skip_x = 2, .skip_y = 2}) == Rect{500, 350, 64, 32});
    CHECK(auto_focus_region(target, {.reverse_x = true, .reverse_y = true}) == Rect{920, 772, 128, 64});
    CHECK(auto_focus_region(target, {.x = 0, .y = 0, .width = 640, .height = 480}) ==
          Rect{512, 416, 128, 64});
}

TEST_CASE("whatever is set, the regions are inside the image") {
    std::mt19937 random(41);
    const auto below = [&](std::uint32_t n) { return static_cast<int>(random() % n); };
    for (int i = 0; i < 2000; ++i) {
        sensor_model::Region read{.width = 528 + 16 * below(96), .height = 4 + 4 * below(384)};
        read.x = 4 * below(static_cast<std::uint32_t>(2048 - read.width) / 4 + 1);
        read.y = 4 * below(static_cast<std::uint32_t>(1536 - read.height) / 4 + 1);
        read.skip_x = 1 + below(2);
        read.skip_y = 1 + below(2);
        read.reverse_x = below(2) == 1;
        read.reverse_y = below(2) == 1;
        const int width = read_width(read), height = read_height(read);
        const Rect wanted{below(1921), below(1521), 128 + below(1921), 16 + below(1521)};
        CHECK(inside(auto_focus_region(wanted, read), width, height));
        for (int preset = 0; preset < 6; ++preset)
            CHECK(inside(auto_functions_region(static_cast<RegionPreset>(preset), wanted, width, height),
                         width, height));
    }
}
