#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <deque>
#include <random>

#include "emulator/auto/focus.h"

using namespace emulator::auto_functions;

namespace {

/// A lens that is sharp somewhere, and its drive: it plays by 12 counts when it goes down, and no move ends
/// exactly.
struct Bench {
    double sharp_counts = 5000, contrast = 0.05, noise = 1e-4;
    double per_frame_counts = 111;
    double repeatability_counts = 2;
    int latency = 2;
    int glint = -1;  // the frame in which something else flashes
    std::mt19937 random{1};

    double drive = 10'000, element = 10'000, target = 10'000, miss = 0;

    double normal() { return std::normal_distribution<double>()(random); }

    void send(double counts) {
        if (counts == target) return;
        target = counts;
        miss = repeatability_counts * normal();
    }
    void travel(double part) {
        drive += std::clamp(target + miss - drive, -per_frame_counts * part, per_frame_counts * part);
        element = std::clamp(element, drive, drive + 12);
    }
    /// Detail falls with the square of the blur, which is a pixel for each depth of focus.
    [[nodiscard]] double square(double depth_counts) const {
        const double blur_px = (element - sharp_counts) / depth_counts;
        return blur_px * blur_px;
    }

    struct Frame {
        Sharpness sharpness;
        FocusDuring during;
    };
    Frame expose(double depth_counts) {
        double fine = 0, coarse = 0, middle = 0;
        const double before = drive;
        for (int i = 0; i < 8; ++i) {
            travel(1.0 / 8);
            fine += 1 / (1 + square(depth_counts) / 6) / 8;
            coarse += 1 / (1 + square(depth_counts) / 24) / 8;
            if (i == 3) middle = drive;
        }
        const bool moving = std::abs(drive - before) > 1e-9;
        const auto seen = [&](double amplitude) {
            const double now = contrast * amplitude * amplitude * (1 + 0.01 * normal()) + noise * normal();
            return now > 4 * noise ? now : 0;
        };
        if (glint-- == 0) return {{0, contrast}, {drive, moving}};
        return {{seen(fine), seen(coarse)}, {moving ? middle : target, moving}};
    }
    FocusState run(const FocusLens& lens, int most_frames = 2000) {
        FocusState state = start_focus(lens, drive);
        std::deque<Frame> on_their_way;
        for (int frame = 0; frame < most_frames && state.phase != FocusPhase::done; ++frame) {
            send(state.target_counts);
            on_their_way.push_back(expose(lens.depth_counts));
            if (static_cast<int>(on_their_way.size()) <= latency) continue;
            state = next(state, on_their_way.front().sharpness, on_their_way.front().during, lens);
            on_their_way.pop_front();
        }
        return state;
    }
};

/// Wide to tele, open to nearly closed, starting anywhere.
struct Case {
    FocusLens lens;
    Bench bench;
};
Case any_case(std::uint32_t seed) {
    std::mt19937 random(seed);
    const auto part = [&] { return static_cast<double>(random() % 10'001) / 10'000; };
    Case c;
    c.lens.nearest_counts = 7000 * part();
    c.lens.depth_counts = depth_of_focus_counts(1.5 * std::pow(5, part()));
    c.bench.sharp_counts = c.lens.nearest_counts + (9990 - c.lens.nearest_counts) * part();
    c.bench.drive = c.bench.element = c.bench.target = 10'000 * part();
    c.bench.contrast = 0.01 * std::pow(10, part());
    c.bench.latency = 1 + static_cast<int>(random() % 2);
    c.bench.random.seed(random());
    return c;
}

}  // namespace

TEST_CASE("autofocus ends within the depth of focus wherever there is detail") {
    for (std::uint32_t seed = 0; seed < 1000; ++seed) {
        auto [lens, bench] = any_case(seed);
        const auto state = bench.run(lens);
        CAPTURE(seed);
        CHECK(state.phase == FocusPhase::done);
        CHECK(state.found);
        CHECK(std::abs(bench.element - bench.sharp_counts) <= lens.depth_counts);
    }
}

TEST_CASE("what looked sharp once, by chance, does not end the search") {
    for (const double start : {100.0, 3000.0, 8000.0, 9990.0}) {
        for (const int glint : {0, 3, 10}) {
            Bench bench;
            bench.drive = bench.element = bench.target = start;
            bench.glint = glint;
            const auto state = bench.run({});
            CHECK(state.found);
            CHECK(std::abs(bench.element - bench.sharp_counts) <= FocusLens{}.depth_counts);
            CHECK(state.frames <= 480);
        }
    }
}

TEST_CASE("autofocus takes no more than 480 frames from wide to tele") {
    for (std::uint32_t seed = 0; seed < 200; ++seed) {
        auto [lens, bench] = any_case(seed);
        CHECK(bench.run(lens).frames <= 480);
    }
}

TEST_CASE("the drive never leaves its range, and comes to its place from below") {
    for (std::uint32_t seed = 0; seed < 40; ++seed) {
        auto [lens, bench] = any_case(seed);
        FocusState state = start_focus(lens, bench.drive);
        double last = state.target_counts, before_last = last;
        for (int frame = 0; frame < 2000 && state.phase != FocusPhase::done; ++frame) {
            bench.send(state.target_counts);
            const auto [sharpness, during] = bench.expose(lens.depth_counts);
            state = next(state, sharpness, during, lens);
            CHECK((state.target_counts >= 0 && state.target_counts <= lens.farthest_counts));
            if (state.target_counts == last) continue;
            before_last = last;
            last = state.target_counts;
        }
        CHECK(before_last < last);
        CHECK(std::abs(bench.element - bench.drive) < 1e-9);
    }
}

TEST_CASE("where nothing is to be seen, the drive goes back to where it was") {
    for (const double start : {10'000.0, 4321.0}) {
        Bench bench;
        bench.contrast = 0;
        bench.noise = 0;
        bench.drive = bench.element = bench.target = start;
        const auto state = bench.run({});
        CHECK(state.phase == FocusPhase::done);
        CHECK_FALSE(state.found);
        CHECK(std::abs(bench.drive - start) < 8);
    }
}

TEST_CASE("a run that has not begun, or has ended, requests nothing") {
    FocusState idle;
    idle.target_counts = 77;
    CHECK(next(idle, {1, 1}, {77, false}, {}).target_counts == 77);
    CHECK(next(idle, {1, 1}, {77, false}, {}).phase == FocusPhase::idle);
}

TEST_CASE("half the depth of focus is 3.5 counts at F/1.5 and 8 at F/3.4") {
    CHECK(depth_of_focus_counts(1.5) == doctest::Approx(3.5).epsilon(0.02));
    CHECK(depth_of_focus_counts(3.4) == doctest::Approx(8).epsilon(0.02));
}
