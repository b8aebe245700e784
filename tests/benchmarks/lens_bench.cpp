#include <algorithm>
#include <filesystem>

#include "lens_model/lens.h"
#include "lens_model/optics/focus.h"
#include "scenes/light/response.h"
#include "scenes/raster/texture_cache.h"
#include "scenes/seen.h"
#include "sensor_model/quantum_efficiency.h"
#include "tests/benchmarks/bench.h"

// What a change of lens or scene costs: the whole frame is drawn and blurred anew. Full as when the lens
// stands still, coarse as while it moves; beside a plain copy of a frame in the same run.

namespace {

namespace light = scenes::light;
using lens_model::Quality;

using bench::per_pixel;

int samples_per_pixel(Quality quality) { return quality == Quality::full ? 2 : 1; }

/// A scene of the catalogue as its own hints see it.
struct Shot {
    scenes::World world;
    lens_model::Constants constants;
    lens_model::State lens;
    light::Response response;

    explicit Shot(const std::string& scene) {
        world = scenes::load(scene, {});
        lens.zoom_steps = world.camera.zoom.value_or(0);
        lens.focus_counts =
            world.camera.focus.value_or(lens_model::infinity_counts(constants, lens.zoom_steps));
        std::array<light::Spectrum, 3> efficiency;
        for (std::size_t c = 0; c < 3; ++c) {
            for (int i = 0; i < light::kWavelengths; ++i) {
                efficiency[c][i] =
                    sensor_model::quantum_efficiency(static_cast<int>(c), light::wavelength_nm(i));
            }
        }
        response = light::response(efficiency, lens_model::transmission(constants, lens), 3.45);
    }

    [[nodiscard]] light::Radiance render(Quality quality) const {
        const scenes::Raster raster{.samples_per_pixel = samples_per_pixel(quality),
                                    .draft = quality == Quality::coarse};
        light::Radiance wanted;
        wanted.samples_per_pixel = raster.samples_per_pixel;
        wanted.pixels = raster.pixels;
        scenes::TextureCache textures;
        textures.prepare(world, response, {});
        const auto view = lens_model::view(constants, lens);
        return scenes::render_still(world, scenes::still_scene(world, view), view, response, 0, raster,
                                    textures, [&](double distance_m) {
                                        return lens_model::sampling(wanted, distance_m, constants, lens,
                                                                    quality);
                                    });
    }
};

void render(benchmark::State& state, const std::string& scene, Quality quality) {
    const Shot shot(scene);
    for (auto _ : state) benchmark::DoNotOptimize(shot.render(quality));
    per_pixel(state);
}

void image(benchmark::State& state, const std::string& scene, Quality quality) {
    const Shot shot(scene);
    const auto radiance = shot.render(quality);
    for (auto _ : state) {
        benchmark::DoNotOptimize(lens_model::image(radiance, shot.constants, shot.lens, quality));
    }
    per_pixel(state);
}

BENCHMARK_CAPTURE(render, flat_field_full, "flat_field", Quality::full)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(render, chart_full, "colour_chart", Quality::full)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(render, chart_coarse, "colour_chart", Quality::coarse)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(render, depths_full, "depth_range", Quality::full)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(render, depths_coarse, "depth_range", Quality::coarse)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(image, flat_field_full, "flat_field", Quality::full)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(image, chart_full, "colour_chart", Quality::full)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(image, chart_coarse, "colour_chart", Quality::coarse)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(image, depths_full, "depth_range", Quality::full)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(image, depths_coarse, "depth_range", Quality::coarse)->Unit(benchmark::kMillisecond);

}  // namespace
