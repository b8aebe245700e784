#include <benchmark/benchmark.h>

#include <cstring>
#include <filesystem>

#include "emulator/frame.h"

namespace {

constexpr double kPixels = 2048.0 * 1536.0;

void per_pixel(benchmark::State& state) {
    state.counters["ns/pixel"] = benchmark::Counter(
        kPixels * 1e-9, benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

emulator::FrameSource source_of(const emulator::Profile& profile, const std::string& scene) {
    const std::vector<std::filesystem::path> folders{GIGEMU_CONFIG_DIR "/scenes"};
    return {profile, scenes::load(scene, {}, folders)};
}

/// Scene, lens, sensor and packing of one frame after the other, 33 ms apart; the first one, which renders,
/// is not counted.
void frames_of(benchmark::State& state, const std::string& scene) {
    emulator::Profile profile;
    profile.power_up.exposure.time_us = 5000;
    auto source = source_of(profile, scene);
    emulator::FrameRequest request{.settings = profile.power_up,
                                   .lens = {profile.lens, profile.power_up.lens}};
    (void)source.take(request);
    for (auto _ : state) {
        request.start += std::chrono::milliseconds(33);
        ++request.number;
        benchmark::DoNotOptimize(source.take(request));
    }
    per_pixel(state);
}

void still_scene(benchmark::State& state) { frames_of(state, "colour_chart"); }
void conveyor(benchmark::State& state) { frames_of(state, "conveyor"); }

/// What everything is compared with: a 12-bit frame, copied.
void memcpy_of_a_frame(benchmark::State& state) {
    std::vector<std::uint16_t> from(static_cast<std::size_t>(kPixels), 1), to(from.size());
    for (auto _ : state) {
        std::memcpy(to.data(), from.data(), from.size() * sizeof(from[0]));
        benchmark::DoNotOptimize(to.data());
        benchmark::ClobberMemory();
    }
    per_pixel(state);
}

BENCHMARK(memcpy_of_a_frame)->Unit(benchmark::kMillisecond);
BENCHMARK(still_scene)->Unit(benchmark::kMillisecond);
BENCHMARK(conveyor)->Unit(benchmark::kMillisecond);

}  // namespace
