#include <doctest/doctest.h>

#include <numbers>

#include "scenes/light/materials.h"
#include "tests/scenes/scene_support.h"
#include "tests/support/spectrum_at.h"

using namespace scenes;
using namespace scenes::testing;

namespace {

/// ∫ ρ E/π R dλ by steps; lamps with lines are tables of 5 nm, and mean nothing between.
double integrated(const light::Spectrum& reflectance, const light::Spectrum& irradiance,
                  const light::Spectrum& response, double step_nm) {
    double sum = 0;
    for (double nm = 380; nm <= 1100; nm += step_nm)
        sum += support::at(reflectance, nm) * support::at(irradiance, nm) / std::numbers::pi *
               support::at(response, nm) * step_nm;
    return sum;
}

constexpr Raster kCentre{{960, 720, 128, 96}, 0, 2};

}  // namespace

TEST_CASE("a flat field is the same everywhere, and as bright as the integral over its spectrum") {
    const World world = scene("flat_field");
    const auto radiance = render_still(world, wide_view(), response(), 0, Raster{{0, 0, 2048, 1536}, 0, 1});
    REQUIRE(radiance.layers.size() == 1);
    for (std::size_t c = 0; c < 3; ++c) {
        const auto& samples = radiance.layers[0].signal[c].samples;
        CHECK(std::all_of(samples.begin(), samples.end(), [&](float v) { return v == samples[0]; }));
        const double wanted = integrated(light::constant(0.18), world.lamps[0].irradiance, response()[c], 1);
        CHECK(samples[0] == doctest::Approx(wanted).epsilon(0.005));
    }
}

TEST_CASE("twice the light is twice the signal, and no light is none") {
    const auto signal = [](const std::string& lux) {
        return seen(render_still(scene("flat_field", {"light.illuminance_lx=" + lux}), plain_view(),
                                 response(), 0, kCentre),
                    1, 2000, 1500);
    };
    CHECK(signal("2000") == doctest::Approx(2 * signal("1000")));
    CHECK(signal("0") == 0);
    CHECK(seen(render_still(scene("lens_cap"), plain_view(), response(), 0, kCentre), 1, 2000, 1500) == 0);
}

TEST_CASE(
    "each patch of the colour chart stands in its place with its measured reflectance, under every lamp to "
    "0.5 %") {
    const light::View view = plain_view(22);
    for (const std::string lamp : {"D65", "A", "FL11", "LED-B3", "HP1"}) {
        const World world = scene("colour_chart", {"light.spectrum=" + lamp});
        const auto radiance = render_still(world, view, response(), 0, Raster{{0, 0, 2048, 1536}, 0, 1});
        const auto& chart = std::get<targets::ColourChart>(world.items[0].target);
        for (int patch = 0; patch < 24; ++patch) {
            const Point at = chart.patch_centre_m(patch);
            const double off = 0.9 * chart.patch_half_m();
            for (const Point corner : {Point{0, 0}, Point{off, off}, Point{-off, off}}) {
                const auto px = pixel_of(view, {at.x + corner.x, at.y + corner.y, 2.5});
                for (int c = 0; c < 3; ++c) {
                    const double wanted = integrated(light::colour_checker(patch), world.lamps[0].irradiance,
                                                     response()[static_cast<std::size_t>(c)], 5);
                    const double got = seen(radiance, c, static_cast<int>(px->x), static_cast<int>(px->y));
                    CHECK(got == doctest::Approx(wanted).epsilon(0.005));
                }
            }
        }
    }
}

TEST_CASE("what shines by itself shines with its own lamp only") {
    const World world = scene("point_lights", {"items.0.diameter_m=0.2", "items.0.position_m=[0,0,3]"});
    const auto own = render_still(world, plain_view(), response(), 0, kCentre);
    const auto other = render_still(world, plain_view(), response(), 1, kCentre);
    CHECK(seen(own, 1, 2048, 1536) > 0);
    CHECK(seen(other, 1, 2048, 1536) == 0);
}

TEST_CASE("the share of infrared is that of the lamp") {
    const auto share = [](const std::string& lamp) {
        return render_still(scene("flat_field", {"light.spectrum=" + lamp}), plain_view(), response(), 0,
                            kCentre)
            .infrared_share;
    };
    CHECK(share("A")[0] > share("D65")[0]);
    CHECK(share("FL11")[1] < 0.01);
}
