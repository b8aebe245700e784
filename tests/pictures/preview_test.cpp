#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

#include "emulator/imaging/still_cache.h"
#include "lens_model/kernels/enlarge.h"
#include "lens_model/optics/focus.h"
#include "lens_model/optics/iris.h"
#include "scenes/light/isa.h"
#include "tests/support/measure_bench.h"
#include "tests/support/render_still.h"

// While the lens moves each frame is a draft: samples of four pixels, blurred and enlarged. It must look like
// the same scene, a little soft, so that nothing jumps when the lens comes to rest.

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

/// Place and variance of the edge in a row of green, from its slope.
struct Edge {
    double place_px = 0, variance_px2 = 0;
};

Edge edge_in(const Mosaic& mosaic, int y, int from, int to) {
    double sum = 0, first = 0, second = 0;
    for (int x = from | 1; x + 2 < to; x += 2) {
        const double slope = mosaic.at(x + 2, y) - mosaic.at(x, y), place = x + 1.5;
        sum += slope, first += slope * place, second += slope * place * place;
    }
    const double middle = first / sum;
    return {middle, second / sum - middle * middle};
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

TEST_CASE("an edge of a draft lies where that of the full picture does, and is as wide when out of focus") {
    CachedView cached("slanted_edge");
    const double sharp_counts =
        lens_model::counts_for_distance(cached.profile.lens, cached.lens.zoom_steps, 2.5);
    for (const double off_counts : {0.0, 60.0, -150.0, 400.0}) {
        CAPTURE(off_counts);
        cached.lens.focus_counts = sharp_counts + off_counts;
        const Mosaic draft = cached.draft(), full = cached.full();
        for (const int y : {500, 701, 900}) {
            const double middle = edge_in(full, y, 900, 1150).place_px;
            const int half = 25 + static_cast<int>(std::abs(off_counts) / 8);
            const int from = static_cast<int>(middle) - half, to = static_cast<int>(middle) + half;
            const Edge drafted = edge_in(draft, y, from, to), exact = edge_in(full, y, from, to);
            CHECK(drafted.place_px == doctest::Approx(exact.place_px).epsilon(0.0004));  // 0.4 px
            if (off_counts == 0)  // samples of four pixels alone have a variance of four
                CHECK(drafted.variance_px2 < exact.variance_px2 + 6);
            else
                CHECK(std::sqrt(drafted.variance_px2 / exact.variance_px2) ==
                      doctest::Approx(1).epsilon(0.08));
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
    CHECK(std::sqrt(squares / (sharp.width * sharp.height)) < 0.03);  // one sample for each pixel, not four
}

TEST_CASE("where all is far out of focus, no part of a draft is drawn better than the rest") {
    CachedView cached("siemens_star");
    cached.lens.focus_counts -= 1000;
    CHECK(cached.draft({962, 702, 134, 130}) == cached.draft());
}

TEST_CASE("a draft is the same to the bit on every machine") {
    std::vector<float> planes[2];
    std::uint32_t seed = 5;
    for (auto& plane : planes) {
        for (int i = 0; i < 4 * 101; ++i) {
            seed = seed * 1664525U + 1013904223U;
            plane.push_back(static_cast<float>(seed >> 12));
        }
    }
    for (const int factor : {2, 4, 8}) {
        const auto made = [&](lens_model::EnlargeRow enlarge_row) {
            lens_model::Enlargement row{.upper = {planes[0].data(), planes[1].data()},
                                        .lower = {planes[0].data() + 101, planes[1].data() + 101},
                                        .share = 0.3F,
                                        .samples = 99,
                                        .factor = factor};
            std::vector<float> work(202), pixels(static_cast<std::size_t>(99 * factor));
            enlarge_row(row, work.data(), pixels.data());
            return pixels;
        };
        using namespace lens_model;
        const auto reference = made(baseline::enlarge_row);
        for (const auto isa : scenes::light::kIsas) {
            if (!supported(isa)) continue;
            const auto other = made(GIGEMU_KERNEL(isa, enlarge_row));
            CHECK(std::memcmp(reference.data(), other.data(), reference.size() * sizeof(float)) == 0);
        }
    }
}

TEST_CASE("parts of a draft, made one by one, are the whole to the bit") {
    const auto world = measure::scene_named("depth_range");
    const lens_model::Constants constants;
    const lens_model::State lens{.zoom_steps = 400, .focus_counts = 9750};
    scenes::light::Response response;
    for (auto& of_colour : response) of_colour = scenes::light::constant(1);
    const auto radiance =
        support::render_still(world, lens_model::view(constants, lens), response, 0,
                              {.margin_px = 60, .samples_per_pixel = 1, .pixels_per_sample = 4});
    const Mosaic whole = lens_model::image(radiance, constants, lens);
    for (const Rect part : {Rect{101, 203, 700, 555}, Rect{1500, 1000, 548, 536}}) {
        const Mosaic cut = lens_model::image(radiance, part, constants, lens);
        bool same = true;
        for (int y = 0; y < part.height; ++y)
            same = same && std::memcmp(cut.row(y), whole.row(part.y + y) + part.x,
                                       static_cast<std::size_t>(part.width) * sizeof(float)) == 0;
        CHECK(same);
    }
}
