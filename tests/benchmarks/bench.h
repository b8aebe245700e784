#pragma once

#include <benchmark/benchmark.h>

#include <cstdint>
#include <cstring>
#include <vector>

namespace bench {

inline constexpr int kWidth = 2048, kHeight = 1536;
inline constexpr double kPixels = double{kWidth} * kHeight;

/// Time for each pixel of a frame.
inline void per_pixel(benchmark::State& state, double pixels = kPixels) {
    state.counters["ns/px"] = benchmark::Counter(
        pixels * 1e-9, benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

/// What everything is compared with: a 12-bit frame, copied.
inline void memcpy_of_a_frame(benchmark::State& state) {
    std::vector<std::uint16_t> from(static_cast<std::size_t>(kPixels), 1), to(from.size());
    for (auto _ : state) {
        std::memcpy(to.data(), from.data(), from.size() * sizeof(from[0]));
        benchmark::DoNotOptimize(to.data());
        benchmark::ClobberMemory();
    }
    per_pixel(state);
}

[[maybe_unused]] inline const auto* const kMemcpy =
    benchmark::RegisterBenchmark("memcpy_of_a_frame", memcpy_of_a_frame);

}  // namespace bench
