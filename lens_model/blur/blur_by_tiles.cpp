#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <optional>

#include "lens_model/blur/blurred.h"
#include "lens_model/blur/fourier.h"
#include "lens_model/blur/transfer.h"

namespace lens_model {

using scenes::light::Image;
using scenes::light::Rect;
using scenes::light::Sampling;

namespace {

constexpr int kTile = 256;  // samples along a side of what is transformed
/// Samples around a tile's core that its blur may reach.
constexpr int kMarginLeast = 24, kMarginMost = 48, kMarginStep = 8;
constexpr double kSoftness_samples = 0.6;  // keeps the rim of a disc on large samples from ringing
/// Light beyond 700 nm that is a smaller part of a signal is blurred less than it should be where it would
/// reach beyond the margin that visible light needs.
constexpr double kFaintInfrared = 0.005;
constexpr int kCoarsest = 1 << 16;  // samples: no distance needs more
constexpr int kZones = 16;          // steps of the squared distance from the axis to the corner

/// How a layer is cut: its samples, the cells that come out, and the tiles.
struct TileLayout {
    int coarsening = 1;  // how many of the layer's samples, along an axis, become one
    int pitch = 1;       // units of a cell
    int folds = 1;       // samples of a cell
    int margin = kMarginLeast;
    double unit_um = kPixelPitch_um;
    [[nodiscard]] double sample_pitch_um() const { return unit_um * pitch / folds; }
    [[nodiscard]] double cell_px() const { return unit_um * pitch / kPixelPitch_um; }
    [[nodiscard]] int core_cells() const { return (kTile - 2 * margin) / folds; }
    /// The tiles that make the cells of a rectangle, numbered from the corner of the sensor.
    [[nodiscard]] Rect tiles(const Cells& cells) const {
        const int core = core_cells(), x = floor_divide(cells.x, core), y = floor_divide(cells.y, core);
        return {x, y, ceil_divide(cells.x + cells.width, core) - x,
                ceil_divide(cells.y + cells.height, core) - y};
    }
};

/// The widest blur that the layer has anywhere: in the corner of the sensor.
double widest_reach_um(const BlurJob& job) {
    double reach = 0;
    for (const auto& c : colour_blurs(job.constants, job.state, job.source.layer->distance_m, 1,
                                      job.infrared_share, job.diffusion)) {
        reach = std::max(reach, reach_um(c.visible));
        if (c.infrared_share > kFaintInfrared) reach = std::max(reach, reach_um(c.infrared));
    }
    return reach;
}

/// Samples grow until a tile's margin holds the blur: first to pixels, then beyond them. They are as large
/// as the layer's from the start.
TileLayout layout_for(const BlurJob& job) {
    TileLayout layout;
    layout.folds = job.samples_per_unit;
    layout.unit_um = job.unit_um;
    const double reach_um = widest_reach_um(job);
    const auto too_fine = [&] {
        return layout.coarsening < job.source.layer->sampling.coarsening ||
               (reach_um / layout.sample_pitch_um() > kMarginMost && layout.coarsening < kCoarsest);
    };
    while (too_fine()) {
        layout.coarsening *= 2;
        if (layout.folds > 1) {
            layout.folds /= 2;
        } else {
            layout.pitch *= 2;
        }
    }
    while (layout.margin < kMarginMost && reach_um / layout.sample_pitch_um() > layout.margin)
        layout.margin += kMarginStep;
    return layout;
}

/// The planes that a tile goes through.
struct Workbench {
    ComplexPlane red_blue{kTile}, green_coverage{kTile}, work{kTile};
    ComplexPlane cell_red_blue, cell_green, cell_coverage, cell_work;
    explicit Workbench(int cells)
        : cell_red_blue(cells), cell_green(cells), cell_coverage(cells), cell_work(cells) {}
};

/// Blurs the tiles of one layer, one after the other.
class Tiles {
  public:
    Tiles(const TileKernels& kernels, const BlurJob& job, const LayerSampler& source,
          const TileLayout& layout)
        : kernels_(kernels),
          job_(job),
          source_(source),
          layout_(layout),
          view_(view(job.constants, job.state)),
          fourier_(kTile),
          cell_fourier_(kTile / layout.folds),
          bench_(kTile / layout.folds) {}

    void blur(int column, int row, Blurred& to) {
        const int core = layout_.core_cells();
        const Cells cells{column * core, row * core, core, core};
        const LayerSamples samples{cells.x * layout_.folds - layout_.margin,
                                   cells.y * layout_.folds - layout_.margin, kTile, kTile};
        if (!source_.meets(samples)) return;  // `to` is empty there already
        const bool flat = load(samples);
        if (flat) return write_flat(cells, to);
        level_coverage();
        transform(cells);
        write(cells, to);
    }

  private:
    /// True if nothing in the tile changes from sample to sample, so that blur changes nothing.
    bool load(const LayerSamples& samples) {
        bool flat = gather(source_, 0, samples, bench_.red_blue.re.data());
        flat = gather(source_, 2, samples, bench_.red_blue.im.data()) && flat;
        flat = gather(source_, 1, samples, bench_.green_coverage.re.data()) && flat;
        auto& coverage = bench_.green_coverage.im;
        even_coverage_.reset();
        if (source_.opaque() || gather(source_, 3, samples, coverage.data())) {
            // Not to be blurred, whatever there is of it: so that a layer that hides all that is behind it is
            // the same where it does so in one part of a picture only.
            even_coverage_ = source_.opaque() ? 1 : coverage[0];
            std::fill(coverage.begin(), coverage.end(), 0.0F);
        }
        return flat && even_coverage_;
    }

    /// Coverage shares a transform with green. Rounding goes by the larger of the two, so coverage is brought
    /// to the size of green, by a power of two.
    void level_coverage() {
        if (even_coverage_) return;
        const auto& green = bench_.green_coverage.re;
        const float most = *std::max_element(green.begin(), green.end());
        coverage_unit_ = most > 0 ? std::ldexp(1.0F, std::clamp(std::ilogb(most), -60, 60)) : 1;
        for (float& sample : bench_.green_coverage.im) sample *= coverage_unit_;
    }

    const TransferTables& tables_at(const Cells& cells) {
        const double x = (cells.x + cells.width / 2.0) * layout_.cell_px() - view_.centre_px.x;
        const double y = (cells.y + cells.height / 2.0) * layout_.cell_px() - view_.centre_px.y;
        const double field_squared = std::min(1.0, (x * x + y * y) / (view_.corner_px * view_.corner_px));
        const int zone = static_cast<int>(std::lround(field_squared * kZones));
        const auto known = zones_.find(zone);
        if (known != zones_.end()) return *known->second;
        auto colours =
            colour_blurs(job_.constants, job_.state, source_.layer->distance_m,
                         std::sqrt(static_cast<double>(zone) / kZones), job_.infrared_share, job_.diffusion);
        if (layout_.pitch > 1) {
            const double soft_um = kSoftness_samples * layout_.sample_pitch_um();
            for (auto& colour : colours)
                for (Blur* blur : {&colour.visible, &colour.infrared})
                    blur->sigma_um = std::hypot(blur->sigma_um, soft_um);
        }
        for (auto& colour : colours) {
            const double too_far_um = reach_um(colour.infrared) - layout_.margin * layout_.sample_pitch_um();
            if (colour.infrared_share <= kFaintInfrared && too_far_um > 0)
                colour.infrared.disc_um = std::max(0.0, colour.infrared.disc_um - 2 * too_far_um);
        }
        const TransferKey key{colours, kTile, layout_.folds, layout_.margin, layout_.sample_pitch_um()};
        auto& tables = zones_[zone];
        tables = job_.transfers != nullptr ? (*job_.transfers)(key)
                                           : std::make_shared<const TransferTables>(key.tables());
        return *tables;
    }

    void transform(const Cells& cells) {
        const Transfer transfer = tables_at(cells).transfer();
        forward(kernels_, fourier_, bench_.red_blue, bench_.work);
        forward(kernels_, fourier_, bench_.green_coverage, bench_.work);
        const auto back = [&](auto filter, ComplexPlane& in, ComplexPlane& out) {
            out.clear();
            filter(transfer, in.complex(), out.complex());
            backward(kernels_, cell_fourier_, out, bench_.cell_work);
        };
        back(kernels_.filter_red_blue, bench_.red_blue, bench_.cell_red_blue);
        back(kernels_.filter_green, bench_.green_coverage, bench_.cell_green);
        if (!even_coverage_) back(kernels_.filter_coverage, bench_.green_coverage, bench_.cell_coverage);
    }

    static void fill(Image<float>& plane, const Cells& cells, const Cells& want, float value) {
        for (int y = 0; y < want.height; ++y)
            std::fill_n(&plane.at(want.x - cells.x, want.y - cells.y + y), want.width, value);
    }

    void write_even_coverage(const Cells& want, Blurred& to) {
        if (to.opaque()) return;
        for (auto& plane : to.coverage) fill(plane, to.cells, want, *even_coverage_);
    }

    void write_flat(const Cells& core, Blurred& to) {
        const Cells want = overlap(core, to.cells);
        fill(to.signal[0], to.cells, want, bench_.red_blue.re[0]);
        fill(to.signal[1], to.cells, want, bench_.green_coverage.re[0]);
        fill(to.signal[2], to.cells, want, bench_.red_blue.im[0]);
        write_even_coverage(want, to);
    }

    void write(const Cells& core, Blurred& to) {
        const Cells want = overlap(core, to.cells);
        const int stride = kTile / layout_.folds, margin = layout_.margin / layout_.folds;
        const auto copy = [&](Image<float>& plane, const std::vector<float>& tile, auto value) {
            for (int y = 0; y < want.height; ++y) {
                const float* const from =
                    tile.data() + (want.y - core.y + margin + y) * stride + (want.x - core.x + margin);
                float* const out = &plane.at(want.x - to.cells.x, want.y - to.cells.y + y);
                for (int x = 0; x < want.width; ++x) out[x] = value(from[x]);
            }
        };
        const auto signal = [](float v) { return v; };
        copy(to.signal[0], bench_.cell_red_blue.re, signal);
        copy(to.signal[1], bench_.cell_green.re, signal);
        copy(to.signal[2], bench_.cell_red_blue.im, signal);
        if (even_coverage_) return write_even_coverage(want, to);
        // Rounding may leave a little less than nothing.
        const auto coverage = [unit = coverage_unit_](float v) { return std::clamp(v / unit, 0.0F, 1.0F); };
        copy(to.coverage[0], bench_.cell_coverage.re, coverage);
        copy(to.coverage[1], bench_.cell_green.im, coverage);
        copy(to.coverage[2], bench_.cell_coverage.im, coverage);
    }

    const TileKernels& kernels_;
    const BlurJob& job_;
    const LayerSampler& source_;
    TileLayout layout_;
    scenes::light::View view_;
    Fourier fourier_, cell_fourier_;
    Workbench bench_;
    std::map<int, std::shared_ptr<const TransferTables>> zones_;
    std::optional<float> even_coverage_;  // the same all over the tile
    float coverage_unit_ = 1;
};

/// The cells of all tiles that meet a layer.
Cells reach_of(const LayerSamples& where, const TileLayout& layout) {
    const int core = layout.core_cells(), core_samples = core * layout.folds;
    const auto first = [&](int from) {
        return (floor_divide(from - kTile + layout.margin, core_samples) + 1) * core;
    };
    const auto end = [&](int to) { return ceil_divide(to + layout.margin, core_samples) * core; };
    const int x = first(where.x), y = first(where.y);
    return {x, y, end(where.x + where.width) - x, end(where.y + where.height) - y};
}

Blurred empty_planes(const Units& part, const TileLayout& layout, bool opaque) {
    Blurred result;
    result.part = part;
    result.pitch = layout.pitch;
    result.cells = cells_for(part, layout.pitch);
    const Cells& cells = result.cells;
    for (auto& plane : result.signal) plane = Image<float>(cells.width, cells.height);
    if (opaque) return result;
    for (auto& plane : result.coverage) plane = Image<float>(cells.width, cells.height);
    return result;
}

}  // namespace

Blurred blur_by_tiles(const TileKernels& kernels, const BlurJob& job) {
    const TileLayout layout = layout_for(job);
    CoarseLayer coarse;
    LayerSampler source = job.source;
    if (const int more = layout.coarsening / job.source.layer->sampling.coarsening; more > 1) {
        coarse = coarsened(job.source, more);
        source = {&coarse.layer, coarse.rendered};
    }
    const Units part =
        touched(job.part, source, reach_of(LayerSamples(source.layer->where), layout), layout.pitch);
    if (part.empty()) return {};
    Blurred result = empty_planes(part, layout, source.opaque());
    Tiles tiles(kernels, job, source, layout);
    const Rect all = layout.tiles(result.cells);
    for (int row = all.y; row < all.y + all.height; ++row) {
        for (int column = all.x; column < all.x + all.width; ++column) tiles.blur(column, row, result);
    }
    return result;
}

int tile_units(const BlurJob& job) {
    const TileLayout layout = layout_for(job);
    return layout.core_cells() * layout.pitch;
}

Sampling sampling_for_tiles(const BlurJob& job) {
    const TileLayout layout = layout_for(job);
    const Rect tiles = layout.tiles(cells_for(job.part, layout.pitch));
    const int core = layout.core_cells() * layout.folds, rims = 2 * layout.margin;
    return {layout.coarsening,
            {tiles.x * core - layout.margin, tiles.y * core - layout.margin, tiles.width * core + rims,
             tiles.height * core + rims}};
}

}  // namespace lens_model
