#include <doctest/doctest.h>

#include "tests/scenes/motion/flying.h"

using namespace scenes;
using namespace scenes::testing;
using namespace std::chrono_literals;

namespace {

/// The largest difference of two frames, as a share of the brightest pixel.
double difference(const light::Mosaic& a, const light::Mosaic& b) {
    double worst = 0, most = 0;
    for (std::size_t i = 0; i < a.samples.size(); ++i) {
        worst = std::max(worst, std::abs(static_cast<double>(a.samples[i]) - b.samples[i]));
        most = std::max(most, static_cast<double>(a.samples[i]));
    }
    return worst / most;
}

/// Things over a dark picture during a span, out of sprites that a lens would have made.
light::Mosaic composed(const World& world, const light::View& view, std::span<const Moving> things, Time to,
                       const std::function<Sprite(const Moving&)>& sprite,
                       std::optional<double> samples_per_pixel = {}) {
    const light::Mosaic still(2048, 1536);
    std::vector<MotionSums> sums;
    for (const Moving& thing : things) sums.push_back(motion_sums_of(sprite(thing), thing));
    std::vector<Placed> placed;
    for (std::size_t i = 0; i < things.size(); ++i)
        placed.push_back({&things[i], sums[i].where, samples_per_pixel.value_or(sums[i].samples_per_pixel)});
    const LampExposure lamp{0, &still, 0ns, to, {1, 1, 1}};
    const auto of = [&](const Moving& thing, std::size_t) -> const MotionSums& {
        return sums[static_cast<std::size_t>(&thing - things.data())];
    };
    light::Mosaic frame = still;
    for (const Patch& patch : compose(world, view, placed, of, {&lamp, 1}))
        for (int y = 0; y < patch.where.height; ++y)
            std::copy_n(patch.electrons.row(y), patch.where.width,
                        frame.row(patch.where.y + y) + patch.where.x);
    return frame;
}

}  // namespace

TEST_CASE("exposures that follow one another add up to one that is as long as all of them") {
    struct Case {
        double focal_mm;
        Time step;
        int steps;
    };
    // Through the widest lens five parts go by; through the longest one is larger than the frame.
    for (const auto& [focal_mm, step, steps] : {Case{6.5, 250ms, 16}, Case{127, 60ms, 5}}) {
        CAPTURE(focal_mm);
        const World world = scene("conveyor", {"conveyor.length_m=2"});
        light::View view = focal_mm < 10 ? wide_view() : plain_view(focal_mm);
        if (focal_mm > 10) view.distortion = 0.021;
        const light::Mosaic still = still_of(world, view);
        light::Mosaic sum(still.width, still.height);
        for (int i = 0; i < steps; ++i) {
            const auto frame = exposed(world, view, still, i * step, (i + 1) * step, i * step, (i + 1) * step,
                                       barely_blurred);
            for (std::size_t p = 0; p < sum.samples.size(); ++p) sum.samples[p] += frame.samples[p];
        }
        const auto whole = exposed(world, view, still, 0ns, steps * step, 0ns, steps * step, barely_blurred);
        CHECK(difference(sum, whole) < 0.006);
    }
}

TEST_CASE("a thing in tiles is the same thing in one piece, to 3 in 10 000") {
    struct Case {
        std::string velocity;
        Time exposure;
    };
    for (const auto& [velocity, exposure] :
         {Case{"[0.2, 0, 0]", 20us}, Case{"[0.2, 0, 0]", 300ms}, Case{"[0, -0.2, 0]", 20ms}}) {
        CAPTURE(velocity);
        CAPTURE(exposure.count());
        const World world = flying(velocity);
        const light::View view = plain_view(80);
        const auto tiles = moving(world, view, 0ns, exposure, barely_blurred);
        REQUIRE(tiles.size() > 1);
        std::vector<Moving> whole{tiles[0]};
        whole[0].shown.reset();
        const auto drawn = [&](const Moving& thing) {
            return sprite_of(render_sprite(world, thing, view, response(), 0, {.margin_px = 4}));
        };
        CHECK(difference(composed(world, view, tiles, exposure, drawn),
                         composed(world, view, whole, exposure, drawn)) < 3e-4);
    }
}

TEST_CASE("no more is drawn in tiles than the frame shows during the exposure") {
    const World world = scene("conveyor");
    int tiled = 0;
    for (const double focal_mm : {6.5, 40.0, 127.0})
        for (const double reach_px : {4.0, 90.0, 600.0})
            for (const Time exposure : {Time(20us), Time(1ms), Time(20ms), Time(300ms), Time(30s)}) {
                CAPTURE(focal_mm);
                CAPTURE(reach_px);
                CAPTURE(exposure.count());
                const light::View view = plain_view(focal_mm);
                const double way_px = 0.2 * std::chrono::duration<double>(exposure).count() *
                                      view.focal_length_px / (1 + view.entrance_pupil_m);
                double drawn_px = 0;
                for (const Moving& thing :
                     moving(world, view, 0ns, exposure, [&](double) { return reach_px; })) {
                    if (!thing.shown) continue;
                    drawn_px += static_cast<double>(thing.shown->width) * thing.shown->height;
                    ++tiled;
                }
                const double parts = 2 + (2048 + 2 * reach_px + way_px) / (0.15 * view.focal_length_px);
                const double tile_px = std::max({2.0 * kTile_px, 4 * reach_px, std::min(way_px, 1e4)});
                const double seen_px =
                    (2048 + way_px + parts * 2 * (reach_px + tile_px)) * (1536 + 2 * tile_px);
                CHECK(drawn_px <= seen_px);
            }
    CHECK(tiled > 0);
}

TEST_CASE("light of a wide blur that is summed at a quarter of a sample of its sprite differs by 1 in 1000") {
    const World world = flying("[0.2, 0, 0]");
    const light::View view = plain_view(40);
    const auto things = moving(world, view, 0ns, 20ms, barely_blurred);
    REQUIRE(things.size() == 1);
    for (const int sample_px : {8, 16}) {
        CAPTURE(sample_px);
        // A disc as wide as sprites of this sampling have it at least.
        const double radius = 48;
        Sprite sprite{
            {0, 0, 128 * sample_px, 96 * sample_px}, 1.0 / sample_px, {}, light::Image<float>(128, 96)};
        for (int y = 0; y < 96; ++y)
            for (int x = 0; x < 128; ++x) {
                const double r = std::hypot(x - 63.5, y - 47.5) / radius;
                sprite.coverage.at(x, y) =
                    static_cast<float>(r < 1 ? 0.5 * std::sqrt(1 - r * r) * (1 - r * r) : 0);
            }
        sprite.light.fill(sprite.coverage);
        const auto drawn = [&](const Moving&) { return sprite; };
        const auto coarse = composed(world, view, things, 20ms, drawn);
        CHECK(difference(coarse, composed(world, view, things, 20ms, drawn, 1.0)) < 1e-3);
        CHECK(*std::ranges::max_element(coarse.samples) > 0.2);
    }
}
