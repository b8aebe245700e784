#include <doctest/doctest.h>

#include <numbers>

#include "scenes/kernels/edge_areas.h"
#include "tests/scenes/scene_support.h"

using namespace scenes;
using namespace scenes::testing;

namespace {

/// White things on black, so that light is the covered area.
std::string white_on_black(const std::string& items) {
    return R"({"light": {}, "background": {"reflectance": 0, "distance_m": 50}, "items": [)" + items + "]}";
}

double total(const light::Image<float>& image) {
    double sum = 0;
    for (const float v : image.samples) sum += v;
    return sum;
}

/// The covered area of the nearest layer in px².
double covered_px(const light::Radiance& radiance) {
    return total(radiance.layers.back().coverage) / (radiance.samples_per_pixel * radiance.samples_per_pixel);
}

constexpr Raster kFrame{{0, 0, 2048, 1536}, 0, 1};

}  // namespace

TEST_CASE("the area beyond an edge is exact") {
    for (int turn = 0; turn < 48; ++turn)
        for (double distance = -0.8; distance <= 0.8; distance += 0.1) {
            const double angle = turn * std::numbers::pi / 24 + 0.01;
            const double a = std::cos(angle), b = std::sin(angle);
            constexpr int n = 200;
            int inside = 0;
            for (int j = 0; j < n; ++j)
                for (int i = 0; i < n; ++i)
                    inside += distance + a * ((i + 0.5) / n - 0.5) + b * ((j + 0.5) / n - 0.5) > 0;
            CHECK(area_beyond_edge(distance, a, b) ==
                  doctest::Approx(inside / double(n * n)).epsilon(0.004).scale(1));
        }
}

TEST_CASE("a rectangle covers its own area at any angle, to a hundredth of a percent") {
    const light::View view = plain_view(20);
    const double px_per_m = view.focal_length_px / 2;
    for (const std::string angle : {"0", "5", "30", "45", "77.7"}) {
        const World world =
            scene_of(white_on_black(R"({"kind": "uniform", "reflectance": 1, "size_m": [0.1234, 0.0777],)"
                                    R"("position_m": [0.0123, 0.0077, 2], "rotation_deg": [0, 0, )" +
                                    angle + "]}"));
        const double area_px = 0.1234 * 0.0777 * px_per_m * px_per_m;
        CHECK(covered_px(render_still(world, view, response(), 0, kFrame)) ==
              doctest::Approx(area_px).epsilon(1e-4));
    }
}

TEST_CASE("a disc covers its own area: to 0.1 % if large, 10 % if smaller than a pixel") {
    const light::View view = plain_view(20);
    for (const double diameter_px : {0.25, 0.5, 1.0, 3.0, 30.0, 300.0}) {
        const double diameter_m = diameter_px * 2 / view.focal_length_px;
        World world = scene_of(R"({"light": {}, "background": {"distance_m": 50}, "items":
            [{"kind": "point_light", "luminance_cd_m2": 100, "position_m": [0.00011, 0.00007, 2]}]})");
        world.items[0].width_m = world.items[0].height_m = diameter_m;
        world.items[0].target = targets::Disc{0.5 * diameter_m};
        const double area_px = 0.25 * std::numbers::pi * diameter_px * diameter_px;
        const double tolerance = diameter_px < 2 ? 0.1 : diameter_px < 10 ? 0.01 : 0.001;
        CHECK(covered_px(render_still(world, view, response(), 0, kFrame)) ==
              doctest::Approx(area_px).epsilon(tolerance));
    }
}

TEST_CASE("each sample on a slanted edge is the mean over its area") {
    const World world = scene("slanted_edge");
    const light::View view = plain_view(19);
    const Raster raster{{1000, 700, 64, 64}, 0, 2};
    const auto radiance = render_still(world, view, response(), 0, raster);
    const double dark = seen(radiance, 1, 2000, 1400), bright = seen(radiance, 1, 2127, 1400);
    const auto& edge = std::get<targets::SlantedEdge>(world.items[0].target);
    const double metre = 2.5 / view.focal_length_px;
    for (int y = 1400; y < 1528; ++y)
        for (int x = 2000; x < 2128; ++x) {
            int right = 0;
            for (int j = 0; j < 40; ++j)
                for (int i = 0; i < 40; ++i)
                    right += edge.at({((x + (i + 0.5) / 40) / 2 - 1024) * metre,
                                      ((y + (j + 0.5) / 40) / 2 - 768) * metre})
                                 .material;
            const double share = (seen(radiance, 1, x, y) - dark) / (bright - dark);
            CHECK(std::abs(share - right / 1600.0) < 0.003);
        }
}

TEST_CASE("a Siemens star is averaged down to its hub: each sample within 4 %, a ring within 1 %") {
    const World world = scene("siemens_star");
    const light::View view = plain_view(19);
    const auto radiance = render_still(world, view, response(), 0, Raster{{984, 728, 80, 80}, 0, 1});
    const auto& star = std::get<targets::SiemensStar>(world.items[0].target);
    const double light =
        seen(render_still(world, view, response(), 0, Raster{{1023, 767, 2, 2}, 0, 1}), 1, 1024, 768);
    const double metre = 2.5 / view.focal_length_px;
    double ring = 0, ring_count = 0;
    for (int y = 728; y < 808; ++y)
        for (int x = 984; x < 1064; ++x) {
            int dark = 0;
            for (int j = 0; j < 32; ++j)
                for (int i = 0; i < 32; ++i)
                    dark += star.at({(x + (i + 0.5) / 32 - 1024) * metre, (y + (j + 0.5) / 32 - 768) * metre})
                                .material;
            const double wanted = 1 - (1 - 0.04 / 0.85) * dark / 1024.0,
                         got = seen(radiance, 1, x, y) / light;
            CHECK(std::abs(got - wanted) < 0.04);
            const double r = std::hypot(x + 0.5 - 1024, y + 0.5 - 768);
            if (r > 20 && r < 38) ring += got, ++ring_count;
        }
    CHECK(ring / ring_count == doctest::Approx(0.5 * (1 + 0.04 / 0.85)).epsilon(0.01));
}

TEST_CASE("where a layer hides nothing it is dark, and nowhere brighter than its whitest material") {
    const World world = scene("checkerboard");
    const auto radiance = render_still(world, wide_view(), response(), 0, Raster{{0, 0, 2048, 1536}, 16, 1});
    const light::Layer& board = radiance.layers.back();
    const auto white =
        light::signal(light::radiance(light::constant(0.85), world.lamps[0].irradiance), response());
    REQUIRE(!board.coverage.samples.empty());
    bool holds = true;
    for (std::size_t i = 0; i < board.coverage.samples.size(); ++i)
        for (std::size_t c = 0; c < 3; ++c) {
            const double light = board.signal[c].samples[i], cover = board.coverage.samples[i];
            holds = holds && light >= 0 && light <= cover * white[c] * 1.00001 && (cover > 0 || light == 0);
        }
    CHECK(holds);
}

TEST_CASE("any part of the picture is what it is in the whole, margin or not") {
    const World world = scene("colour_chart");
    const auto whole = render_still(world, wide_view(), response(), 0, Raster{{0, 0, 2048, 1536}, 0, 1});
    const auto part = render_still(world, wide_view(), response(), 0, Raster{{800, 600, 160, 120}, 24, 1});
    CHECK(part.rendered == light::Rect{776, 576, 208, 168});
    for (int y = 576; y < 744; ++y)
        for (int x = 776; x < 984; ++x)
            CHECK(seen(part, 0, x, y) == doctest::Approx(seen(whole, 0, x, y)).epsilon(1e-5));
}
