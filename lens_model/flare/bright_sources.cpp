#include "lens_model/flare/bright_sources.h"

#include <algorithm>
#include <cmath>

#include "lens_model/compose/composite_row.h"

namespace lens_model {

using scenes::light::Image;
using scenes::light::Radiance;
using scenes::light::Rect;

namespace {

constexpr double kOverMedian = 100, kOfMaximum = 0.01;

/// All layers of a picture, one over the other, before the lens.
struct Picture {
    Rect where;  // in samples
    double px_per_sample;
    std::array<Image<float>, 3> light;
    Image<float> sum, distance_m;

    explicit Picture(const Radiance& radiance)
        : where(in_samples(radiance, radiance.pixels)),
          px_per_sample(static_cast<double>(radiance.pixels_per_sample) / radiance.samples_per_pixel),
          sum(where.width, where.height),
          distance_m(where.width, where.height) {
        for (auto& plane : light) plane = Image<float>(where.width, where.height);
        CompositeRow seen(radiance, where.width, 1);
        for (int y = 0; y < where.height; ++y) {
            seen.look(where.x, where.y + y);
            for (std::size_t c = 0; c < 3; ++c)
                std::copy_n(seen.light[c].data(), where.width, light[c].row(y));
            for (int x = 0; x < where.width; ++x)
                sum.at(x, y) = light[0].at(x, y) + light[1].at(x, y) + light[2].at(x, y);
            std::copy_n(seen.distance_m.data(), where.width, distance_m.row(y));
        }
    }
};

/// Sums over the samples of one source.
struct Moments {
    std::array<double, 3> light{};
    double weight = 0, x = 0, y = 0, xx = 0, xy = 0, yy = 0;
    int left = 1 << 30, top = 1 << 30, right = -(1 << 30), bottom = -(1 << 30);
    float distance_m = 0, brightest = 0;

    void add(const Picture& picture, int column, int row) {
        const double w = picture.sum.at(column, row), u = picture.where.x + column + 0.5,
                     v = picture.where.y + row + 0.5;
        for (std::size_t c = 0; c < 3; ++c) light[c] += picture.light[c].at(column, row);
        weight += w, x += w * u, y += w * v, xx += w * u * u, xy += w * u * v, yy += w * v * v;
        left = std::min(left, column), right = std::max(right, column);
        top = std::min(top, row), bottom = std::max(bottom, row);
        if (picture.sum.at(column, row) <= brightest) return;
        brightest = picture.sum.at(column, row), distance_m = picture.distance_m.at(column, row);
    }

    /// A sample is a square, and is a twelfth of its own area wide.
    [[nodiscard]] BrightSource source(const Picture& picture) const {
        const double px = picture.px_per_sample, area = px * px, cx = x / weight, cy = y / weight;
        BrightSource result;
        const auto in_px = [px](int sample) { return static_cast<int>(std::floor(sample * px)); };
        const int x0 = in_px(picture.where.x + left), y0 = in_px(picture.where.y + top);
        result.pixels = {x0, y0, in_px(picture.where.x + right + 1) + 1 - x0,
                         in_px(picture.where.y + bottom + 1) + 1 - y0};
        result.at_px = {cx * px, cy * px};
        result.xx = std::max(0.0, xx / weight - cx * cx - 1.0 / 12) * area;
        result.yy = std::max(0.0, yy / weight - cy * cy - 1.0 / 12) * area;
        result.xy = (xy / weight - cx * cy) * area;
        for (std::size_t c = 0; c < 3; ++c) result.light[c] = light[c] * area;
        result.distance_m = distance_m;
        return result;
    }
};

/// Takes a sample and all that hang together with it.
Moments take_connected(const Picture& picture, Image<char>& bright, int column, int row) {
    Moments moments;
    std::vector<std::pair<int, int>> open{{column, row}};
    bright.at(column, row) = 0;
    while (!open.empty()) {
        const auto [x, y] = open.back();
        open.pop_back();
        moments.add(picture, x, y);
        for (int v = std::max(0, y - 1); v <= std::min(y + 1, bright.height - 1); ++v)
            for (int u = std::max(0, x - 1); u <= std::min(x + 1, bright.width - 1); ++u)
                if (bright.at(u, v)) bright.at(u, v) = 0, open.emplace_back(u, v);
    }
    return moments;
}

}  // namespace

double bright_from(const Radiance& radiance) {
    auto sums = Picture(radiance).sum.samples;
    if (sums.empty()) return 0;
    const double most = *std::max_element(sums.begin(), sums.end());
    const auto middle = sums.begin() + static_cast<std::ptrdiff_t>(sums.size() / 2);
    std::nth_element(sums.begin(), middle, sums.end());
    return std::max(kOverMedian * static_cast<double>(*middle), kOfMaximum * most);
}

std::vector<BrightSource> bright_sources(const Radiance& radiance, double from) {
    const Picture picture(radiance);
    Image<char> bright(picture.where.width, picture.where.height);
    for (std::size_t i = 0; i < bright.samples.size(); ++i)
        bright.samples[i] = from > 0 && picture.sum.samples[i] >= from;
    std::vector<BrightSource> sources;
    for (int y = 0; y < bright.height; ++y)
        for (int x = 0; x < bright.width; ++x)
            if (bright.at(x, y)) sources.push_back(take_connected(picture, bright, x, y).source(picture));
    const auto strength = [](const BrightSource& s) { return s.light[0] + s.light[1] + s.light[2]; };
    std::stable_sort(sources.begin(), sources.end(),
                     [&](const BrightSource& a, const BrightSource& b) { return strength(a) > strength(b); });
    if (sources.size() > kBrightMost) sources.resize(kBrightMost);
    return sources;
}

}  // namespace lens_model
