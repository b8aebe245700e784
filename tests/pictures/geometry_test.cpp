#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <sstream>

#include "tests/support/measure_dots.h"
#include "tests/support/measure_photons.h"

using namespace measure;
using scenes::light::Point;

namespace {

constexpr double kDistance_m = 2.5, kPitch_mm = 3.45e-3;

/// The manual's table: focal length in mm every 50 steps of zoom, for objects at 2.5 m.
constexpr std::array kFocalLength_mm{6.5,  7.2,  7.9,  8.9,  9.6,  10.5, 11.8, 13.2, 14.7, 17.7, 19.0,
                                     22.0, 25.5, 30.7, 36.2, 44.2, 53.4, 64.9, 79.2, 91.3, 114.5};

/// Pairs of dots on a wall, each pair twice as wide apart as the one within it.
std::string pairs_of_dots(double innermost_m, int pairs) {
    std::ostringstream json;
    json
        << R"({"light": {"illuminance_lx": 1000}, "background": {"reflectance": 0.8, "distance_m": 2.5}, "items": [)";
    double apart_m = innermost_m;
    for (int i = 0; i < pairs; ++i, apart_m *= 2) {
        for (const int side : {-1, 1}) {
            const double size_m = apart_m / 5;
            json << (i > 0 || side > 0 ? ", " : "") << R"({"name": ")" << i << side
                 << R"(", "kind": "dot_grid", "columns": 1, "rows": 1, "light": 0.8, "pitch_m": )" << size_m
                 << R"(, "diameter_m": )" << 0.8 * size_m << R"(, "position_m": [)" << side * apart_m / 2
                 << ", 0, 2.5]}";
        }
    }
    json << "]}";
    return json.str();
}

/// Crosstalk lets each colour see a little of the others: without it a plane shows what the lens does alone.
emulator::Profile without_crosstalk() {
    emulator::Profile profile;
    profile.chip.crosstalk_red = profile.chip.crosstalk_green = profile.chip.crosstalk_blue = 0;
    return profile;
}

/// A dot grid at 2.5 m that the zoom sees as a whole, in focus, well exposed.
struct Dots : Bench {
    explicit Dots(int zoom, double focal_length_mm)
        : Bench("dot_grid",
                {"items.dots.pitch_m=" + std::to_string(0.08 * 6.5 / focal_length_mm),
                 "items.dots.diameter_m=" + std::to_string(0.04 * 6.5 / focal_length_mm)},
                without_crosstalk()) {
        settings.lens.zoom = zoom;
        focus_at(kDistance_m);
        stop_to(4);
        settings.exposure.time_us = 30'000;
    }
};

/// Least squares of y = a + b x + c x².
std::array<double, 3> parabola(const std::vector<double>& x, const std::vector<double>& y) {
    std::array<std::array<double, 4>, 3> m{};
    for (std::size_t i = 0; i < x.size(); ++i) {
        const std::array<double, 3> power{1, x[i], x[i] * x[i]};
        for (std::size_t r = 0; r < 3; ++r) {
            for (std::size_t c = 0; c < 3; ++c) m[r][c] += power[r] * power[c];
            m[r][3] += power[r] * y[i];
        }
    }
    for (std::size_t p = 0; p < 3; ++p) {
        for (std::size_t r = 0; r < 3; ++r) {
            if (r == p) continue;
            const double k = m[r][p] / m[p][p];
            for (std::size_t c = p; c < 4; ++c) m[r][c] -= k * m[p][c];
        }
    }
    return {m[0][3] / m[0][0], m[1][3] / m[1][1], m[2][3] / m[2][2]};
}

}  // namespace

TEST_CASE("the field of view at 2.5 m is the manual's at all 21 points of the zoom, within 0.3 %") {
    constexpr double kInnermost_m = 0.015;
    Bench bench(scene_of(pairs_of_dots(kInnermost_m, 6)));
    double worst = 0;
    for (std::size_t i = 0; i < kFocalLength_mm.size(); ++i) {
        CAPTURE(kFocalLength_mm[i]);
        bench.settings.lens.zoom = 50 * static_cast<std::int64_t>(i);
        bench.focus_at(kDistance_m);
        bench.stop_to(4);
        bench.settings.exposure.time_us = 10'000;
        bench.aim_at_axis(720, 160);

        // The widest pair within 400 pixels: near the axis there is no distortion yet.
        const double m_per_px = kPitch_mm / kFocalLength_mm[i] * kDistance_m;
        double apart_m = kInnermost_m;
        while (2 * apart_m / m_per_px < 400) apart_m *= 2;
        const Picture picture = bench.shoot_mean(4);
        auto dots = find_dots(picture, 1, 240 + 0.5 * (mean_dn(picture, 1) - 240));
        const double size_px = apart_m / 5 / m_per_px, expected_px = apart_m / m_per_px;
        const double axis_px = bench.view().centre_px.x;
        std::erase_if(dots, [&](const Dot& dot) {
            return std::abs(std::abs(dot.at_px.x - axis_px) - expected_px / 2) > size_px;
        });
        REQUIRE(dots.size() == 2);
        const double measured_px = std::abs(dots[0].at_px.x - dots[1].at_px.x);
        const double share = measured_px / expected_px;
        worst = std::max(worst, std::abs(share - 1));
        CHECK(share == doctest::Approx(1).epsilon(0.003));
    }
    MESSAGE("the largest deviation of 21 is " << 100 * worst << " %");
}

TEST_CASE("distortion and lateral colour are recovered from a dot grid within 5 % of the model") {
    struct Setting {
        int zoom;
        double focal_length_mm;
    };
    for (const Setting& setting : {Setting{0, 6.5}, Setting{500, 19}, Setting{1000, 114.5}}) {
        CAPTURE(setting.zoom);
        Dots bench(setting.zoom, setting.focal_length_mm);
        const auto view = bench.view();
        const Picture picture = bench.shoot_mean(8);
        const double pitch_px = 0.08 * 6.5 / (kDistance_m * kPitch_mm);
        std::array<Grid, 3> grids;
        for (int c = 0; c < 3; ++c) {
            const double ground_dn = mean_dn(picture, c, {1054, 798}, 8) - 240;
            const auto dots = find_dots(picture, c, 240 + 0.28 * ground_dn);
            grids[static_cast<std::size_t>(c)] = grid_of(dots, view.centre_px, pitch_px);
        }
        const Grid& green = grids[1];
        REQUIRE(green.size() > 600);

        // The middle dot stands on the axis. Its neighbours' distances against the pinhole's: s (1 + k q + l
        // q²).
        const Point centre = green.at({0, 0}).at_px;
        std::vector<double> squares, ratios;
        for (const auto& [place, dot] : green) {
            const double pinhole_px = pitch_px * std::hypot(place.first, place.second);
            if (pinhole_px < 100) continue;
            const double seen_px = std::hypot(dot.at_px.x - centre.x, dot.at_px.y - centre.y);
            squares.push_back(std::pow(pinhole_px / 1280, 2));
            ratios.push_back(seen_px / pinhole_px);
        }
        const auto [scale, k, l] = parabola(squares, ratios);
        const double corner = (k + l) / scale, model = view.distortion + view.distortion_r4;
        MESSAGE("zoom " << setting.zoom << ": " << green.size() << " dots, distortion in the corner "
                        << 100 * corner << " %, model " << 100 * model << " %");
        CHECK(corner == doctest::Approx(model).epsilon(0.05));

        // Red and blue against green: a magnification, given in pixels at the corner.
        for (const std::size_t c : {std::size_t{0}, std::size_t{2}}) {
            double along = 0, radii = 0;
            const Point middle = grids[c].at({0, 0}).at_px;
            for (const auto& [place, dot] : grids[c]) {
                const auto other = green.find(place);
                if (other == green.end()) continue;
                const double x = other->second.at_px.x - centre.x, y = other->second.at_px.y - centre.y;
                const double dx = dot.at_px.x - middle.x - x, dy = dot.at_px.y - middle.y - y;
                along += x * dx + y * dy, radii += x * x + y * y;
            }
            const double corner_px = 1280 * along / radii, model_px = 1280 * (view.magnification[c] - 1);
            MESSAGE(std::string(c == 0 ? "red " : "blue ")
                    << corner_px << " px, model " << model_px << " px");
            CHECK(corner_px == doctest::Approx(model_px).epsilon(0.05));
        }
    }
}
