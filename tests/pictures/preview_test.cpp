#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

#include "emulator/imaging/still_cache.h"
#include "lens_model/kernels/resample.h"
#include "lens_model/kernels/shade.h"
#include "lens_model/optics/focus.h"
#include "lens_model/optics/iris.h"
#include "scenes/light/isa.h"
#include "tests/support/measure_bench.h"
#include "tests/support/measure_edge.h"

// While the lens moves each frame is a draft, blurred by Gaussians. It must look like the same scene, so that
// nothing jumps when the lens comes to rest.

namespace {

using emulator::StillCache;
using scenes::light::Mosaic;
using scenes::light::Rect;

/// A scene of the catalogue, seen as its hints say, or a little different.
struct CachedView {
    emulator::Profile profile;
    std::shared_ptr<const scenes::World> world;
    lens_model::State lens;
    StillCache cache;

    explicit CachedView(const std::string& scene, const std::vector<std::string>& overrides = {})
        : CachedView(measure::scene_named(scene, overrides)) {}
    explicit CachedView(const scenes::World& of)
        : world(std::make_shared<const scenes::World>(of)), cache(profile) {
        lens.zoom_steps = world->camera.zoom.value_or(0);
        lens.focus_counts = world->camera.focus.value_or(9850);
        lens.iris_steps = world->camera.iris.value_or(255);
    }
    [[nodiscard]] Mosaic draft(Rect sharp = {}) {
        cache.look(world, lens, true, {}, sharp);
        return cache.still(0);
    }
    [[nodiscard]] Mosaic full() {
        cache.look(world, lens, false, {});
        return cache.still(0);
    }
};

std::array<double, 3> means(const Mosaic& mosaic) {
    std::array<double, 3> sum{}, count{};
    for (int y = 0; y < mosaic.height; ++y) {
        for (int x = 0; x < mosaic.width; ++x) {
            const auto channel = static_cast<std::size_t>((x & 1) + (y & 1));
            sum[channel] += mosaic.at(x, y), count[channel] += 1;
        }
    }
    for (std::size_t c = 0; c < 3; ++c) sum[c] /= count[c];
    return sum;
}

measure::Picture cut_of(const Mosaic& mosaic, const Rect& part) {
    measure::Picture picture{part.x, part.y, {part.width, part.height}};
    for (int y = 0; y < part.height; ++y)
        std::copy_n(mosaic.row(part.y + y) + part.x, part.width, picture.dn.row(y));
    return picture;
}

double gradient_energy(const Mosaic& mosaic, const Rect& part) {
    double sum = 0;
    for (int y = part.y & ~1; y < part.y + part.height; y += 2) {
        for (int x = part.x | 1; x < part.x + part.width; x += 2) {
            const double step = mosaic.at(x + 2, y) - mosaic.at(x, y);
            sum += step * step;
        }
    }
    return sum;
}

}  // namespace

TEST_CASE("a draft is as bright as the full picture, within 0.2 %") {
    for (const std::string scene : {"colour_chart", "depth_range", "point_lights"}) {
        CAPTURE(scene);
        CachedView cached(scene);
        const auto draft = means(cached.draft()), full = means(cached.full());
        // A light of one colour at the border of the frame may be on its other side by lateral colour.
        const double tolerance = scene == "point_lights" ? 0.02 : 0.002;
        for (std::size_t c = 0; c < 3; ++c) CHECK(draft[c] == doctest::Approx(full[c]).epsilon(tolerance));
    }
}

TEST_CASE("a draft has the vignetting and the exposure of the full picture, at every zoom") {
    for (const double zoom : {0.0, 500.0, 1000.0}) {
        CachedView cached("flat_field");
        cached.lens.zoom_steps = zoom;
        const Mosaic draft = cached.draft(), full = cached.full();
        double worst = 0;
        for (std::size_t i = 0; i < full.samples.size(); ++i)
            worst = std::max(worst, std::abs(draft.samples[i] / full.samples[i] - 1.0));
        CHECK(worst < 1e-4);
    }
}

TEST_CASE("an edge of a draft lies where it does at rest, within 0.1 px, with its MTF50, within 10 %") {
    struct Case {
        double zoom, x_m;  // of the edge, from the axis
        Rect edge;         // where it is
    };
    // Far from the axis colours lie a pixel apart.
    for (const Case& one : {Case{0, 0, {900, 560, 248, 416}}, Case{500, 0, {900, 560, 248, 416}},
                            Case{1000, 0, {900, 560, 248, 416}}, Case{0, 1.0, {1640, 560, 248, 416}}}) {
        CachedView cached("slanted_edge", {"items.0.position_m=[" + std::to_string(one.x_m) + ",0,2.5]"});
        cached.lens.zoom_steps = one.zoom;
        const double sharp_counts = lens_model::counts_for_distance(cached.profile.lens, one.zoom, 2.5);
        for (const double off_counts : {0.0, 40.0, -150.0}) {
            cached.lens.focus_counts = sharp_counts + off_counts;
            const Mosaic draft = cached.draft(), full = cached.full();
            for (const int channel : {0, 1, 2}) {
                CAPTURE(one.zoom);
                CAPTURE(off_counts);
                CAPTURE(channel);
                const measure::SlantedEdge moving(cut_of(draft, one.edge), 50, channel),
                    resting(cut_of(full, one.edge), 50, channel);
                CHECK(moving.frequency_of(0.5) == doctest::Approx(resting.frequency_of(0.5)).epsilon(0.1));
                for (const double y : {500.0, 768.0, 1000.0})
                    CHECK(std::abs(moving.x_at(y) - resting.x_at(y)) < 0.1);
            }
        }
    }
}

TEST_CASE("the contrast of drafts has its peak where the lens is in focus") {
    struct Case {
        std::string scene;
        double distance_m;
        Rect part;  // where the thing at this distance is
    };
    for (const auto& one :
         {Case{"siemens_star", 2.5, {700, 400, 600, 600}}, Case{"depth_range", 1.7, {160, 860, 360, 450}},
          Case{"depth_range", 0.7, {1060, 210, 360, 460}}}) {
        const auto& [scene, distance_m, part] = one;
        CAPTURE(one.scene);
        CAPTURE(one.distance_m);
        CachedView cached(scene);
        const auto& constants = cached.profile.lens;
        const double sharp_counts =
            lens_model::counts_for_distance(constants, cached.lens.zoom_steps, distance_m);
        // Within this the disc of green is smaller than a sample.
        const double depth_counts = lens_model::f_number(constants, cached.lens) * 4 *
                                    lens_model::kPixelPitch_um / constants.defocus_um_per_count;
        double peak = 0, peak_counts = 0;
        for (double off_counts = -150; off_counts <= 150; off_counts += 10) {
            cached.lens.focus_counts = sharp_counts + off_counts;
            const double energy = gradient_energy(cached.draft(), part);
            if (energy > peak) peak = energy, peak_counts = off_counts;
        }
        CAPTURE(depth_counts);
        CHECK(std::abs(peak_counts) <= depth_counts);
    }
}

TEST_CASE("a part of a draft can be sharp, and the rest stays as it is") {
    CachedView cached("siemens_star");
    const Rect sharp{962, 702, 134, 130};
    const Mosaic plain = cached.draft(), part = cached.draft(sharp), full = cached.full();
    double squares = 0;
    bool same_outside = true;
    for (int y = 0; y < full.height; ++y) {
        for (int x = 0; x < full.width; ++x) {
            const int left = x - sharp.x, top = y - sharp.y;
            const bool inside = left >= 0 && top >= 0 && left < sharp.width && top < sharp.height;
            // Crosstalk reaches the neighbours.
            const bool near = left >= -1 && top >= -1 && left <= sharp.width && top <= sharp.height;
            if (inside)
                squares += std::pow(part.at(x, y) / full.at(x, y) - 1.0, 2);
            else if (!near)
                same_outside = same_outside && part.at(x, y) == plain.at(x, y);
        }
    }
    CHECK(same_outside);
    CHECK(std::sqrt(squares / (sharp.width * sharp.height)) < 0.03);
}

TEST_CASE("where all is far out of focus, no part of a draft is drawn better than the rest") {
    CachedView cached("siemens_star");
    cached.lens.focus_counts -= 1000;
    CHECK(cached.draft({962, 702, 134, 130}) == cached.draft());
}

TEST_CASE("a draft is the same to the bit on every machine") {
    std::uint32_t seed = 5;
    const auto random = [&seed](std::size_t count) {
        std::vector<float> made;
        for (std::size_t i = 0; i < count; ++i) {
            seed = seed * 1664525U + 1013904223U;
            made.push_back(static_cast<float>(seed >> 12));
        }
        return made;
    };
    using namespace lens_model;
    constexpr int kCount = 99;
    const auto plane = random(kTapsMost * 240), weight = random(kTapsMost * kCount), gains = random(20);
    std::vector<int> first;
    for (int i = 0; i < kCount; ++i) first.push_back(i % 7 == 0 ? 2 * i + 1 : 2 * i);
    for (const int taps : {6, 8, 12, 16}) {
        const auto made = [&](const ResampleKernels& kernels, const auto& shade) {
            std::vector<float> rows(240), columns(kCount), strided(kCount), laid = random(2 * kCount);
            const float* from[kTapsMost];
            for (int t = 0; t < taps; ++t) from[t] = plane.data() + 240 * t;
            kernels.of_rows(taps, from, weight.data(), 240, rows.data());
            kernels.of_columns(taps, plane.data(), first.data(), 0, weight.data(), kCount, columns.data());
            kernels.of_columns(taps, plane.data(), first.data(), 2, weight.data(), kCount, strided.data());
            const float *light[2] = {columns.data(), strided.data()},
                        *hidden[2] = {gains.data(), gains.data()};
            kernels.lay_over(light, hidden, 20, laid.data());
            shade({gains.data(), 5, 111, {3, 4}}, laid.data());
            rows.insert(rows.end(), laid.begin(), laid.end());
            return rows;
        };
        const std::uint32_t began = seed;
        const auto reference = made(baseline::resample_kernels(), baseline::shade);
        for (const auto isa : scenes::light::kIsas) {
            if (!supported(isa)) continue;
            seed = began;
            const auto other = made(GIGEMU_KERNEL(isa, resample_kernels)(), GIGEMU_KERNEL(isa, shade));
            CHECK(std::memcmp(reference.data(), other.data(), reference.size() * sizeof(float)) == 0);
        }
    }
}

TEST_CASE("parts of a draft, drawn and blurred one by one, are the whole to the bit") {
    const auto world = measure::scene_named("depth_range");
    const emulator::Profile profile;
    for (const double focus : {9750.0, 9000.0}) {
        const emulator::SceneRenderer renderer(profile, world, {.zoom_steps = 400, .focus_counts = focus});
        const scenes::TextureCache textures;
        const auto image = [&](const Rect& part) {
            return renderer.image(0, part, emulator::kDraft, textures, {});
        };
        const Mosaic whole = image(emulator::kSensor);
        for (const Rect part : {Rect{101, 203, 700, 555}, Rect{1500, 1000, 548, 536}, Rect{0, 0, 33, 31}}) {
            const Mosaic cut = image(part);
            bool same = true;
            for (int y = 0; y < part.height; ++y)
                same = same && std::memcmp(cut.row(y), whole.row(part.y + y) + part.x,
                                           static_cast<std::size_t>(part.width) * sizeof(float)) == 0;
            CHECK(same);
        }
    }
}
