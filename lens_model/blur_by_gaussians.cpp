#include <algorithm>
#include <cmath>

#include "lens_model/blur.h"
#include "lens_model/blurred.h"
#include "lens_model/transfer.h"

namespace lens_model {

using scenes::light::Image;
using scenes::light::Rect;

namespace {

constexpr double kSigmaMax_cells = 2;  // wider blurs are done on larger cells
constexpr double kField = 0.5;         // one place stands for all

/// What green sees, infrared included; the other colours must not differ, or every edge would have a fringe.
double sigma_um(const BlurJob& job) {
    const auto green =
        colour_blurs(job.constants, job.state, job.source.layer->distance_m, kField, job.infrared_share)[1];
    const double visible = equivalent_sigma_um(green.visible), infrared = equivalent_sigma_um(green.infrared);
    return std::sqrt((1 - green.infrared_share) * visible * visible +
                     green.infrared_share * infrared * infrared);
}

std::vector<float> gaussian(double sigma) {
    const int radius = std::max(1, static_cast<int>(std::ceil(2.5 * sigma)));
    std::vector<double> weight;
    double sum = 0;
    for (int i = -radius; i <= radius; ++i)
        sum += weight.emplace_back(std::exp(-0.5 * i * i / (sigma * sigma)));
    std::vector<float> result;
    for (const double w : weight) result.push_back(static_cast<float>(w / sum));
    return result;
}

/// Rows `first`, `first + step`, … of the result; the others stay zero.
void smooth_plane(const TileKernels& kernels, const Source& source, int channel,
                  const std::vector<float>& weight, const Rect& cells, int first, int step,
                  Image<float>& to) {
    const int taps = static_cast<int>(weight.size()), radius = taps / 2;
    Image<float> padded(cells.width + 2 * radius, cells.height + 2 * radius);
    const bool flat =
        gather(source, channel, {cells.x - radius, cells.y - radius, padded.width, padded.height},
               padded.samples.data());
    to = Image<float>(cells.width, cells.height, flat ? padded.samples[0] : 0);
    if (flat) return;
    std::vector<const float*> rows(weight.size());
    std::vector<float> work(static_cast<std::size_t>(padded.width));
    for (int y = first; y < cells.height; y += step) {
        for (int t = 0; t < taps; ++t) rows[static_cast<std::size_t>(t)] = padded.row(y + t);
        kernels.smooth(rows.data(), weight.data(), taps, cells.width, work.data(), to.row(y));
    }
}

}  // namespace

Blurred blur_by_gaussians(const TileKernels& kernels, const BlurJob& job) {
    Blurred result;
    const double sigma = sigma_um(job) / job.unit_um;
    while (sigma / result.pitch > kSigmaMax_cells) result.pitch *= 2;

    CoarseLayer coarse;
    Source source = job.source;
    const int coarsening = job.samples_per_unit * result.pitch;
    if (coarsening > 1) {
        coarse = coarsened(job.source, coarsening);
        source = {&coarse.layer, coarse.rendered};
    }
    const auto weight = gaussian(sigma / result.pitch);
    const int radius = static_cast<int>(weight.size()) / 2;
    const Rect& where = source.layer->where;
    const Rect reach{where.x - radius, where.y - radius, where.width + 2 * radius, where.height + 2 * radius};
    result.part = touched(job.part, source, reach, result.pitch);
    if (result.part.empty()) return {};
    result.cells = cells_for(result.part, result.pitch);
    result.shares_coverage = true;
    const auto smooth = [&](int channel, int first, int step, Image<float>& to) {
        smooth_plane(kernels, source, channel, weight, result.cells, first, step, to);
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
