#include "lens_model/compose/draft.h"

#include <algorithm>
#include <climits>
#include <cmath>
#include <map>
#include <optional>

#include "lens_model/blur/matched_gaussian.h"
#include "lens_model/compose/layer_sampler.h"
#include "lens_model/kernels/resample.h"

namespace lens_model {

using scenes::light::Image;
using scenes::light::Layer;
using scenes::light::Mosaic;
using scenes::light::Radiance;
using scenes::light::Rect;
using scenes::light::Sampling;

namespace {

constexpr int kTile_px = 128;  // along a side of what has one blur for each colour; tiles begin at the corner
constexpr int kFieldZones = 16;  // steps of the squared distance from the axis to the corner
constexpr int kPairs = kTile_px / 2;
constexpr std::size_t kGreen = 1, kCoverage = 3;

std::array<double, 3> mtf50s(const Radiance& radiance, double distance_m, double field,
                             const Constants& constants, const State& state) {
    const auto colours =
        colour_blurs(constants, state, distance_m, field, radiance.infrared_share, radiance.diffusion);
    return {mtf50(colours[0]), mtf50(colours[1]), mtf50(colours[2])};
}

/// The sharpest places decide.
int sample_px_at(const Radiance& radiance, double distance_m, const Constants& constants,
                 const State& state) {
    const auto centre = mtf50s(radiance, distance_m, 0, constants, state);
    return sample_px_for(*std::max_element(centre.begin(), centre.end()));
}

/// Gaussian weights of the samples about a place, by where it lies between two of them.
class Weights {
  public:
    explicit Weights(double sigma_samples) : taps(taps_for(sigma_samples)) {
        table_.reserve(static_cast<std::size_t>((kPhases + 1) * taps));
        // Falls to nothing, so that a lamp has no square around it.
        const double end = std::exp(-0.5 * std::pow(0.5 * taps / sigma_samples, 2));
        for (int phase = 0; phase <= kPhases; ++phase) {
            const int before = taps / 2 - 1;
            const double place = before + static_cast<double>(phase) / kPhases;
            std::array<double, kTapsMost> weight{};
            double sum = 0;
            for (int t = 0; t < taps; ++t) {
                const double off = (t - place) / sigma_samples;
                sum += weight[static_cast<std::size_t>(t)] = std::max(0.0, std::exp(-0.5 * off * off) - end);
            }
            for (int t = 0; t < taps; ++t)
                table_.push_back(static_cast<float>(weight[static_cast<std::size_t>(t)] / sum));
        }
    }
    /// Of a place that lies this share behind the sample `taps` / 2 - 1.
    [[nodiscard]] const float* at(double share) const {
        return table_.data() + std::lround(share * kPhases) * taps;
    }
    int taps;

  private:
    static int taps_for(double sigma_samples) {
        const double width = 6.5 * sigma_samples + 1;
        for (const int taps : {6, 8, 12})
            if (width <= taps) return taps;
        return kTapsMost;
    }
    static constexpr int kPhases = 64;
    std::vector<float> table_;
};

/// For a standard deviation, to 1 %.
const Weights& weights_for(double sigma_samples) {
    constexpr int kSteps = 128;
    constexpr double kLeast = 0.5, kRatio = 1.02;
    static const std::vector<Weights> all = [] {
        std::vector<Weights> made;
        made.reserve(kSteps);
        for (int step = 0; step < kSteps; ++step) made.emplace_back(kLeast * std::pow(kRatio, step));
        return made;
    }();
    const double step = std::log(sigma_samples / kLeast) / std::log(kRatio);
    return all[static_cast<std::size_t>(std::clamp(std::lround(step), 0L, kSteps - 1L))];
}

/// Where the pixels of a colour lie along one axis of the samples, drawn as green sees them.
struct Axis {
    double centre_px, magnification;  // against green's
    int sample_px;

    struct Place {
        int first;  // sample that counts
        double share;
    };
    [[nodiscard]] Place place(int px, int taps) const {
        const double seen_px = centre_px + (px + 0.5 - centre_px) / magnification;
        const double sample = seen_px / sample_px - 0.5, below = std::floor(sample);
        return {static_cast<int>(below) - (taps / 2 - 1), sample - below};
    }
};

/// Every second pixel of a row, as one colour sees them.
struct Columns {
    std::vector<int> first;     // sample that counts, from the left of the tile's samples
    int stride = 0;             // from each to the next, if it is the same for all
    std::vector<float> weight;  // [tap][column]
};

class DraftLayer {
  public:
    DraftLayer(const Radiance& radiance, const Layer& layer, const Constants& constants, const State& state)
        : radiance_(radiance),
          source_(source_of(radiance, layer)),
          sample_px_(sample_px_at(radiance, layer.distance_m, constants, state)),
          constants_(constants),
          state_(state),
          view_(view(constants, state)),
          kernels_(GIGEMU_KERNEL(scenes::light::best_isa(), resample_kernels)()) {
        const int more = sample_px_ * radiance.samples_per_pixel / layer.sampling.coarsening;
        if (more <= 1) return;
        coarse_ = coarsened(source_, more);
        source_ = {&coarse_.layer, coarse_.rendered};
    }

    /// The part `wanted` of a tile is made of the samples of all of it, so that it is always the same.
    void lay_over(const Rect& tile, const Rect& wanted, const Rect& whole, Mosaic& mosaic) {
        left_ = tile.x;
        if (!source_.meets(samples_of(tile, [](std::size_t) { return kTapsMost; }))) return;
        weights_ = &weights_at(tile);
        samples_ = samples_of(tile, [this](std::size_t c) { return (*weights_)[c]->taps; });
        load();
        if (empty()) return;
        for (auto& half : halves_) half.made = false;
        for (int y = wanted.y; y < wanted.y + wanted.height; ++y) {
            float* const out = mosaic.row(y - whole.y) + (wanted.x - whole.x);
            float* const pixels = pixels_.data() + (wanted.x - left_);
            std::copy_n(out, wanted.width, pixels);
            composite(y);
            std::copy_n(pixels, wanted.width, out);
        }
    }

  private:
    using ZoneWeights = std::array<const Weights*, 3>;  // of each colour

    /// Pixels of one colour, those of even columns or of odd ones: blurred along the rows of samples.
    struct Half {
        bool made = false;
        Columns columns;
        Image<float> light, hidden;
    };

    const ZoneWeights& weights_at(const Rect& tile) {
        const double x = tile.x + 0.5 * kTile_px - view_.centre_px.x,
                     y = tile.y + 0.5 * kTile_px - view_.centre_px.y;
        const double field_squared = std::min(1.0, (x * x + y * y) / (view_.corner_px * view_.corner_px));
        const int zone = static_cast<int>(std::lround(field_squared * kFieldZones));
        const auto known = zones_.find(zone);
        if (known != zones_.end()) return known->second;
        const auto frequency = mtf50s(radiance_, source_.layer->distance_m,
                                      std::sqrt(static_cast<double>(zone) / kFieldZones), constants_, state_);
        const auto weights = [&](std::size_t c) {
            return &weights_for(matched_sigma_samples(frequency[c], sample_px_));
        };
        return zones_.emplace(zone, ZoneWeights{weights(0), weights(1), weights(2)}).first->second;
    }

    [[nodiscard]] Axis axis(std::size_t colour, double centre_px) const {
        return {centre_px, view_.magnification[colour] / view_.magnification[kGreen], sample_px_};
    }

    /// All samples that count for a part of the picture, in any colour.
    [[nodiscard]] LayerSamples samples_of(const Rect& part, const auto& taps_of) const {
        int left = INT_MAX, right = INT_MIN, top = INT_MAX, bottom = INT_MIN;
        for (std::size_t c = 0; c < 3; ++c) {
            const int taps = taps_of(c);
            const Axis across = axis(c, view_.centre_px.x), down = axis(c, view_.centre_px.y);
            left = std::min(left, across.place(part.x, taps).first);
            right = std::max(right, across.place(part.x + part.width - 1, taps).first + taps);
            top = std::min(top, down.place(part.y, taps).first);
            bottom = std::max(bottom, down.place(part.y + part.height - 1, taps).first + taps);
        }
        return {left, top, right - left, bottom - top};
    }

    void load() {
        for (std::size_t i = 0; i < planes_.size(); ++i) {
            Image<float>& plane = planes_[i];
            even_[i].reset();
            if (i == kCoverage && source_.opaque()) {
                even_[i] = 1;
                continue;
            }
            if (plane.width != samples_.width || plane.height != samples_.height)
                plane = Image<float>(samples_.width, samples_.height);
            if (gather(source_, static_cast<int>(i), samples_, plane.samples.data()))
                even_[i] = plane.samples[0];
        }
    }

    [[nodiscard]] bool empty() const {
        return std::all_of(even_.begin(), even_.end(), [](const auto& value) { return value == 0.0F; });
    }

    void place_columns(Columns& columns, int phase, std::size_t colour) const {
        const Weights& weights = *(*weights_)[colour];
        const Axis across = axis(colour, view_.centre_px.x);
        const auto count = static_cast<std::size_t>(kPairs), taps = static_cast<std::size_t>(weights.taps);
        columns.first.resize(count), columns.weight.resize(count * taps);
        for (std::size_t i = 0; i < count; ++i) {
            const auto place = across.place(left_ + phase + 2 * static_cast<int>(i), weights.taps);
            columns.first[i] = place.first - samples_.x;
            const float* const weight = weights.at(place.share);
            for (std::size_t t = 0; t < taps; ++t) columns.weight[t * count + i] = weight[t];
        }
        columns.stride = columns.first[1] - columns.first[0];
        for (std::size_t i = 1; i < count; ++i)
            if (columns.first[i] != columns.first[i - 1] + columns.stride) columns.stride = 0;
    }

    /// Rows first: there are fewer of them than of pixels where samples are large.
    void blur_rows(const Half& half, int taps, std::size_t plane, Image<float>& to) {
        if (to.width != kPairs || to.height != samples_.height) to = Image<float>(kPairs, samples_.height);
        if (even_[plane]) return void(std::fill_n(to.row(0), kPairs, *even_[plane]));
        for (int y = 0; y < samples_.height; ++y)
            kernels_.of_columns(taps, planes_[plane].row(y), half.columns.first.data(), half.columns.stride,
                                half.columns.weight.data(), kPairs, to.row(y));
    }

    const Half& half_of(int row, int phase, std::size_t colour) {
        Half& half = halves_[static_cast<std::size_t>(2 * row + phase)];
        if (half.made) return half;
        half.made = true;
        if (!even_[colour] || !even_[kCoverage]) place_columns(half.columns, phase, colour);
        const int taps = (*weights_)[colour]->taps;
        blur_rows(half, taps, colour, half.light);
        blur_rows(half, taps, kCoverage, half.hidden);
        return half;
    }

    void composite(int y) {
        const float *light[2], *hidden[2];
        for (const int phase : {0, 1}) {
            const int odd_row = y & 1;
            const auto colour = static_cast<std::size_t>(phase + odd_row);
            const Half& half = half_of(odd_row, phase, colour);
            const auto p = static_cast<std::size_t>(phase);
            light[p] = blurred(half.light, y, colour, colour, light_[p]);
            hidden[p] = blurred(half.hidden, y, colour, kCoverage, hidden_[p]);
        }
        kernels_.lay_over(light, hidden, kPairs, pixels_.data());
    }

    const float* blurred(const Image<float>& half, int y, std::size_t colour, std::size_t plane,
                         std::vector<float>& result) const {
        if (even_[plane]) return half.row(0);
        const Weights& weights = *(*weights_)[colour];
        const auto place = axis(colour, view_.centre_px.y).place(y, weights.taps);
        const float* rows[kTapsMost];
        for (int t = 0; t < weights.taps; ++t) rows[t] = half.row(place.first - samples_.y + t);
        result.resize(kPairs);
        kernels_.of_rows(weights.taps, rows, weights.at(place.share), kPairs, result.data());
        return result.data();
    }

    const Radiance& radiance_;
    LayerSampler source_;
    int sample_px_;
    CoarseLayer coarse_;  // where the layer is finer than it need be
    const Constants& constants_;
    const State& state_;
    scenes::light::View view_;
    const ResampleKernels& kernels_;
    std::map<int, ZoneWeights> zones_;

    // Of the tile in hand:
    const ZoneWeights* weights_ = nullptr;
    LayerSamples samples_;
    int left_ = 0;
    std::array<Image<float>, 4> planes_;
    std::array<std::optional<float>, 4> even_;  // of planes that are the same all over the tile
    std::array<Half, 4> halves_;                // of even rows, then of odd ones
    std::array<float, kTile_px> pixels_{};
    std::array<std::vector<float>, 2> light_, hidden_;
};

/// The whole tiles that hold a part of the picture.
Rect tiles_of(const Rect& part) {
    const auto first = [](int at) { return floor_divide(at, kTile_px) * kTile_px; };
    const auto end = [](int at) { return ceil_divide(at, kTile_px) * kTile_px; };
    const int x = first(part.x), y = first(part.y);
    return {x, y, end(part.x + part.width) - x, end(part.y + part.height) - y};
}

}  // namespace

Sampling sampling_for_draft(const Radiance& wanted, double distance_m, const Constants& constants,
                            const State& state) {
    const int sample_px = sample_px_at(wanted, distance_m, constants, state);
    // Lateral colour moves a place by a pixel or two.
    const int rim = kTapsMost / 2 + 2, width = std::max(1, sample_px);
    const Rect p = tiles_of(wanted.pixels);
    const int left = floor_divide(p.x, width) - rim, top = floor_divide(p.y, width) - rim;
    return {sample_px,
            {left, top, ceil_divide(p.x + p.width, width) + rim - left,
             ceil_divide(p.y + p.height, width) + rim - top}};
}

void draft_over(Mosaic& mosaic, const Rect& part, const Radiance& radiance, const Layer& layer,
                const Constants& constants, const State& state) {
    DraftLayer draft(radiance, layer, constants, state);
    const Rect tiles = tiles_of(part);
    for (int y = tiles.y; y < tiles.y + tiles.height; y += kTile_px)
        for (int x = tiles.x; x < tiles.x + tiles.width; x += kTile_px) {
            const Rect tile{x, y, kTile_px, kTile_px};
            draft.lay_over(tile, overlap(tile, part), part, mosaic);
        }
}

}  // namespace lens_model
