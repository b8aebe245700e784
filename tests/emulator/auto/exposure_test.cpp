#include <doctest/doctest.h>

#include "tests/emulator/auto/simulated_scene.h"

using namespace simulated_scene;
using emulator::auto_functions::measure;

namespace {

/// What a run of frames looked like.
struct Run {
    std::vector<double> brightness;       // of each frame
    std::vector<ExposureTriple> triples;  // that were asked for after it
    ExposureState state;

    /// The first frame from which on all are within 2 of the reference.
    [[nodiscard]] std::size_t settled_after(double reference, std::size_t last) const {
        std::size_t frame = last;
        while (frame > 0 && std::abs(brightness[frame - 1] - reference) <= 2) --frame;
        return frame;
    }
};

struct ControlLoop {
    Scene scene;
    AutoExposureSettings settings;
    int latency = 2;          // frames from a decision to the first frame made with it
    double iris_closed = 32;  // of this unit; the controller believes in 32
    double iris_speed = 17;   // steps per frame

    /// `light(frame)` multiplies the scene.
    template <class Light>
    [[nodiscard]] Run run_under(Light light, ExposureTriple start, int frames, std::uint32_t seed = 1) const {
        std::mt19937 random(seed);
        Run out;
        out.state.triple = start;
        std::deque<ExposureTriple> on_their_way(static_cast<std::size_t>(latency), start);
        double iris = start.iris_steps;
        for (int frame = 0; frame < frames; ++frame) {
            ExposureTriple made = on_their_way.front();
            on_their_way.pop_front();
            iris += std::clamp(made.iris_steps - iris, -iris_speed, iris_speed);
            made.iris_steps = iris;
            Scene lit = scene;
            for (double& value : lit.dn_s) value *= light(frame);
            const auto seen = measure(lit.expose(made, iris_closed, random), kAll, kBlack, {});
            out.brightness.push_back(seen.brightness);
            out.state = next(out.state, seen, made, settings);
            out.triples.push_back(out.state.triple);
            on_their_way.push_back(out.state.triple);
        }
        return out;
    }
    [[nodiscard]] Run run(ExposureTriple start, int frames, std::uint32_t seed = 1) const {
        return run_under([](int) { return 1.0; }, start, frames, seed);
    }
};

ExposureTriple any_triple(std::mt19937& random) {
    const auto part = [&] { return static_cast<double>(random() % 10'001) / 10'000; };
    const double exposure_us = std::floor(20 * std::pow(33'333.0 / 20, part()));
    return {exposure_us, std::floor(480 * part()) / 10, 255};
}

// A grey card under 1 to 100 000 lx through an open lens of F/1.5 gives 170 codes per second and lux.
double codes_per_s(std::mt19937& random) {
    return 170 * std::pow(10, static_cast<double>(random() % 1001) / 200);
}

/// A scene of any brightness; one draw after the other, because the order inside a call is the compiler's
/// choice.
Scene any_scene(std::mt19937& random, double brighter, std::uint32_t stops) {
    const double mean_dn_s = brighter * codes_per_s(random);
    const double range = random() % stops;
    return scene(mean_dn_s, range, random());
}

}  // namespace

TEST_CASE(
    "from any start, in any light that the limits can serve, the reference is reached within 20 frames") {
    std::mt19937 random(21);
    int served = 0;
    for (int i = 0; i < 120; ++i) {
        ControlLoop loop{.scene = scene(codes_per_s(random), static_cast<double>(random() % 5), random()),
                         .settings = {}};
        loop.latency = 1 + static_cast<int>(random() % 2);
        loop.settings.reference = 60 + static_cast<int>(random() % 120);
        const double most = loop.scene.mean_dn_s * 33'333e-6 * 251, least = loop.scene.mean_dn_s * 100e-6;
        const double wanted = 16 * loop.settings.reference - kBlack;
        if (most < 1.5 * wanted || least > wanted) continue;
        ++served;
        const auto start = any_triple(random);
        const auto run = loop.run(start, 30, random());
        CHECK(run.settled_after(loop.settings.reference, 30) <= 20);
    }
    CHECK(served > 60);
}

TEST_CASE(
    "with the iris too, of any unit, the reference is reached within 20 frames after the iris has arrived") {
    std::mt19937 random(22);
    for (int i = 0; i < 60; ++i) {
        ControlLoop loop{.scene = any_scene(random, 4, 4), .settings = {.iris = true}};
        loop.iris_closed = 20 + random() % 26;
        const double wanted = 16 * 128 - kBlack;
        if (loop.scene.mean_dn_s * 33'333e-6 * 251 < 1.5 * wanted) continue;
        if (loop.scene.mean_dn_s * 100e-6 / 28 > wanted) continue;  // a unit that closes at 20 steps
        const auto start = any_triple(random);
        const auto run = loop.run(start, 50, random());
        CHECK(run.settled_after(128, 50) <= 32);  // 12 frames for 191 steps
    }
}

TEST_CASE("the limits are never left, and are in force from the first frame on") {
    std::mt19937 random(23);
    for (int i = 0; i < 60; ++i) {
        ControlLoop loop{.scene = any_scene(random, 1, 5), .settings = {.iris = true}};
        auto& limits = loop.settings.limits;
        limits = {.exposure_us_min = 50.0 + random() % 1000,
                  .exposure_us_max = 2000.0 + random() % 30'000,
                  .gain_db_min = static_cast<double>(random() % 6),
                  .gain_db_max = 6.0 + random() % 42};
        const auto start = any_triple(random);
        const auto run = loop.run(start, 25, random());
        for (const auto& triple : run.triples) {
            CHECK((triple.exposure_us >= limits.exposure_us_min &&
                   triple.exposure_us <= limits.exposure_us_max));
            CHECK((triple.gain_db >= limits.gain_db_min && triple.gain_db <= limits.gain_db_max));
            CHECK((triple.iris_steps >= limits.iris_steps_min && triple.iris_steps <= 255));
        }
    }
}

TEST_CASE("exposure is raised before the iris opens, and the iris opens before gain is raised") {
    const AutoExposureSettings settings{.iris = true};
    ExposureTriple triple{100, 0, 64};
    bool iris_moved = false, gain_moved = false;
    for (int i = 0; i < 150; ++i) {
        const ExposureTriple brighter = brightened(triple, 1.12, triple, settings);
        CHECK(brighter.gain_db >= triple.gain_db);
        CHECK(brighter.iris_steps >= triple.iris_steps);
        iris_moved |= brighter.iris_steps > 64;
        gain_moved |= brighter.gain_db > 0;
        // By less than a step of the iris, the exposure is shorter than it may be while the iris moves.
        if (iris_moved) CHECK(brighter.exposure_us > 0.93 * settings.limits.exposure_us_max);
        if (gain_moved) CHECK(brighter.iris_steps == 255);
        triple = brighter;
    }
    CHECK(triple == ExposureTriple{33'333, 48, 255});
    for (int i = 0; i < 150; ++i) {
        const ExposureTriple darker = brightened(triple, 1 / 1.12, triple, settings);
        if (triple.gain_db > 1.2) CHECK((darker.iris_steps == 255 && darker.exposure_us == 33'333));
        if (darker.iris_steps > 65) CHECK(darker.exposure_us > 0.9 * settings.limits.exposure_us_max);
        triple = darker;
    }
    CHECK(triple == ExposureTriple{100, 0, 64});
}

TEST_CASE("what is not automatic stays as it is") {
    ControlLoop loop{.scene = scene(4000, 2, 5), .settings = {.exposure = false}};
    const auto by_gain = loop.run({20'000, 10, 200}, 25);
    CHECK(by_gain.state.triple.exposure_us == 20'000);
    CHECK(by_gain.state.triple.iris_steps == 200);
    CHECK(std::abs(by_gain.brightness.back() - 128) <= 2);
    loop.settings = {.gain = false};
    const auto by_exposure = loop.run({500, 30, 200}, 25);
    CHECK(by_exposure.state.triple.gain_db == 30);
    CHECK(std::abs(by_exposure.brightness.back() - 128) <= 2);
    loop.settings = {.exposure = false, .gain = false};
    CHECK(loop.run({500, 30, 200}, 5).state.triple == ExposureTriple{500, 30, 200});
}

TEST_CASE("once settled, a constant scene is left alone, and so is one under a flickering lamp") {
    for (const double depth : {0.0, 0.1, 0.4}) {
        const ControlLoop loop{.scene = scene(60'000, 2, 6), .settings = {}};
        const auto run =
            loop.run_under([&](int frame) { return 1 + depth * std::cos(2 * std::acos(-1.0) * frame / 3.0); },
                           {10'000, 0, 255}, 140);
        int changes = 0;
        for (std::size_t frame = 60; frame < run.triples.size(); ++frame)
            changes += run.triples[frame] != run.triples[frame - 1];
        CHECK(changes <= (depth > 0.2 ? 2 : 0));
    }
}

TEST_CASE("a change of light is followed within 20 frames, up and down") {
    const ControlLoop loop{.scene = scene(60'000, 2, 7), .settings = {}};
    const auto run = loop.run_under([](int frame) { return frame < 30   ? 1.0
                                                           : frame < 60 ? 12.0
                                                                        : 0.3; },
                                    {10'000, 0, 255}, 90);
    CHECK(run.settled_after(128, 30) <= 20);
    CHECK(run.settled_after(128, 60) <= 50);
    CHECK(run.settled_after(128, 90) <= 80);
}

TEST_CASE("highlight reduction trades brightness for what would clip, and does not hunt") {
    ControlLoop loop{.scene = scene(60'000, 9, 8), .settings = {}};
    std::mt19937 random(1);
    const auto bright = loop.run({10'000, 0, 255}, 60);
    loop.settings.highlight_reduction = true;
    const auto reduced = loop.run({10'000, 0, 255}, 60);
    const auto clipped = [&](const Run& run) {
        return measure(loop.scene.expose(run.state.triple, 32, random), kAll, kBlack, {}).clipped_share;
    };
    CHECK(clipped(bright) > 0.02);
    CHECK(clipped(reduced) < 0.15);  // what is left may be white
    CHECK(reduced.brightness.back() < bright.brightness.back() - 5);
    for (std::size_t frame = 40; frame < 60; ++frame) CHECK(reduced.triples[frame] == reduced.triples[39]);
}

TEST_CASE("the automatic upper limit is the period of the frames") {
    CHECK(longest_exposure_us(30) == 33'333);
    CHECK(longest_exposure_us(0.001) == 30e6);
    CHECK(longest_exposure_us(1e6) == 20);
}
