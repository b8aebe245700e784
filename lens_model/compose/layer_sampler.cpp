#include "lens_model/compose/layer_sampler.h"

#include <algorithm>
#include <cstring>

namespace lens_model {

using scenes::light::Image;
using scenes::light::Rect;

namespace {

const Image<float>& plane(const LayerSampler& source, int channel) {
    return channel == 3 ? source.layer->coverage : source.layer->signal[static_cast<std::size_t>(channel)];
}

Rect coarse_rect(const Rect& r, int factor) {
    const int x = floor_divide(r.x, factor), y = floor_divide(r.y, factor);
    return {x, y, ceil_divide(r.x + r.width, factor) - x, ceil_divide(r.y + r.height, factor) - y};
}

/// One row of samples of which the layer has all in [first, last); elsewhere it is empty.
void copy_row(const LayerSampler& source, int channel, int y, const LayerSamples& want, float* out) {
    const Rect& bounds = source.rendered;
    const Rect& where = source.layer->where;
    const int row = std::clamp(y, bounds.y, bounds.y + bounds.height - 1) - where.y;
    if (row < 0 || row >= where.height) {
        std::fill(out, out + want.width, 0.0F);
        return;
    }
    const bool covers_all = channel == 3 && source.layer->coverage.samples.empty();
    const float* const samples = covers_all ? nullptr : plane(source, channel).row(row);
    const auto value = [&](int x) {
        const int column = std::clamp(x, bounds.x, bounds.x + bounds.width - 1) - where.x;
        if (column < 0 || column >= where.width) return 0.0F;
        return covers_all ? 1.0F : samples[column];
    };
    const int inner_from = std::clamp(where.x - want.x, 0, want.width);
    const int inner_to = std::clamp(where.x + where.width - want.x, inner_from, want.width);
    for (int i = 0; i < inner_from; ++i) out[i] = value(want.x + i);
    for (int i = inner_to; i < want.width; ++i) out[i] = value(want.x + i);
    if (covers_all) {
        std::fill(out + inner_from, out + inner_to, 1.0F);
    } else if (inner_to > inner_from) {
        std::copy_n(samples + (want.x + inner_from - where.x), inner_to - inner_from, out + inner_from);
    }
}

}  // namespace

bool LayerSampler::opaque() const { return layer->coverage.samples.empty() && layer->where == rendered; }

bool LayerSampler::meets(const LayerSamples& samples) const {
    const auto overlap = [](int a, int a_size, int b, int b_size, int edge, int edge_size) {
        // Ask where the rectangle is after its ends are drawn back into what was rendered.
        const int from = std::clamp(a, edge, edge + edge_size - 1);
        const int to = std::clamp(a + a_size - 1, edge, edge + edge_size - 1);
        return from < b + b_size && to >= b;
    };
    const Rect& where = layer->where;
    return !where.empty() && !rendered.empty() &&
           overlap(samples.x, samples.width, where.x, where.width, rendered.x, rendered.width) &&
           overlap(samples.y, samples.height, where.y, where.height, rendered.y, rendered.height);
}

LayerSampler source_of(const scenes::light::Radiance& radiance, const scenes::light::Layer& layer) {
    if (!layer.sampling.known.empty()) return {&layer, LayerSamples(layer.sampling.known)};
    const bool all = radiance.rendered.empty();
    return {&layer, LayerSamples(in_samples(radiance, all ? radiance.pixels : radiance.rendered))};
}

LayerSamples in_samples(const LayerSampler& source, const RasterSamples& samples) {
    return LayerSamples(coarse_rect(samples, source.layer->sampling.coarsening));
}

RasterSamples in_samples(const scenes::light::Radiance& radiance, Rect pixels) {
    const int n = radiance.samples_per_pixel;
    return RasterSamples(coarse_rect({pixels.x * n, pixels.y * n, pixels.width * n, pixels.height * n},
                                     radiance.pixels_per_sample));
}

bool gather(const LayerSampler& source, int channel, const LayerSamples& samples, float* out) {
    bool flat = true;
    for (int y = 0; y < samples.height; ++y) {
        float* const row = out + static_cast<std::ptrdiff_t>(y) * samples.width;
        copy_row(source, channel, samples.y + y, samples, row);
        // All bits alike: a row is the same as itself one sample on.
        const auto rest = static_cast<std::size_t>(samples.width - 1) * sizeof(float);
        flat = flat && row[0] == out[0] && std::memcmp(row, row + 1, rest) == 0;
    }
    return flat;
}

void gather_row(const LayerSampler& source, int channel, const RasterSamples& row, float* out) {
    const int coarsening = source.layer->sampling.coarsening;
    const LayerSamples samples = in_samples(source, row);
    if (coarsening == 1) return void(gather(source, channel, samples, out));
    std::vector<float> coarse(static_cast<std::size_t>(samples.width));
    gather(source, channel, samples, coarse.data());
    for (int x = 0; x < row.width; ++x)
        out[x] = coarse[static_cast<std::size_t>(floor_divide(row.x + x, coarsening) - samples.x)];
}

CoarseLayer coarsened(const LayerSampler& source, int factor) {
    const auto& layer = *source.layer;
    CoarseLayer result;
    result.rendered = LayerSamples(coarse_rect(source.rendered, factor));
    result.layer.distance_m = layer.distance_m;
    result.layer.where = coarse_rect(layer.where, factor);
    const Rect& to = result.layer.where;
    const bool keeps_no_coverage = source.opaque();
    std::vector<float> fine(static_cast<std::size_t>(to.width) * static_cast<std::size_t>(factor * factor));
    const float share = 1.0F / static_cast<float>(factor * factor);
    for (int channel = 0; channel < (keeps_no_coverage ? 3 : 4); ++channel) {
        Image<float> plane(to.width, to.height);
        for (int y = 0; y < to.height; ++y) {
            gather(source, channel, {to.x * factor, (to.y + y) * factor, to.width * factor, factor},
                   fine.data());
            for (int x = 0; x < to.width; ++x) {
                float sum = 0;
                for (int v = 0; v < factor; ++v) {
                    const float* const from =
                        fine.data() + (static_cast<std::ptrdiff_t>(v) * to.width + x) * factor;
                    for (int u = 0; u < factor; ++u) sum += from[u];
                }
                plane.at(x, y) = sum * share;
            }
        }
        if (channel == 3) {
            result.layer.coverage = std::move(plane);
        } else {
            result.layer.signal[static_cast<std::size_t>(channel)] = std::move(plane);
        }
    }
    return result;
}

}  // namespace lens_model
