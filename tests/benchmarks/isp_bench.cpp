#include "emulator/isp/pack.h"
#include "emulator/isp/pipeline.h"
#include "tests/benchmarks/bench.h"

// What the way from codes to bytes costs per pixel, for each format and instruction set, beside packing
// alone.

namespace {

using emulator::isp::PixelFormat;
using emulator::isp::Settings;
using scenes::light::Isa;

using bench::kHeight;
using bench::kWidth;
using bench::per_pixel;

/// Something with all brightnesses in it.
const scenes::light::Image<std::uint16_t>& codes() {
    static const scenes::light::Image<std::uint16_t> codes = [] {
        scenes::light::Image<std::uint16_t> dn(kWidth, kHeight);
        for (int y = 0; y < kHeight; ++y)
            for (int x = 0; x < kWidth; ++x)
                dn.at(x, y) = static_cast<std::uint16_t>((x * 97 + y * 131) % 4096);
        return dn;
    }();
    return codes;
}

void packing(benchmark::State& state, PixelFormat format) {
    const auto& dn = codes();
    for (auto _ : state) benchmark::DoNotOptimize(emulator::isp::pack(dn, format));
    per_pixel(state);
}

void development(benchmark::State& state, PixelFormat format, const Settings& settings, Isa isa) {
    if (!scenes::light::supported(isa)) return state.SkipWithError("not on this machine");
    const auto& dn = codes();
    for (auto _ : state) benchmark::DoNotOptimize(emulator::isp::process(dn, settings, format, isa));
    per_pixel(state);
}

// Each has the stages of the one before, and one more.
const Settings kDefault;
const Settings kBalanced{.white_balance = {120, 64, 110}, .matrix_enabled = false};
const Settings kMatrix{.white_balance = {120, 64, 110}};
const Settings kTurned{.white_balance = {120, 64, 110}, .hue_deg = 20, .saturation = 80};
const Settings kBent{.white_balance = {120, 64, 110}, .hue_deg = 20, .saturation = 80, .gamma = 2.2};

BENCHMARK_CAPTURE(packing, raw_8, PixelFormat::BayerRG8);
BENCHMARK_CAPTURE(packing, raw_12p, PixelFormat::BayerRG12p);
BENCHMARK_CAPTURE(packing, raw_16, PixelFormat::BayerRG16);
BENCHMARK_CAPTURE(development, raw_8_default_avx2, PixelFormat::BayerRG8, kDefault, Isa::v3);
BENCHMARK_CAPTURE(development, raw_8_white_balance_avx2, PixelFormat::BayerRG8, kBalanced, Isa::v3);
BENCHMARK_CAPTURE(development, raw_8_hue_saturation_avx2, PixelFormat::BayerRG8, kTurned, Isa::v3);
BENCHMARK_CAPTURE(development, raw_8_gamma_avx2, PixelFormat::BayerRG8, kBent, Isa::v3);
BENCHMARK_CAPTURE(development, raw_12p_hue_saturation_avx2, PixelFormat::BayerRG12p, kTurned, Isa::v3);
BENCHMARK_CAPTURE(development, bgr_demosaic_avx2, PixelFormat::BGR8, kBalanced, Isa::v3);
BENCHMARK_CAPTURE(development, bgr_matrix_baseline, PixelFormat::BGR8, kMatrix, Isa::baseline);
BENCHMARK_CAPTURE(development, bgr_matrix_avx2, PixelFormat::BGR8, kMatrix, Isa::v3);
BENCHMARK_CAPTURE(development, bgr_matrix_avx512, PixelFormat::BGR8, kMatrix, Isa::v4);
BENCHMARK_CAPTURE(development, bgr_hue_saturation_avx2, PixelFormat::BGR8, kTurned, Isa::v3);
BENCHMARK_CAPTURE(development, bgr_gamma_avx2, PixelFormat::BGR8, kBent, Isa::v3);
BENCHMARK_CAPTURE(development, yuv_422_avx2, PixelFormat::YUV422_8, kMatrix, Isa::v3);
BENCHMARK_CAPTURE(development, yuv_411_avx2, PixelFormat::YCbCr411_8, kMatrix, Isa::v3);

}  // namespace
