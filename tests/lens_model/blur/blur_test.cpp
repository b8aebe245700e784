#include <doctest/doctest.h>

#include "tests/lens_model/pictures.h"

using namespace lens_model;
using namespace lens_test;

TEST_CASE(
    "an ideal lens with a full pixel has its half contrast at 0.4665 cycles per pixel at F2.8, 0.2724 at "
    "F8") {
    for (const auto& [f, expected] : {std::pair{2.8, 0.4665}, std::pair{8.0, 0.2724}}) {
        const double found = half_contrast([f = f](double cycles) {
            const double lp = cycles / (kPixelPitch_um * 1e-3);
            return diffraction_mtf(f, 550, lp) * lens_figures::pixel_mtf(lp);
        });
        CHECK(found == doctest::Approx(expected).epsilon(0.005));
    }
}

TEST_CASE("diffraction ends at 1/λF, and a disc's contrast is zero at 1.22 over its diameter") {
    CHECK(diffraction_mtf(2.8, 550, 0) == 1);
    CHECK(diffraction_mtf(2.8, 550, 650) == 0);
    CHECK(diffraction_mtf(8, 550, 226) > 0);
    CHECK(disc_mtf(20, 0) == doctest::Approx(1));
    CHECK(std::abs(disc_mtf(20, 1.21967 / 20e-3)) < 1e-5);
    CHECK(disc_mtf(20, 1.5 / 20e-3) < 0);  // beyond it, bright becomes dark
    // Where the two halves of the Bessel function meet.
    CHECK(disc_mtf(2.9999 / std::numbers::pi, 1000) ==
          doctest::Approx(disc_mtf(3.0001 / std::numbers::pi, 1000)).epsilon(1e-3));
    CHECK(disc_mtf(2 / std::numbers::pi, 1000) == doctest::Approx(0.5767248).epsilon(1e-6));
    CHECK(disc_mtf(10 / std::numbers::pi, 1000) == doctest::Approx(2 * 0.04347275 / 10).epsilon(1e-5));
}

TEST_CASE("the slanted edge of a focused image has the half contrast of the analytic product, on the axis") {
    const Constants constants = without_stray_light();
    const Rect pixels{960, 700, 128, 136};
    for (const double zoom : {0.0, 500.0, 1000.0}) {
        for (const double f : {2.8, 8.0}) {
            if (zoom == 1000 && f == 2.8) continue;  // tele opens to F3.4
            CAPTURE(zoom);
            CAPTURE(f);
            const State state = lens_at(zoom, f, 5);
            const Edge edge{1024 - 768 * 0.0875, 0.0875};  // five degrees
            auto radiance = plain(pixels, margin_px(constants, state, 5), 2, 5, 0);
            draw_edge(radiance, edge, 4000, 1000);
            const SlantedEdge measured(image(radiance, constants, state), pixels, edge, 40);
            const Blur blur = lens_model::blur(constants, state, 5, 0, 1);
            const double expected = half_contrast([&](double cycles) {
                const double lp = cycles / (kPixelPitch_um * 1e-3);
                return lens_figures::mtf(blur, lp) * lens_figures::pixel_mtf(lp);
            });
            const double found = half_contrast([&](double cycles) { return measured.mtf(cycles); });
            MESSAGE("zoom ", zoom, " F", f, ": measured ", found, " c/px, product ", expected);
            CHECK(found == doctest::Approx(expected).epsilon(0.03));
        }
    }
}

namespace {

/// The diameter of the disc that a point of light becomes, from the second moment of the green pixels: d²/8,
/// and that of the residual blur beside it.
double disc_diameter_px(const Constants& constants, const State& state, double distance_m) {
    const Rect pixels{904, 648, 240, 240};
    auto radiance = plain(pixels, margin_px(constants, state, distance_m), 2, distance_m, 0);
    Layer& layer = radiance.layers.front();
    for (auto& plane : layer.signal) {
        for (int v = 0; v < 2; ++v) {
            for (int u = 0; u < 2; ++u) plane.at(2048 - layer.where.x + u, 1536 - layer.where.y + v) = 1e6F;
        }
    }
    const Mosaic mosaic = image(radiance, constants, state);
    double sum = 0, moment = 0;
    for (int y = 0; y < pixels.height; ++y) {
        for (int x = 0; x < pixels.width; ++x) {
            if (((x + y) & 1) == 0) continue;
            const double dx = pixels.x + x + 0.5 - 1024.5, dy = pixels.y + y + 0.5 - 768.5;
            sum += mosaic.at(x, y);
            moment += mosaic.at(x, y) * (dx * dx + dy * dy);
        }
    }
    const double sigma_px = blur(constants, state, distance_m, 0, 1).sigma_um / kPixelPitch_um;
    return std::sqrt(8 * (moment / sum - 2 * sigma_px * sigma_px - 1.0 / 3));
}

}  // namespace

TEST_CASE("the disc of a point grows in proportion to the focus error and to one over F") {
    Constants constants = without_stray_light();
    constants.wavelength_green_nm = 1;  // diffraction has no second moment
    for (const double counts : {60.0, 120.0, -240.0, 480.0}) {
        for (const double f : {2.8, 5.6}) {
            CAPTURE(counts);
            CAPTURE(f);
            State state = lens_at(500, f, 5);
            state.focus_counts += counts;
            const double expected =
                1.4714 * std::abs(counts) / working_f_number(constants, state) / kPixelPitch_um;
            CHECK(disc_diameter_px(constants, state, 5) == doctest::Approx(expected).epsilon(0.03));
        }
    }
}

TEST_CASE("a very wide blur, done on large samples, is as wide") {
    const Constants constants = without_stray_light();
    State state = lens_at(500, 2.04, 5);
    state.focus_counts = 9000;
    const double expected = blur(constants, state, 5, 0, 1).disc_um / kPixelPitch_um;
    CHECK(expected > 150);
    CHECK(disc_diameter_px(constants, state, 5) == doctest::Approx(expected).epsilon(0.03));
}

TEST_CASE("red, green and blue of a tele lens are not sharp at the same distance") {
    const State state = lens_at(1000, 3.4, 5);
    const double red = blur({}, state, 5, 0, 0).disc_um, green = blur({}, state, 5, 0, 1).disc_um;
    CHECK(red > 10);
    CHECK(green < 0.01);
}

TEST_CASE("the corner is softer than the middle, and stopping down helps") {
    const State open = lens_at(500, 2.04, 5), stopped = lens_at(500, 5.6, 5);
    CHECK(blur({}, open, 5, 1, 1).sigma_um > 1.5 * blur({}, open, 5, 0, 1).sigma_um);
    CHECK(blur({}, stopped, 5, 0, 1).sigma_um < 0.8 * blur({}, open, 5, 0, 1).sigma_um);
}
