#include <doctest/doctest.h>

#include "emulator/auto/measurement.h"

using namespace emulator::auto_functions;
using emulator::auto_functions::measure;

namespace {

/// Stripes, in green too, within a rectangle of the image; grey everywhere else.
scenes::light::Image<std::uint16_t> striped(int width, int height, const Rect& where) {
    scenes::light::Image<std::uint16_t> dn(width, height, std::uint16_t{1000});
    for (int y = where.y; y < where.y + where.height; ++y)
        for (int x = where.x; x < where.x + where.width; ++x) dn.row(y)[x] = x / 2 % 2 ? 1500 : 500;
    return dn;
}

}  // namespace

TEST_CASE("nothing is measured that is not requested") {
    const auto seen = measure({}, striped(64, 64, {0, 0, 64, 64}), {}, {}, {});
    CHECK_FALSE(seen.statistics);
    CHECK_FALSE(seen.sharpness);
}

TEST_CASE("autofocus measures in its rectangle on the sensor, wherever the image lies on it") {
    emulator::Settings settings;
    const sensor_model::Region read{.x = 800, .y = 600, .width = 400, .height = 300};
    const auto dn = striped(400, 300, {200, 100, 100, 100});  // the sensor's 1000..1100, 700..800
    const auto sharp_at = [&](const Rect& on_sensor) {
        settings.automatic.focus_region_enabled = true;
        settings.automatic.focus_region = on_sensor;
        return measure({.sharpness = true}, dn, settings, read, {}).sharpness->coarse;
    };
    CHECK(sharp_at({1000, 700, 100, 100}) > 1e6);
    CHECK(sharp_at({820, 620, 128, 60}) == 0);
    // Beside the image: moved into it, to its nearest corner.
    CHECK(sharp_at({0, 0, 128, 60}) == 0);
    CHECK(sharp_at({1900, 620, 128, 200}) > 0);
    // The whole image, if it is off.
    settings.automatic.focus_region = {820, 620, 128, 60};
    settings.automatic.focus_region_enabled = false;
    CHECK(measure({.sharpness = true}, dn, settings, read, {}).sharpness->coarse > 0);
}

TEST_CASE("what is drawn for autofocus is its rectangle on the sensor, and of a large one the middle") {
    Settings settings;
    const sensor_model::Region all{}, small{.x = 100, .y = 200, .width = 640, .height = 480};
    CHECK(drawn_for_focus(settings, small) == Rect{100, 200, 640, 480});
    const Rect middle = drawn_for_focus(settings, all);
    CHECK(middle.x + middle.width / 2 == 1024);
    CHECK(middle.y + middle.height / 2 == 768);
    CHECK(middle.width < 2048);
    settings.focus_region_enabled = true;
    settings.focus_region = {300, 400, 128, 64};
    CHECK(drawn_for_focus(settings, all) == Rect{300, 400, 128, 64});
    settings.focus_region = {1900, 1500, 640, 480};
    CHECK(drawn_for_focus(settings, small) == Rect{100, 200, 640, 480});
}
