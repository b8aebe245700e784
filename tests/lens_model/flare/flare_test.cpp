#include "lens_model/flare/flare.h"

#include <doctest/doctest.h>

#include <cmath>
#include <numbers>
#include <vector>

using namespace lens_model;
using scenes::light::Mosaic;
using scenes::light::Rect;

namespace {

constexpr Rect kSensor{0, 0, 2048, 1536};
constexpr double kLight = 1e9, kX = 1000.5, kY = 700.5;

BrightSource lamp() {
    BrightSource source;
    source.at_px = {kX, kY};
    source.light = {kLight, kLight, kLight};
    source.distance_m = 1e9;
    return source;
}

Mosaic flare_of(double iris_steps, Rect part, const Constants& constants = {}) {
    Mosaic mosaic(part.width, part.height);
    add_flare(mosaic, part, std::vector{lamp()}, 0, {}, constants, {.iris_steps = iris_steps});
    return mosaic;
}

Mosaic star_of(double iris_steps) {
    Constants constants;
    constants.ghost_strength = 0;
    return flare_of(iris_steps, kSensor, constants);
}

/// Light on a circle about the lamp, on green pixels, degree by degree.
std::vector<double> on_circle(const Mosaic& mosaic, double radius_px) {
    std::vector<double> light;
    for (int degree = 0; degree < 360; ++degree) {
        const double angle = degree * std::numbers::pi / 180;
        const int x = static_cast<int>(kX + radius_px * std::cos(angle)),
                  y = static_cast<int>(kY + radius_px * std::sin(angle));
        light.push_back(mosaic.at(x + ((x + y) % 2 == 0 ? 1 : 0), y));
    }
    return light;
}

int maxima(const std::vector<double>& circle) {
    double mean = 0;
    for (const double v : circle) mean += v / static_cast<double>(circle.size());
    int count = 0;
    for (std::size_t i = 0; i < circle.size(); ++i)
        count += circle[i] > 2 * mean && circle[(i + circle.size() - 1) % circle.size()] <= 2 * mean;
    return count;
}

}  // namespace

TEST_CASE("seven blades make fourteen rays where the iris is closed, and none where it is open") {
    CHECK(maxima(on_circle(star_of(45), 150)) == 14);
    CHECK(maxima(on_circle(star_of(255), 150)) == 0);
}

TEST_CASE(
    "beyond a distance r comes down as much of a lamp's light as every opening sends there: 2 λF/(π² r)") {
    // At F22 and far from the core; of all that goes beyond 100 px, what goes beyond 200 px is a half.
    const auto star = star_of(45);
    const auto beyond = [&](double from_px, double to_px) {
        double sum = 0;
        for (int y = 0; y < kSensor.height; ++y)
            for (int x = (y + 1) % 2; x < kSensor.width; x += 2) {
                const double r = std::hypot(x + 0.5 - kX, y + 0.5 - kY);
                if (r >= from_px && r < to_px) sum += 2 * star.at(x, y);
            }
        return sum;
    };
    const double first = beyond(100, 200), second = beyond(200, 400);
    CHECK(first / second == doctest::Approx(2).epsilon(0.03));
    const Constants constants;
    const State state{.iris_steps = 45};
    const double wave_px = 22 * 0.550 / kPixelPitch_um;
    const double expected = kLight * exposure_factor(constants, state) * 2 /
                            (std::numbers::pi * std::numbers::pi) * wave_px * (1.0 / 100 - 1.0 / 200);
    CHECK(first == doctest::Approx(expected).epsilon(0.10));  // falloff and stray light take a little
}

TEST_CASE("parts of a star and of ghosts are the whole, to the bit") {
    const auto whole = flare_of(120, kSensor), star = star_of(120);
    for (const Rect part : {Rect{832, 600, 400, 300}, Rect{0, 0, 832, 832}, Rect{1664, 832, 384, 704}}) {
        const auto cut = flare_of(120, part);
        bool same = true;
        for (int y = 0; y < part.height; ++y)
            for (int x = 0; x < part.width; ++x)
                same = same && cut.at(x, y) == whole.at(part.x + x, part.y + y);
        CHECK(same);
    }
    CHECK_FALSE(whole == star);
}
