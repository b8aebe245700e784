#include "scenes/motion/layer_light.h"

#include <algorithm>
#include <cmath>

namespace scenes {

using light::Image;
using light::Rect;

LayerLight::LayerLight(const light::View& view, const RelativeIllumination& falloff, const Rect& part,
                       int pitch)
    : view_(view),
      falloff_(falloff),
      part_(part),
      pitch_(pitch),
      first_x_(part.x / pitch),
      first_y_(part.y / pitch) {
    int width = part.width, height = part.height;
    if (pitch > 1) {
        width = (part.x + part.width - 1) / pitch + 2 - first_x_;
        height = (part.y + part.height - 1) / pitch + 2 - first_y_;
    }
    planes_.assign(pitch > 1 ? 3 : 1, {Image<float>(width, height), Image<float>(width, height)});
}

float LayerLight::falloff_at(double x, double y) const {
    if (falloff_.empty()) return 1;
    const double field =
        std::hypot(x - view_.centre_px.x, y - view_.centre_px.y) / view_.corner_px * kFalloffSteps;
    const double last = static_cast<double>(falloff_.size()) - 1, at = std::min(field, last);
    const auto below = static_cast<std::size_t>(at), above = std::min(below + 1, falloff_.size() - 1);
    return falloff_[below] +
           static_cast<float>(at - static_cast<double>(below)) * (falloff_[above] - falloff_[below]);
}

void LayerLight::add(const MotionBlurCell& cell) {
    if (pitch_ > 1) return add_places(cell);
    const Rect& where = cell.where;
    for (int y = 0; y < where.height; ++y) {
        const int frame_y = where.y + y;
        const float* light = cell.light[static_cast<std::size_t>(y)].data();
        const float* coverage = cell.coverage[static_cast<std::size_t>(y)].data();
        float* const lit = planes_[0].light.row(frame_y - part_.y) + (where.x - part_.x);
        float* const hidden = planes_[0].coverage.row(frame_y - part_.y) + (where.x - part_.x);
        const float gain = falloff_at(where.x, frame_y);
        const float slope = (falloff_at(where.x + kCell_px, frame_y) - gain) / kCell_px;
        for (int x = 0; x < where.width; ++x) {
            lit[x] += (gain + static_cast<float>(x) * slope) * light[x];
            hidden[x] += coverage[x];
        }
    }
}

void LayerLight::add_places(const MotionBlurCell& cell) {
    Plane& plane = planes_[static_cast<std::size_t>(cell.channel)];
    const int left = cell.where.x / pitch_, top = cell.where.y / pitch_, count = kCell_px / pitch_;
    for (int y = std::max(0, first_y_ - top); y < std::min(count, first_y_ + plane.light.height - top); ++y) {
        const auto row = static_cast<std::size_t>(y);
        for (int x = std::max(0, first_x_ - left); x < std::min(count, first_x_ + plane.light.width - left);
             ++x) {
            const auto at = static_cast<std::size_t>(2 * x);
            const float gain = falloff_at((left + x) * pitch_, (top + y) * pitch_);
            plane.light.at(left + x - first_x_, top + y - first_y_) += gain * cell.light[row][at];
            plane.coverage.at(left + x - first_x_, top + y - first_y_) += cell.coverage[row][at];
        }
    }
}

void LayerLight::lay_over(Patch& picture) const {
    if (pitch_ > 1) return lay_places_over(picture);
    const Plane& plane = planes_[0];
    for (int y = 0; y < part_.height; ++y) {
        const float *const light = plane.light.row(y), *const coverage = plane.coverage.row(y);
        float* const out = picture.electrons.row(part_.y - picture.where.y + y) + (part_.x - picture.where.x);
        for (int x = 0; x < part_.width; ++x) out[x] = out[x] * (1 - coverage[x]) + light[x];
    }
}

/// Row by row: first between two rows of places, then along them.
void LayerLight::lay_places_over(Patch& picture) const {
    const auto size = static_cast<std::size_t>(planes_[0].light.width);
    std::vector<float> light(size), coverage(size);
    const auto share_of = [&](int pixel) {
        return (static_cast<float>(pixel % pitch_) + 0.5F) / static_cast<float>(pitch_);
    };
    std::vector<float> shares;
    for (int x = part_.x; x < part_.x + part_.width; ++x) shares.push_back(share_of(x));
    for (int y = part_.y; y < part_.y + part_.height; ++y) {
        const int row = y / pitch_ - first_y_;
        const float down = share_of(y);
        float* const out = picture.electrons.row(y - picture.where.y) + (part_.x - picture.where.x);
        for (int phase = 0; phase < 2; ++phase) {
            const Plane& plane = planes_[static_cast<std::size_t>(((part_.x + phase) & 1) + (y & 1))];
            const auto between_rows = [&](const Image<float>& places, std::vector<float>& to) {
                const float *const upper = places.row(row), *const lower = places.row(row + 1);
                for (std::size_t i = 0; i < size; ++i) to[i] = upper[i] + down * (lower[i] - upper[i]);
            };
            between_rows(plane.light, light), between_rows(plane.coverage, coverage);
            for (int x = phase; x < part_.width; x += 2) {
                const auto left = static_cast<std::size_t>((part_.x + x) / pitch_ - first_x_);
                const float share = shares[static_cast<std::size_t>(x)];
                const float hidden = coverage[left] + share * (coverage[left + 1] - coverage[left]);
                out[x] = out[x] * (1 - hidden) + light[left] + share * (light[left + 1] - light[left]);
            }
        }
    }
}

}  // namespace scenes
