#include "scenes/targets/picture.h"

#include <algorithm>
#include <cmath>

#include "scenes/kernels/texture.h"
#include "scenes/light/materials.h"
#include "scenes/light/progress.h"

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

/// The finest level: `linear` gives the linear light of a texel's channel.
template <class Texel>
void fill(Pyramid::Planes& planes, const light::Image<Texel>& frame,
          const std::array<std::array<double, 3>, 3>& signal_from_rgb, auto&& linear) {
    for (std::size_t c = 0; c < 3; ++c) {
        Plane& plane = planes[c] = Plane(frame.width, frame.height);
        const auto& weight = signal_from_rgb[c];
        for (std::size_t i = 0; i < frame.samples.size(); ++i) {
            const auto& texel = frame.samples[i];
            plane.samples[i] = static_cast<float>(
                weight[0] * linear(texel[0]) + weight[1] * linear(texel[1]) + weight[2] * linear(texel[2]));
        }
    }
}

/// All channels of a level, or one of them.
void read(const Pyramid::Planes& level, Channels channels, const Texels& at, double scale, int count,
          float* const light[]) {
    static const Interpolate interpolate = GIGEMU_KERNEL(light::best_isa(), interpolate);
    TexelRun run{{},
                 channels.count,
                 level[0].width,
                 level[0].height,
                 static_cast<float>(at.from.x * scale - 0.5),
                 static_cast<float>(at.from.y * scale - 0.5),
                 static_cast<float>(at.step.x * scale),
                 static_cast<float>(at.step.y * scale),
                 count};
    for (int i = 0; i < channels.count; ++i)
        run.texels[i] = level[channels.first + static_cast<std::size_t>(i)].samples.data();
    interpolate(run, light);
}

}  // namespace

std::pair<int, int> size_of(const Picture::Frame& frame) {
    return std::visit([](const auto& image) { return std::pair(image.width, image.height); }, frame);
}

Picture::Frames Picture::black() {
    static const auto frames = std::make_shared<const std::vector<Frame>>(1, Srgb(1, 1));
    return frames;
}

double Picture::height_m() const {
    const auto [width, height] = size_of(frames->front());
    return width_m * height / width;
}

std::size_t Picture::frame_at(std::chrono::nanoseconds time) const {
    if (frames->size() < 2) return 0;
    const auto count = static_cast<std::int64_t>(frames->size());
    const auto shown = light::progress(frame_rate_hz, time).steps % count;
    return static_cast<std::size_t>(shown < 0 ? shown + count : shown);
}

Pyramid pyramid_of(const Picture::Frame& frame, const std::array<std::array<double, 3>, 3>& signal_from_rgb) {
    Pyramid pyramid{{Pyramid::Planes{}}};
    const std::array<double, 256> linear = linear_codes();
    if (const auto* srgb = std::get_if<Picture::Srgb>(&frame))
        fill(pyramid.levels[0], *srgb, signal_from_rgb, [&](std::uint8_t code) { return linear[code]; });
    else
        fill(pyramid.levels[0], std::get<Picture::Linear>(frame), signal_from_rgb,
             [](float light) -> double { return light; });
    while (pyramid.levels.back()[0].width > 1 || pyramid.levels.back()[0].height > 1) {
        Pyramid::Planes next;
        for (int c = 0; c < 3; ++c) next[c] = halved(pyramid.levels.back()[c]);
        pyramid.levels.push_back(std::move(next));
    }
    return pyramid;
}

void sample(const Pyramid& pyramid, Channels channels, const Texels& at, int count, float* const light[]) {
    const int last = static_cast<int>(pyramid.levels.size()) - 1;
    const double depth = std::clamp(std::log2(std::max(at.footprint, 1.0)), 0.0, static_cast<double>(last));
    const int level = static_cast<int>(depth);
    const double scale = std::ldexp(1.0, -level);
    read(pyramid.levels[level], channels, at, scale, count, light);
    const auto toward = static_cast<float>(depth - level);
    if (toward < 1e-3F) return;
    constexpr int kAtOnce = 64;
    float room[3][kAtOnce];
    float* const coarse[3] = {room[0], room[1], room[2]};
    const auto& next = pyramid.levels[std::min(level + 1, last)];
    for (int first = 0; first < count; first += kAtOnce) {
        const int some = std::min(kAtOnce, count - first);
        const Point from{at.from.x + first * at.step.x, at.from.y + first * at.step.y};
        read(next, channels, {from, at.step, at.footprint}, 0.5 * scale, some, coarse);
        for (int c = 0; c < channels.count; ++c)
            for (int i = 0; i < some; ++i)
                light[c][first + i] += toward * (coarse[c][i] - light[c][first + i]);
    }
}

}  // namespace scenes::targets
