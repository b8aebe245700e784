#include <doctest/doctest.h>

#include "tests/support/measure_bench.h"

// The camera's pose and motion, through lens and sensor: frames as a client gets them.

namespace {

using measure::Bench;
using namespace std::chrono_literals;

/// A star before a wall, whose camera stands somewhere.
std::string bench_with(const std::string& place, const std::string& more) {
    return R"({"light": {"illuminance_lx": 1500}, "background": {"reflectance": 0.1, "distance_m": 4},
        "items": [{"kind": "siemens_star", "diameter_m": 0.3, "position_m": )" +
           place + more;
}

void prepare(Bench& bench) {
    bench.settings.lens = {.zoom = 200};
    bench.focus_at(1.5);
    bench.aim_at_axis(480, 360);
    bench.settings.exposure.time_us = 8000;
}

protocol::Bytes frame_of(const std::string& scene, std::uint64_t number = 0) {
    Bench bench(measure::scene_of(scene));
    prepare(bench);
    return bench.payload(100ms, number);
}

/// The mean difference of two frames, in digital numbers of 12 bits.
double apart(const measure::Picture& a, const measure::Picture& b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.dn.samples.size(); ++i) sum += std::abs(a.dn.samples[i] - b.dn.samples[i]);
    return sum / static_cast<double>(a.dn.samples.size());
}

}  // namespace

TEST_CASE("camera pose: frames of a camera at the origin are those without a pose, to the bit") {
    const auto plain = frame_of(bench_with("[0.015625, 0, 1.5]", "}]}"));
    CHECK(frame_of(bench_with("[0.015625, 0, 1.5]", R"(}], "camera_pose": {"rotation_deg": [0, 0, 0]}})")) ==
          plain);
    CHECK(frame_of(bench_with("[0.015625, 0, 1.5]", R"(}], "camera_pose": {"path": [{"at_s": 5}]}})")) ==
          plain);
    // And those of a camera that stands at d are those of things moved by -d, the wall 4 m away among them.
    CHECK(frame_of(bench_with("[0.515625, 0.25, 1.5]",
                              R"(}], "camera_pose": {"position_m": [0.5, 0.25, 0]}})")) == plain);
    CHECK(frame_of(bench_with("[0.015625, 0, 1.5]", R"(}], "camera_pose": {"rotation_deg": [0, 2, 0]}})")) !=
          plain);
}

TEST_CASE("camera motion: frames are alike in two runs, and smear as things that go the other way") {
    const std::string motion = R"(}], "camera_pose": {"velocity_m_s": [0.5, -0.25, 0]}})";
    const auto run = [&] {
        Bench bench(measure::scene_of(bench_with("[0.05, -0.02, 1.5]", motion)));
        prepare(bench);
        std::vector<protocol::Bytes> frames;
        for (const auto start : {100ms, 140ms}) frames.push_back(bench.payload(start, frames.size()));
        return frames;
    };
    const auto frames = run();
    CHECK(run() == frames);
    CHECK(frames[0] != frames[1]);

    const auto shot = [&](const std::string& scene) {
        Bench bench(measure::scene_of(scene));
        prepare(bench);
        return bench.shoot(100ms);
    };
    const auto one = shot(bench_with("[0.05, -0.02, 1.5]", motion));
    const auto other = shot(bench_with("[0.05, -0.02, 1.5]", R"(, "velocity_m_s": [-0.5, 0.25, 0]}]})"));
    const auto still = shot(bench_with("[0.0, 0.005, 1.5]", "}]}"));
    const auto dark = measure::mean_dn(one, 1);
    CHECK(measure::mean_dn(other, 1) == doctest::Approx(dark).epsilon(0.01));
    CHECK(apart(one, other) < 0.3 * apart(one, still));
}

TEST_CASE("camera motion: a path that rests for an exposure gives the frame of a camera that stands there") {
    const std::string path =
        R"(}], "camera_pose": {"path": [{"at_s": 0.02}, {"at_s": 0.05, "position_m": [0.02, 0, 0]},
        {"at_s": 0.2, "position_m": [0.02, 0, 0]}, {"at_s": 0.3, "position_m": [1, 0, 0]}]}})";
    CHECK(frame_of(bench_with("[0.015625, 0, 1.5]", path)) ==
          frame_of(bench_with("[0.015625, 0, 1.5]", R"(}], "camera_pose": {"position_m": [0.02, 0, 0]}})")));
    // A frame under way does not leave its picture behind.
    Bench bench(measure::scene_of(bench_with("[0.015625, 0, 1.5]", path)));
    prepare(bench);
    const auto at_rest = bench.payload(100ms, 0);
    CHECK(bench.payload(30ms, 0) != at_rest);
    CHECK(bench.payload(250ms, 0) != at_rest);
    CHECK(bench.payload(100ms, 0) == at_rest);
}
