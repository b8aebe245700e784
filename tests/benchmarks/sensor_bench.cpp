#include "sensor_model/sensor.h"
#include "tests/benchmarks/bench.h"

// What a frame costs per pixel, for each instruction set, beside a plain copy of the frame in the same run.

namespace {

using namespace sensor_model;

using bench::per_pixel;

const FixedPattern& pattern() {
    static const FixedPattern pattern = make_fixed_pattern(Chip{}, 1);
    return pattern;
}

/// Something with all brightnesses in it, as a map of electrons per second.
const scenes::light::Mosaic& light() {
    static const scenes::light::Mosaic light = [] {
        scenes::light::Mosaic map(2048, 1536);
        for (int y = 0; y < map.height; ++y)
            for (int x = 0; x < map.width; ++x)
                map.at(x, y) = static_cast<float>((x * 97 + y * 131) % 300'000);
        return map;
    }();
    return light;
}

void frame(benchmark::State& state, Isa isa, const Settings& settings) {
    if (!supported(isa)) return state.SkipWithError("not on this machine");
    const Chip chip;
    const FixedPattern& fixed = pattern();
    const Exposure exposure{{{&light(), settings.exposure_us * 1e-6}}, {}};
    RawFrame raw = unexposed(settings);
    FrameSeed seed{1};
    for (auto _ : state) {
        ++seed.frame;
        expose_rows(chip, fixed, exposure, settings, seed, {0, raw.dn.height}, raw, isa);
        benchmark::ClobberMemory();
    }
    per_pixel(state, static_cast<double>(raw.dn.samples.size()));
}

const Settings kWarm{.exposure_us = 30'000};
const Settings kCold{.exposure_us = 1'000, .temperature_c = 10};
const Settings kAmplified{.exposure_us = 30'000, .gain_db = 36};
const Settings kSkipped{.exposure_us = 30'000, .region = {.skip_x = 2, .skip_y = 2}};
const Settings kFlipped{.exposure_us = 30'000, .region = {.reverse_x = true, .reverse_y = true}};

BENCHMARK_CAPTURE(frame, still_baseline, Isa::baseline, kWarm);
BENCHMARK_CAPTURE(frame, still_avx2, Isa::v3, kWarm);
BENCHMARK_CAPTURE(frame, still_avx512, Isa::v4, kWarm);
BENCHMARK_CAPTURE(frame, no_dark_current_avx2, Isa::v3, kCold);
BENCHMARK_CAPTURE(frame, digital_gain_avx2, Isa::v3, kAmplified);
BENCHMARK_CAPTURE(frame, skipped_avx2, Isa::v3, kSkipped);
BENCHMARK_CAPTURE(frame, flipped_avx2, Isa::v3, kFlipped);

void pattern_of_a_camera(benchmark::State& state) {
    for (auto _ : state) benchmark::DoNotOptimize(make_fixed_pattern(Chip{}, 1));
    per_pixel(state);
}
BENCHMARK(pattern_of_a_camera);

}  // namespace
