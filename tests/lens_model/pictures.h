#pragma once

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>
#include <vector>

#include "lens_model/blur/blur.h"
#include "lens_model/lens.h"
#include "lens_model/optics/focus.h"
#include "lens_model/optics/iris.h"
#include "tests/support/lens_figures.h"

/// Synthetic radiances, and what is measured on images of them.
namespace lens_test {

using lens_model::Constants;
using lens_model::State;
using scenes::light::Image;
using scenes::light::Layer;
using scenes::light::Mosaic;
using scenes::light::Radiance;
using scenes::light::Rect;

inline Constants without_stray_light() {
    Constants constants;
    constants.glare_wide = constants.glare_tele = 0;
    constants.boresight_x_px = constants.boresight_y_px = constants.boresight_wobble_px = 0;
    return constants;
}

inline State lens_at(double zoom, double f_number, double distance_m) {
    auto state = lens_figures::focused(zoom, distance_m);
    state.iris_steps = lens_figures::iris_for_f_number({}, zoom, f_number);
    return state;
}

/// An opaque layer of one level that covers `pixels` and `margin_px` around.
inline Radiance plain(Rect pixels, int margin_px, int samples_per_pixel, double distance_m, float level) {
    Radiance radiance;
    radiance.samples_per_pixel = samples_per_pixel;
    radiance.pixels = pixels;
    radiance.rendered = {pixels.x - margin_px, pixels.y - margin_px, pixels.width + 2 * margin_px,
                         pixels.height + 2 * margin_px};
    Layer layer;
    layer.distance_m = distance_m;
    const Rect& r = radiance.rendered;
    layer.where = {r.x * samples_per_pixel, r.y * samples_per_pixel, r.width * samples_per_pixel,
                   r.height * samples_per_pixel};
    for (auto& plane : layer.signal) plane = Image<float>(layer.where.width, layer.where.height, level);
    radiance.layers.push_back(std::move(layer));
    return radiance;
}

/// Where the edge crosses a row, in pixels.
struct Edge {
    double x0 = 0, slope = 0;
    [[nodiscard]] double x(double y) const { return x0 + slope * y; }
};

/// Bright to the left of a slanted edge, dark to the right; each sample is the mean over its area.
inline void draw_edge(Radiance& radiance, const Edge& edge, float bright, float dark) {
    constexpr int kLines = 16;
    Layer& layer = radiance.layers.front();
    const double pitch = 1.0 / radiance.samples_per_pixel;
    for (int y = 0; y < layer.where.height; ++y) {
        for (int x = 0; x < layer.where.width; ++x) {
            double covered = 0;
            for (int line = 0; line < kLines; ++line) {
                const double at_y = (layer.where.y + y + (line + 0.5) / kLines) * pitch;
                covered += std::clamp(edge.x(at_y) / pitch - (layer.where.x + x), 0.0, 1.0) / kLines;
            }
            for (auto& plane : layer.signal) {
                plane.at(x, y) = static_cast<float>(dark + (bright - dark) * covered);
            }
        }
    }
}

/// ISO 12233: the green pixels' edge spread by distance from the edge, its derivative, and the transform of
/// that.
class SlantedEdge {
  public:
    SlantedEdge(const Mosaic& mosaic, const Rect& pixels, const Edge& edge, double half_width_px) {
        const int bins = static_cast<int>(2 * half_width_px / kBin_px);
        std::vector<double> sum(static_cast<std::size_t>(bins)), count(sum.size());
        const double cosine = 1 / std::hypot(1, edge.slope);
        for (int y = 0; y < pixels.height; ++y) {
            for (int x = 0; x < pixels.width; ++x) {
                if (((pixels.x + x + pixels.y + y) & 1) == 0) continue;
                const double off = (pixels.x + x + 0.5 - edge.x(pixels.y + y + 0.5)) * cosine + half_width_px;
                if (off < 0 || off >= 2 * half_width_px) continue;
                const auto bin = static_cast<std::size_t>(off / kBin_px);
                sum[bin] += mosaic.at(x, y);
                count[bin] += 1;
            }
        }
        for (std::size_t i = 0; i < sum.size(); ++i) sum[i] /= count[i];
        for (std::size_t i = 1; i < sum.size(); ++i) line_.push_back(sum[i] - sum[i - 1]);
    }

    /// In cycles per pixel; corrected for the width of bins and of the difference.
    [[nodiscard]] double mtf(double cycles_per_px) const {
        std::complex<double> at{}, zero{};
        for (std::size_t i = 0; i < line_.size(); ++i) {
            const double angle = 2 * std::numbers::pi * cycles_per_px * kBin_px * static_cast<double>(i);
            at += line_[i] * std::polar(1.0, -angle);
            zero += line_[i];
        }
        const double x = std::numbers::pi * cycles_per_px * kBin_px;
        const double bin = x == 0 ? 1 : std::sin(x) / x;
        return std::abs(at / zero) / (bin * bin);
    }

  private:
    static constexpr double kBin_px = 0.25;
    std::vector<double> line_;
};

/// The frequency at which a falling curve passes one half.
template <class Curve>
double half_contrast(const Curve& curve) {
    double low = 0, high = 0.01;
    while (curve(high) > 0.5) high += 0.01;
    low = high - 0.01;
    for (int i = 0; i < 40; ++i) {
        const double middle = (low + high) / 2;
        (curve(middle) > 0.5 ? low : high) = middle;
    }
    return low;
}

}  // namespace lens_test
