#include "scenes/targets/picture.h"

#include <algorithm>
#include <cmath>

#include "scenes/light/materials.h"

namespace scenes::targets {
namespace {

using Plane = light::Image<float>;

/// The linear light of each code.
std::array<double, 256> linear_codes() {
    std::array<double, 256> table{};
    for (std::size_t code = 0; code < table.size(); ++code)
        table[code] = light::linear_from_srgb(static_cast<double>(code) / 255);
    return table;
}

/// Each texel is the mean of two by two; the last column or row of an odd size is shared with itself.
Plane halved(const Plane& fine) {
    Plane coarse((fine.width + 1) / 2, (fine.height + 1) / 2);
    for (int y = 0; y < coarse.height; ++y) {
        const float *upper = fine.row(2 * y), *lower = fine.row(std::min(2 * y + 1, fine.height - 1));
        float* out = coarse.row(y);
        for (int x = 0; x < coarse.width; ++x) {
            const int left = 2 * x, right = std::min(2 * x + 1, fine.width - 1);
            out[x] = 0.25F * (upper[left] + upper[right] + lower[left] + lower[right]);
        }
    }
    return coarse;
}

float bilinear(const Plane& plane, Point texel) {
    const double x = std::clamp(texel.x - 0.5, 0.0, plane.width - 1.0);
    const double y = std::clamp(texel.y - 0.5, 0.0, plane.height - 1.0);
    const int left = static_cast<int>(x), top = static_cast<int>(y);
    const int right = std::min(left + 1, plane.width - 1), bottom = std::min(top + 1, plane.height - 1);
    const auto fx = static_cast<float>(x - left), fy = static_cast<float>(y - top);
    const float *upper = plane.row(top), *lower = plane.row(bottom);
    const float above = upper[left] + fx * (upper[right] - upper[left]);
    const float below = lower[left] + fx * (lower[right] - lower[left]);
    return above + fy * (below - above);
}

}  // namespace

std::size_t Picture::frame_at(double time_s) const {
    if (frames.size() < 2) return 0;
    const double count = static_cast<double>(frames.size()), shown = std::floor(time_s * frame_rate_hz);
    return static_cast<std::size_t>(shown - count * std::floor(shown / count));
}

Pyramid pyramid_of(const Picture::Frame& frame, const std::array<std::array<double, 3>, 3>& signal_from_rgb) {
    const std::array<double, 256> linear = linear_codes();
    Pyramid pyramid{{Pyramid::Planes{}}};
    for (int c = 0; c < 3; ++c) {
        Plane& plane = pyramid.levels[0][c] = Plane(frame.width, frame.height);
        const auto& weight = signal_from_rgb[c];
        for (std::size_t i = 0; i < frame.samples.size(); ++i) {
            const auto& texel = frame.samples[i];
            plane.samples[i] = static_cast<float>(
                weight[0] * linear[texel[0]] + weight[1] * linear[texel[1]] + weight[2] * linear[texel[2]]);
        }
    }
    while (pyramid.levels.back()[0].width > 1 || pyramid.levels.back()[0].height > 1) {
        Pyramid::Planes next;
        for (int c = 0; c < 3; ++c) next[c] = halved(pyramid.levels.back()[c]);
        pyramid.levels.push_back(std::move(next));
    }
    return pyramid;
}

float sample(const Pyramid& pyramid, int channel, Point texel, double footprint_texels) {
    const int last = static_cast<int>(pyramid.levels.size()) - 1;
    const double depth =
        std::clamp(std::log2(std::max(footprint_texels, 1.0)), 0.0, static_cast<double>(last));
    const int level = static_cast<int>(depth);
    const double scale = std::ldexp(1.0, -level);
    const float fine = bilinear(pyramid.levels[level][channel], {texel.x * scale, texel.y * scale});
    const auto toward = static_cast<float>(depth - level);
    if (toward < 1e-3F) return fine;
    const float coarse = bilinear(pyramid.levels[std::min(level + 1, last)][channel],
                                  {0.5 * texel.x * scale, 0.5 * texel.y * scale});
    return fine + toward * (coarse - fine);
}

}  // namespace scenes::targets
