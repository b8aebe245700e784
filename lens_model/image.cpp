#include <algorithm>
#include <cassert>
#include <cmath>

#include "lens_model/blur.h"
#include "lens_model/blurred.h"
#include "lens_model/lens.h"
#include "lens_model/transfer.h"
#include "lens_model/vignetting.h"

namespace lens_model {

using scenes::light::Image;
using scenes::light::Mosaic;
using scenes::light::Radiance;
using scenes::light::Rect;

namespace {

/// RGGB, red at even columns of even rows.
std::size_t channel_at(int x, int y) { return static_cast<std::size_t>((x & 1) + (y & 1)); }

Rect in_samples(const Rect& pixels, int samples_per_pixel) {
    return {pixels.x * samples_per_pixel, pixels.y * samples_per_pixel, pixels.width * samples_per_pixel,
            pixels.height * samples_per_pixel};
}

/// Puts a layer before what is behind it; `mosaic` begins at the upper left of `whole`.
void composite(const Blurred& layer, const Rect& whole, Mosaic& mosaic) {
    const Rect& part = layer.part;
    for (int y = 0; y < part.height; ++y) {
        float* const out = mosaic.row(part.y - whole.y + y) + (part.x - whole.x);
        const Between row = between_cells(part.y + y, layer.pitch, layer.cells.y);
        for (int phase = 0; phase < 2; ++phase) {
            const std::size_t channel = channel_at(part.x + phase, part.y + y);
            const Image<float>& signal = layer.signal[channel];
            const Image<float>& coverage = layer.coverage[layer.shares_coverage ? 0 : channel];
            for (int x = phase; x < part.width; x += 2) {
                if (layer.pitch == 1) {
                    const float behind = layer.opaque() ? 0 : out[x] * (1 - coverage.at(x, y));
                    out[x] = behind + signal.at(x, y);
                } else {
                    const Between column = between_cells(part.x + x, layer.pitch, layer.cells.x);
                    const float behind =
                        layer.opaque() ? 0 : out[x] * (1 - interpolated(coverage, column, row));
                    out[x] = behind + interpolated(signal, column, row);
                }
            }
        }
    }
}

/// Relative illumination times the exposure factor, by the square of the distance from the axis.
class Falloff {
  public:
    Falloff(const Constants& constants, const State& state, double factor) {
        for (int i = 0; i <= kSteps + 1; ++i) {
            const double field = std::sqrt(i * kSquaredMax / kSteps);
            values_.push_back(static_cast<float>(factor * relative_illumination(constants, state, field)));
        }
    }
    [[nodiscard]] float at(float field_squared) const {
        const float place = std::min(field_squared * static_cast<float>(kSteps / kSquaredMax), float{kSteps});
        const auto i = static_cast<std::size_t>(place);
        return values_[i] + (place - static_cast<float>(i)) * (values_[i + 1] - values_[i]);
    }

  private:
    static constexpr int kSteps = 512;
    static constexpr double kSquaredMax = 1.25;  // the axis may be off the middle
    std::vector<float> values_;
};

/// Stray light comes from the whole frame and falls on every pixel alike; it is taken from the image.
void expose(const Constants& constants, const State& state, const std::array<double, 3>& mean_signal,
            const Rect& part, Mosaic& mosaic) {
    const double factor = exposure_factor(constants, state), glare = veiling_glare(constants, state);
    const Falloff falloff(constants, state, factor * (1 - glare));
    const double stray = glare * factor * mean_relative_illumination(constants, state);
    const auto view = lens_model::view(constants, state);
    const float scale = static_cast<float>(1 / view.corner_px);
    for (int y = 0; y < part.height; ++y) {
        float* const out = mosaic.row(y);
        const float dy = (static_cast<float>(part.y + y + 0.5 - view.centre_px.y)) * scale;
        const float first = static_cast<float>(part.x + 0.5 - view.centre_px.x);
        const float veil[2] = {static_cast<float>(stray * mean_signal[channel_at(part.x, part.y + y)]),
                               static_cast<float>(stray * mean_signal[channel_at(part.x + 1, part.y + y)])};
        for (int x = 0; x < part.width; ++x) {
            const float dx = (first + static_cast<float>(x)) * scale;
            out[x] = out[x] * falloff.at(dx * dx + dy * dy) + veil[x & 1];
        }
    }
}

}  // namespace

int margin_px(const Constants& constants, const State& state, double distance_m) {
    double reach = 0;
    for (const bool infrared : {false, true}) {
        for (int channel = 0; channel < 3; ++channel) {
            reach = std::max(reach, reach_um(blur(constants, state, distance_m, 1, channel, infrared)));
        }
    }
    return static_cast<int>(std::min<double>(kMarginMax_px, std::ceil(reach / kPixelPitch_um) + 1));
}

std::array<double, 3> frame_mean(const Radiance& radiance) {
    constexpr int kStride = 8;  // a mean needs no more
    const Rect frame = in_samples(radiance.pixels, radiance.samples_per_pixel);
    const Rect rendered = in_samples(rendered_px(radiance), radiance.samples_per_pixel);
    std::vector<float> coverage(static_cast<std::size_t>(frame.width)), signal(coverage), seen(coverage);
    std::array<double, 3> sum{};
    double count = 0;
    for (int y = frame.y; y < frame.y + frame.height; y += kStride) {
        for (int c = 0; c < 3; ++c) {
            std::fill(seen.begin(), seen.end(), 0.0F);
            for (const auto& layer : radiance.layers) {
                const Source source{&layer, rendered};
                const Rect row{frame.x, y, frame.width, 1};
                gather(source, c, row, signal.data());
                gather(source, 3, row, coverage.data());
                for (std::size_t x = 0; x < seen.size(); x += kStride) {
                    seen[x] = seen[x] * (1 - coverage[x]) + signal[x];
                }
            }
            for (std::size_t x = 0; x < seen.size(); x += kStride)
                sum[static_cast<std::size_t>(c)] += seen[x];
        }
        count += (frame.width + kStride - 1) / kStride;
    }
    for (auto& mean : sum) mean /= std::max(1.0, count);
    return sum;
}

Mosaic image(const Radiance& radiance, Rect part, const Constants& constants, const State& state,
             Quality quality) {
    const int spp = radiance.samples_per_pixel;
    assert(spp == 1 || spp == 2 || spp == 4);
    Mosaic mosaic(part.width, part.height);
    for (const auto& layer : radiance.layers) {
        if (layer.where.empty()) continue;
        const BlurJob job{
            constants, state, {&layer, in_samples(rendered_px(radiance), spp)}, spp, radiance.infrared_share,
            part};
        composite(quality == Quality::full ? blur_by_tiles(best_kernels(), job)
                                           : blur_by_gaussians(best_kernels(), job),
                  part, mosaic);
    }
    const auto mean = radiance.frame_mean ? *radiance.frame_mean : frame_mean(radiance);
    expose(constants, state, mean, part, mosaic);
    return mosaic;
}

Mosaic image(const Radiance& radiance, const Constants& constants, const State& state, Quality quality) {
    return image(radiance, radiance.pixels, constants, state, quality);
}

}  // namespace lens_model
