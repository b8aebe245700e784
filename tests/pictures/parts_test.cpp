#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <vector>

#include "emulator/imaging/still_cache.h"
#include "lens_model/optics/focus.h"
#include "lens_model/optics/iris.h"
#include "lens_model/optics/vignetting.h"
#include "tests/support/measure_bench.h"

// A picture is made in parts. Each is drawn for itself, so it must hold all that blur brings in from beside
// it: up to half a metre of sensor, where something stands before a lens that looks far away.

using scenes::light::Mosaic;
using scenes::light::Rect;

namespace {

emulator::Profile profile_of(const lens_model::Constants& constants) {
    emulator::Profile profile;
    profile.lens = constants;
    return profile;
}

/// A scene through one state of the lens, imaged part by part.
class Through {
  public:
    Through(scenes::World world, const lens_model::State& lens, const lens_model::Constants& constants = {})
        : profile_(profile_of(constants)),
          world_(std::make_shared<const scenes::World>(std::move(world))),
          renderer_(profile_, *world_, lens) {
        textures_.prepare(*world_, renderer_.response(), {});
        mean_ = renderer_.frame_mean(0, textures_);
    }
    [[nodiscard]] Mosaic image(Rect part) const {
        return renderer_.image(0, part, emulator::kFull, textures_, mean_);
    }
    [[nodiscard]] Mosaic flare() const {
        return renderer_.flare(0, renderer_.overview(0, textures_), textures_);
    }
    [[nodiscard]] sensor_model::Crosstalk crosstalk() const { return renderer_.crosstalk(0); }
    [[nodiscard]] const std::shared_ptr<const scenes::World>& world() const { return world_; }
    [[nodiscard]] const emulator::Profile& profile() const { return profile_; }

  private:
    emulator::Profile profile_;
    std::shared_ptr<const scenes::World> world_;
    emulator::SceneRenderer renderer_;
    scenes::TextureCache textures_;
    std::array<double, 3> mean_{};
};

double largest_difference(const Mosaic& part, int x, int y, const Mosaic& whole) {
    double worst = 0;
    for (int v = 0; v < part.height; ++v)
        for (int u = 0; u < part.width; ++u)
            worst = std::max<double>(worst, std::abs(part.at(u, v) - whole.at(x + u, y + v)));
    return worst;
}

/// Largest difference of four parts to the one piece that they make.
double at_borders(const Through& through, Rect whole, int cut_x, int cut_y) {
    const auto one_piece = through.image(whole);
    double worst = 0;
    for (const int x : {0, cut_x})
        for (const int y : {0, cut_y}) {
            const Rect part{whole.x + x, whole.y + y, x == 0 ? cut_x : whole.width - cut_x,
                            y == 0 ? cut_y : whole.height - cut_y};
            worst = std::max(worst, largest_difference(through.image(part), x, y, one_piece));
        }
    return worst;
}

}  // namespace

TEST_CASE("parts that are drawn one by one are the picture in one piece, at every blur of the lens") {
    int states = 0;
    double worst = 0;
    for (const std::string scene : {"depth_range", "point_lights", "checkerboard"}) {
        for (const double zoom : {0.0, 400.0, 700.0, 1000.0}) {
            for (const double focus : {0.0, 6300.0, 9000.0, 9800.0, 10000.0}) {
                CAPTURE(scene);
                CAPTURE(zoom);
                CAPTURE(focus);
                const lens_model::State lens{
                    .zoom_steps = zoom, .focus_counts = focus, .iris_steps = states % 2 == 0 ? 255.0 : 90.0};
                const Through through(measure::scene_named(scene), lens);
                const double difference = at_borders(through, {788, 776, 88, 96}, 832 - 788, 832 - 776);
                CHECK(difference == 0);
                worst = std::max(worst, difference);
                ++states;
            }
        }
    }
    MESSAGE(states << " states of the lens, largest difference " << worst << " e-/s");
}

TEST_CASE("with the focus of power-up a tele picture has no seam") {
    const lens_model::State tele{.zoom_steps = 1000};
    const Through through(measure::scene_named("depth_range"), tele);
    emulator::RenderJob picture(through.profile(), through.world(), tele, {}, emulator::kFull, {});
    picture.finish({});
    const auto& mosaic = picture.stills[0].alone;
    for (const Rect across : {Rect{800, 0, 64, 16}, Rect{1632, 600, 64, 16}, Rect{16, 800, 16, 64}}) {
        const auto one_piece = through.image(across);
        for (int y = 0; y < across.height; ++y)
            for (int x = 0; x < across.width; ++x)
                REQUIRE(mosaic.at(across.x + x, across.y + y) == one_piece.at(x, y));
    }
}

TEST_CASE(
    "the star and the ghosts of a lamp cross the borders of parts, and the frame's still is one piece") {
    // The lamp lies near 780, 700, its ghosts beyond the axis: one of them near 1220, 830.
    const lens_model::State lens{.zoom_steps = 0, .focus_counts = 9980, .iris_steps = 120};
    const auto lamp = [&] {
        const auto view = lens_model::view({}, lens);
        const double m_per_px = (3 + view.entrance_pupil_m) / view.focal_length_px;
        return measure::scene_of(
            R"({"light": {"illuminance_lx": 0}, "background": {"reflectance": 0, "distance_m": 6}, "items": [)"
            R"({"kind": "point_light", "luminance_cd_m2": 300000, "diameter_m": 0.002, "position_m": [)" +
            std::to_string((780 - view.centre_px.x) * m_per_px) + ", " +
            std::to_string((700 - view.centre_px.y) * m_per_px) + ", 3]}]}");
    };
    lens_model::Constants without_ghosts;
    without_ghosts.ghost_strength = 0;
    const Through through(lamp(), lens), plain(lamp(), lens, without_ghosts);
    emulator::StillCache cache(through.profile());
    cache.look(through.world(), lens, false, {});
    const auto flare = through.flare(), star = plain.flare();
    REQUIRE_FALSE(flare.samples.empty());
    for (const Rect inner : {Rect{826, 600, 12, 200}, Rect{700, 826, 600, 12}}) {
        CAPTURE(inner.x);
        const Rect outer{inner.x - 1, inner.y - 1, inner.width + 2, inner.height + 2};
        auto alone = through.image(outer);
        double brought = 0, by_ghosts = 0;
        for (int y = 0; y < outer.height; ++y)
            for (int x = 0; x < outer.width; ++x) {
                const float here = flare.at(outer.x + x, outer.y + y);
                alone.at(x, y) += here;
                brought += here;
                by_ghosts += here - star.at(outer.x + x, outer.y + y);
            }
        CAPTURE(brought);
        CHECK((inner.width == 12 ? brought - by_ghosts : by_ghosts) > 0);
        Mosaic held(inner.width, inner.height);
        sensor_model::exchange(alone, outer, through.crosstalk(), held, inner);
        CHECK(largest_difference(held, inner.x, inner.y, cache.still(0)) == 0);
    }
}

TEST_CASE("a lamp beside the frame lights as much of it as its blur disc covers") {
    // Focused at 2.5 m, at F3.4, a lamp at 1 m is a disc of f²/F (1/1 m - 1/2.5 m) and lies beyond the right
    // side. Its radiance times its area, spread over the disc, is the light in there.
    lens_model::Constants constants;
    constants.distortion_offset = constants.distortion_wide = 0;  // makes what is beside the frame larger
    lens_model::State lens{.zoom_steps = 1000};
    lens.focus_counts = lens_model::counts_for_distance(constants, 1000, 2.5);
    const auto with_lamp = [&](double beside_px) {
        const auto view = lens_model::view(constants, lens);
        const double x_m = (1024 + beside_px) / view.focal_length_px * (1 + view.entrance_pupil_m);
        return Through(
            measure::scene_of(
                R"({"light": {"illuminance_lx": 0}, "background": {"reflectance": 0, "distance_m": 2.5}, "items": [)"
                R"({"kind": "point_light", "luminance_cd_m2": 100000, "diameter_m": 0.0005, "position_m": [)" +
                std::to_string(x_m) + R"(, 0, 1]}]})"),
            lens, constants);
    };
    const double disc_px = 114.5 * 114.5 / lens_model::working_f_number(constants, lens) * 0.6e-3 / 3.45e-3;
    CAPTURE(disc_px);
    REQUIRE(disc_px > 600);
    const double within = with_lamp(-disc_px).image({1200, 760, 2, 2}).at(1, 0);
    const auto beside = with_lamp(250);
    const auto of_axis = [&](int x) {
        return lens_model::relative_illumination(constants, lens, std::hypot(x - 1032, 760 - 773) / 1280);
    };
    const int edge = (2048 + 250 - static_cast<int>(disc_px / 2)) & ~1;  // green follows
    for (const int x : {edge + 40, 2040}) {
        const double expected = within / of_axis(1200) * of_axis(x);
        CHECK(beside.image({x, 760, 2, 2}).at(1, 0) == doctest::Approx(expected).epsilon(0.03));
    }
    CHECK(beside.image({edge - 60, 760, 2, 2}).at(1, 0) < 0.01 * within);
}
