#pragma once

#include <unistd.h>
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "scenes/motion/moving.h"
#include "scenes/raster/render.h"
#include "scenes/truth.h"
#include "scenes/world.h"
#include "tests/support/render_still.h"

namespace scenes::testing {

using support::render_still;

inline World scene(const std::string& name, const std::vector<std::string>& overrides = {}) {
    return load(name, overrides);
}

/// A scene file for as long as this lives.
class SceneFile {
  public:
    explicit SceneFile(const std::string& content)
        : path_(std::filesystem::temp_directory_path() /
                ("gigemu_scene_" + std::to_string(getpid()) + ".json")) {
        std::ofstream(path_) << content;
    }
    ~SceneFile() { std::remove(path_.c_str()); }
    SceneFile(const SceneFile&) = delete;
    SceneFile& operator=(const SceneFile&) = delete;
    [[nodiscard]] std::string name() const { return path_.string(); }

  private:
    std::filesystem::path path_;
};

inline World scene_of(const std::string& content, const std::vector<std::string>& overrides = {}) {
    const SceneFile file(content);
    return load(file.name(), overrides, {});
}

/// A camera like this one's: three broad bells at 610, 530 and 455 nm.
inline light::Response response() {
    std::array<light::Spectrum, 3> efficiency;
    const double peaks_nm[] = {610, 530, 455};
    for (std::size_t c = 0; c < 3; ++c)
        for (int i = 0; i < light::kWavelengths; ++i)
            efficiency[c][i] =
                0.6 * std::exp(-0.5 * std::pow((light::wavelength_nm(i) - peaks_nm[c]) / 36, 2));
    return light::response(efficiency, light::constant(0.8), 3.45);
}

/// A lens without faults.
inline light::View plain_view(double focal_mm = 19) {
    light::View view;
    view.focal_length_px = focal_mm / 3.45e-3;
    return view;
}

/// The widest zoom: strong barrel distortion, lateral colour.
inline light::View wide_view() {
    light::View view = plain_view(6.5);
    view.distortion = -0.087, view.distortion_r4 = -0.0097;
    view.magnification = {1 - 1.2 / 1280, 1, 1 + 1.5 / 1280};
    return view;
}

/// A sample of the layers, seen from in front.
inline double seen(const light::Radiance& radiance, int channel, int x, int y) {
    double light = 0;
    for (const light::Layer& layer : radiance.layers) {
        const int u = x - layer.where.x, v = y - layer.where.y;
        if (u < 0 || v < 0 || u >= layer.where.width || v >= layer.where.height) continue;
        const double cover = layer.coverage.samples.empty() ? 1 : layer.coverage.at(u, v);
        light = light * (1 - cover) + layer.signal[static_cast<std::size_t>(channel)].at(u, v);
    }
    return light;
}

/// The mosaic of a lens that neither blurs nor shades: the mean of each pixel's samples.
inline light::Mosaic mosaic_of(const light::Radiance& radiance) {
    const light::Rect& part = radiance.pixels;
    const int n = radiance.samples_per_pixel;
    light::Mosaic mosaic(part.width, part.height);
    for (int y = 0; y < part.height; ++y)
        for (int x = 0; x < part.width; ++x) {
            const int channel = ((part.y + y) & 1) + ((part.x + x) & 1);
            double sum = 0;
            for (int j = 0; j < n; ++j)
                for (int i = 0; i < n; ++i)
                    sum += seen(radiance, channel, (part.x + x) * n + i, (part.y + y) * n + j);
            mosaic.at(x, y) = static_cast<float>(sum / (n * n));
        }
    return mosaic;
}

/// A sprite of samples of several pixels.
inline Sprite coarse_sprite_of(const light::Radiance& radiance) {
    const light::Rect& part = radiance.pixels;
    const int n = radiance.pixels_per_sample;
    const light::Layer& layer = radiance.layers.at(0);
    const auto of = [&](const light::Image<float>& samples) {
        light::Image<float> all(part.width / n, part.height / n);
        for (int y = 0; y < all.height; ++y)
            for (int x = 0; x < all.width; ++x) {
                const int u = x + part.x / n - layer.where.x, v = y + part.y / n - layer.where.y;
                if (u >= 0 && v >= 0 && u < layer.where.width && v < layer.where.height)
                    all.at(x, y) = samples.at(u, v);
            }
        return all;
    };
    Sprite sprite{part, 1.0 / n, {}, of(layer.coverage)};
    for (std::size_t c = 0; c < 3; ++c) sprite.light[c] = of(layer.signal[c]);
    return sprite;
}

/// A sprite after such a lens.
inline Sprite sprite_of(const light::Radiance& radiance) {
    if (radiance.pixels_per_sample > 1) return coarse_sprite_of(radiance);
    const light::Rect& part = radiance.pixels;
    const int n = radiance.samples_per_pixel;
    const light::Layer& layer = radiance.layers.at(0);
    const auto mean = [&](const light::Image<float>& fine) {
        light::Image<float> coarse(part.width, part.height);
        for (int y = 0; y < part.height * n; ++y)
            for (int x = 0; x < part.width * n; ++x) {
                const int u = x + part.x * n - layer.where.x, v = y + part.y * n - layer.where.y;
                if (u >= 0 && v >= 0 && u < layer.where.width && v < layer.where.height)
                    coarse.at(x / n, y / n) += fine.at(u, v) / static_cast<float>(n * n);
            }
        return coarse;
    };
    Sprite sprite{part, 1, {}, mean(layer.coverage)};
    for (std::size_t c = 0; c < 3; ++c) sprite.light[c] = mean(layer.signal[c]);
    return sprite;
}

/// The electrons of a frame: the still picture with all that moves laid over it, under the first lamp.
inline light::Mosaic exposed(const World& world, const light::View& view, const light::Mosaic& still,
                             Time from, Time to, Time shine_from, Time shine_to,
                             const BlurReach& reach = usual_reach) {
    const auto things = moving(world, view, from, to, reach);
    std::vector<MotionSums> sums;
    for (const Moving& thing : things) {
        Raster raster{.margin_px = 4};
        const auto pixels = sprite_pixels(world, thing, view, raster);
        if (1.0 * pixels.width * pixels.height > 16e6)
            raster.samples_per_pixel = 1, raster.pixels_per_sample = 8;
        sums.push_back(
            motion_sums_of(sprite_of(render_sprite(world, thing, view, response(), 0, raster)), thing));
    }
    std::vector<Placed> placed;
    for (std::size_t i = 0; i < things.size(); ++i)
        placed.push_back({&things[i], sums[i].where, sums[i].samples_per_pixel});
    const auto motion_sums = [&](const Moving& thing, std::size_t) -> const MotionSums& {
        return sums[static_cast<std::size_t>(&thing - things.data())];
    };
    const double s = std::chrono::duration<double>(to - from).count();
    const LampExposure lamp{0, &still, shine_from, shine_to, {s, s, s}};
    light::Mosaic frame = still;
    for (float& e : frame.samples) e *= static_cast<float>(s);
    for (const Patch& patch : compose(world, view, placed, motion_sums, {&lamp, 1}))
        for (int y = 0; y < patch.where.height; ++y)
            std::copy_n(patch.electrons.row(y), patch.where.width,
                        frame.row(patch.where.y + y) + patch.where.x);
    return frame;
}

}  // namespace scenes::testing
