#include <cmath>
#include <filesystem>

#include "emulator/imaging/frame_source.h"
#include "tests/benchmarks/bench.h"

namespace {

using bench::per_pixel;

std::shared_ptr<const scenes::World> world_of(const std::string& scene) {
    return std::make_shared<const scenes::World>(scenes::load(scene, {}));
}

/// Scene, lens, sensor and packing of one frame after the other, 33 ms apart; the first one, which renders,
/// is not counted.
void frames_of(benchmark::State& state, const std::string& scene) {
    emulator::Profile profile;
    profile.power_up.exposure.time_us = 5000;
    emulator::FrameSource source(profile);
    emulator::FrameRequest request{.settings = profile.power_up,
                                   .lens = {profile.lens, profile.power_up.lens},
                                   .world = world_of(scene)};
    (void)source.take(request);
    for (auto _ : state) {
        request.start += std::chrono::milliseconds(33);
        request.stamp = protocol::Timestamp(request.start);
        ++request.frame;
        benchmark::DoNotOptimize(source.take(request));
    }
    per_pixel(state);
}

void still_scene(benchmark::State& state) { frames_of(state, "colour_chart"); }
void conveyor(benchmark::State& state) { frames_of(state, "conveyor"); }

/// Frames while a motor goes to and fro about where the scene is best seen: each has another lens, and is
/// drawn anew.
void frames_of_a_move(benchmark::State& state, const std::string& scene, std::int64_t emulator::Lens::*part,
                      std::int64_t reach) {
    emulator::Profile profile;
    const auto world = world_of(scene);
    auto& lens = profile.power_up.lens;
    lens.zoom = std::llround(world->camera.zoom.value_or(500));
    lens.focus = std::llround(world->camera.focus.value_or(9850));
    profile.power_up.exposure.time_us = world->camera.exposure_us.value_or(5000);
    auto near = lens, far = lens;
    near.*part -= reach, far.*part += reach;
    emulator::FrameSource source(profile);
    emulator::FrameRequest request{
        .settings = profile.power_up, .lens = {profile.lens, near}, .world = world};
    bool forward = false;
    for (auto _ : state) {
        request.start += std::chrono::milliseconds(28);
        request.stamp = protocol::Timestamp(request.start);
        ++request.frame;
        if (!request.lens.moving(request.start + std::chrono::milliseconds(28))) {
            forward = !forward;
            request.lens.go_to(forward ? far : near, request.start - std::chrono::milliseconds(100), 1);
        }
        benchmark::DoNotOptimize(source.take(request));
    }
    per_pixel(state);
}

void zoom_move(benchmark::State& state, const std::string& scene) {
    frames_of_a_move(state, scene, &emulator::Lens::zoom, 60);
}
void focus_move(benchmark::State& state, const std::string& scene) {
    frames_of_a_move(state, scene, &emulator::Lens::focus, 500);
}

BENCHMARK(still_scene)->Unit(benchmark::kMillisecond);
BENCHMARK(conveyor)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(zoom_move, flat_field, "flat_field")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(zoom_move, colour_chart, "colour_chart")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(zoom_move, slanted_edge, "slanted_edge")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(zoom_move, siemens_star, "siemens_star")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(zoom_move, grey_steps, "grey_steps")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(zoom_move, dot_grid, "dot_grid")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(zoom_move, checkerboard, "checkerboard")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(zoom_move, depth_range, "depth_range")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(zoom_move, conveyor, "conveyor")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(zoom_move, picture, "picture")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(focus_move, depth_range, "depth_range")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(focus_move, siemens_star, "siemens_star")->Unit(benchmark::kMillisecond);

}  // namespace
