#include <algorithm>
#include <cmath>

#include "lens_model/blur/blurred.h"
#include "lens_model/blur/matched_gaussian.h"
#include "lens_model/blur/transfer.h"

namespace lens_model {

using scenes::light::Image;
using scenes::light::Rect;

namespace {

constexpr double kField = 0.5;  // one place stands for all
/// Of the straight lines between the centres of cells, in cells².
constexpr double kLinearVariance = 1.0 / 6;

double variance_of(const std::vector<double>& weight) {
    const double middle = 0.5 * static_cast<double>(weight.size() - 1);
    double sum = 0, moment = 0;
    for (std::size_t i = 0; i < weight.size(); ++i) {
        const double off = static_cast<double>(i) - middle;
        sum += weight[i], moment += weight[i] * off * off;
    }
    return moment / sum;
}

/// Weights of this very variance: three of them if the Gaussian is narrower than samples can tell.
std::vector<float> gaussian(double variance) {
    constexpr double kNarrow = 0.4;
    std::vector<double> weight{variance / 2, 1 - variance, variance / 2};
    if (variance > kNarrow) {
        const int radius = static_cast<int>(std::ceil(2.5 * std::sqrt(variance)));
        weight.resize(static_cast<std::size_t>(2 * radius + 1));
        double wider = variance;  // makes up for what is cut off
        for (int attempt = 0; attempt < 4; ++attempt) {
            for (int i = -radius; i <= radius; ++i)
                weight[static_cast<std::size_t>(i + radius)] = std::exp(-0.5 * i * i / wider);
            wider *= variance / variance_of(weight);
        }
    }
    double sum = 0;
    for (const double w : weight) sum += w;
    std::vector<float> result;
    result.reserve(weight.size());
    for (const double w : weight) result.push_back(static_cast<float>(w / sum));
    return result;
}

/// Rows `first`, `first + step`, … of the result; the others stay zero.
void smooth_plane(const TileKernels& kernels, const LayerSampler& source, int channel,
                  const std::vector<float>& weight, const LayerSamples& where, int first, int step,
                  Image<float>& to) {
    const int taps = static_cast<int>(weight.size()), radius = taps / 2;
    Image<float> padded(where.width + 2 * radius, where.height + 2 * radius);
    const bool flat =
        gather(source, channel, {where.x - radius, where.y - radius, padded.width, padded.height},
               padded.samples.data());
    to = Image<float>(where.width, where.height, flat ? padded.samples[0] : 0);
    if (flat) return;
    std::vector<const float*> rows(weight.size());
    std::vector<float> work(static_cast<std::size_t>(padded.width));
    for (int y = first; y < where.height; y += step) {
        for (int t = 0; t < taps; ++t) rows[static_cast<std::size_t>(t)] = padded.row(y + t);
        kernels.smooth(rows.data(), weight.data(), taps, where.width, work.data(), to.row(y));
    }
}

/// Of cells, which are `pitch` units wide.
struct Smoothing {
    int pitch = 1;
    std::vector<float> weight;
};

Smoothing smoothing_for(const BlurJob& job) {
    // What green sees; the other colours must not differ, or every edge would have a fringe.
    const double frequency = mtf50(colour_blurs(job.constants, job.state, job.source.layer->distance_m,
                                                kField, job.infrared_share, job.diffusion)[1]);
    const double unit_px = job.unit_um / kPixelPitch_um;
    Smoothing result;
    while (result.pitch * unit_px < sample_px_for(frequency) ||
           job.samples_per_unit * result.pitch < job.source.layer->sampling.coarsening)
        result.pitch *= 2;
    const double sigma = matched_sigma_samples(frequency, result.pitch * unit_px);
    result.weight = gaussian(sigma * sigma - (result.pitch > 1 ? kLinearVariance : 0));
    return result;
}

Cells grown(const Cells& r, int by) { return {r.x - by, r.y - by, r.width + 2 * by, r.height + 2 * by}; }

}  // namespace

Blurred blur_by_gaussians(const TileKernels& kernels, const BlurJob& job) {
    const auto [pitch, weight] = smoothing_for(job);
    Blurred result;
    result.pitch = pitch;
    CoarseLayer coarse;
    LayerSampler source = job.source;
    if (const int more = job.samples_per_unit * pitch / source.layer->sampling.coarsening; more > 1) {
        coarse = coarsened(job.source, more);
        source = {&coarse.layer, coarse.rendered};
    }
    // From here on a sample of the layer is a cell.
    const Cells reach = grown(Cells(source.layer->where), static_cast<int>(weight.size()) / 2);
    result.part = touched(job.part, source, reach, result.pitch);
    if (result.part.empty()) return {};
    result.cells = cells_for(result.part, result.pitch);
    result.shares_coverage = true;
    const auto smooth = [&, &weight = weight](int channel, int first, int step, Image<float>& to) {
        smooth_plane(kernels, source, channel, weight, LayerSamples(result.cells), first, step, to);
    };
    // Of whole pixels, red is wanted in even rows only and blue in odd ones.
    const bool mosaic = job.mosaic && result.pitch == 1;
    const int odd = result.cells.y & 1;
    smooth(0, mosaic ? odd : 0, mosaic ? 2 : 1, result.signal[0]);
    smooth(1, 0, 1, result.signal[1]);
    smooth(2, mosaic ? 1 - odd : 0, mosaic ? 2 : 1, result.signal[2]);
    if (!source.opaque()) smooth(3, 0, 1, result.coverage[0]);
    return result;
}

}  // namespace lens_model
