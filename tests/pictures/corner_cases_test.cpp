#include <doctest/doctest.h>

#include <algorithm>
#include <ctime>
#include <string>

#include "tests/support/measure_bench.h"

using measure::Bench;

namespace {

double cpu_s() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

/// The moments at which a camera's clock begins, and which it reads when it follows a grandmaster.
constexpr emulator::Time kMoments[] = {emulator::Time{}, emulator::Time{1'800'000'000'000'000'000}};

/// Frames at both ends of exposure and of time, through the lens as it is set.
struct Corners {
    int frames = 0;
    double longest_s = 0;
    std::string longest;

    void shoot(Bench& bench, const std::string& scene) {
        const auto& lens = bench.settings.lens;
        for (const double exposure_us : {20.0, 30e6}) {
            for (const auto moment : kMoments) {
                bench.settings.exposure.time_us = exposure_us;
                const auto name = scene + " at zoom " + std::to_string(lens.zoom) + ", focus " +
                                  std::to_string(lens.focus) + ", iris " + std::to_string(lens.iris) + ", " +
                                  std::to_string(exposure_us) + " us, " + std::to_string(moment.count()) +
                                  " ns";
                CAPTURE(name);
                const double began_s = cpu_s();
                const auto picture = bench.shoot(moment);
                const double took_s = cpu_s() - began_s;
                if (took_s > longest_s) longest_s = took_s, longest = name;
                const auto& dn = picture.dn.samples;
                const auto [least, most] = std::minmax_element(dn.begin(), dn.end());
                CHECK(*most <= 4095);
                // In the dark of 20 us there is the black level; light of 30 s fills every pixel.
                const bool is_lit = lens.iris == 255 && scene != "lens_cap" && scene != "point_lights";
                if (exposure_us < 100) CHECK(*least < 300);
                if (exposure_us > 100 && is_lit) CHECK(*least > 3000);
                ++frames;
            }
        }
    }
    void shoot_all_lenses(const std::string& scene) {
        Bench bench(scene);
        bench.aim({832, 832}, 528, 64);
        for (const std::int64_t zoom : {0, 1000})
            for (const std::int64_t focus : {0, 10000})
                for (const std::int64_t iris : {0, 33, 255}) {
                    bench.settings.lens = {.zoom = zoom, .focus = focus, .iris = iris};
                    shoot(bench, scene);
                }
    }
};

}  // namespace

// A sweep; -sc=NAME chooses a scene.
TEST_CASE("every scene gives a frame at both ends of zoom, focus, iris, exposure and time" *
          doctest::skip()) {
    for (const auto& scene : scenes::names()) {
        SUBCASE(scene.c_str()) {
            Corners corners;
            corners.shoot_all_lenses(scene);
            CHECK(corners.frames == 48);
            MESSAGE(corners.frames << " frames; the longest took " << corners.longest_s
                                   << " s of a processor: " << corners.longest);
        }
    }
}

TEST_CASE("a scene gives a frame at both ends of exposure and time, with the lens farthest out of focus") {
    Corners corners;
    Bench bench("siemens_star");
    bench.aim({832, 832}, 528, 64);
    bench.settings.lens = {.zoom = 1000, .focus = 0, .iris = 255};
    corners.shoot(bench, "siemens_star");
    CHECK(corners.frames == 4);
}
