#include <algorithm>
#include <array>
#include <optional>

#include "scenes/geometry/rectangles.h"
#include "scenes/raster/area_sampler.h"
#include "scenes/raster/clipped_pattern.h"
#include "scenes/raster/edge_painter.h"
#include "scenes/raster/plane_block.h"
#include "scenes/raster/raster.h"

// Rasterisation of a flat target with area sampling (antialiasing): a sample is the mean of the target over
// the sample's footprint on the plane.
//
//   item    the blocks of samples that it may touch
//   block   small enough for one footprint: tangents are bilinear in it, the homography nearly so
//   square  where the pattern knows of one edge only, straight or a circle, areas are those beside the edge;
//   with
//           more edges the square is cut in four, down to
//   row     at the centre of a sample the pattern says material and clearance, the distance to the next
//           edge. With more clearance than the footprint's radius the sample is of one material, and so are
//           the next ones as far as the clearance reaches: a run
//   edge    other samples are parted among materials (AreaSampler), for each colour at its own place
//   layer   over what it holds already: light = painted + (1 - coverage) * light

namespace scenes {
namespace {

using light::Layer;
using light::Rect;
using targets::Edge;
using targets::kNothing;
using targets::Place;

/// One light for each material.
struct MaterialShader {
    static constexpr bool kConstant = true;
    const Palette& palette;
    void shade(targets::Channels colours, int material, const Run& run, const Footprint&,
               float* const light[]) const {
        for (int i = 0; i < colours.count; ++i)
            std::fill_n(
                light[i], run.count,
                palette[static_cast<std::size_t>(material)][colours.first + static_cast<std::size_t>(i)]);
    }
};

/// The light of a picture, filtered to the size of a sample.
struct TextureShader {
    static constexpr bool kConstant = false;
    const targets::Pyramid& pyramid;
    double half_width_m, half_height_m, texels_per_m;
    void shade(targets::Channels colours, int, const Run& run, const Footprint& footprint,
               float* const light[]) const {
        const Point texel{(run.from.x + half_width_m) * texels_per_m,
                          (run.from.y + half_height_m) * texels_per_m};
        const Point step{run.step.x * texels_per_m, run.step.y * texels_per_m};
        targets::sample(pyramid, colours, {texel, step, footprint.width * texels_per_m}, run.count, light);
    }
};

template <class Pattern, class Shader>
class Painter {
  public:
    Painter(Layer& layer, const TangentMap& map, const Homography& homography, const Pattern& pattern,
            const Shader& shader, bool open)
        : layer_(layer), map_(map), homography_(homography), pattern_(pattern), shader_(shader), open_(open) {
        if constexpr (Shader::kConstant)
            beside_edge_.emplace(layer, shader.palette, map.colours_meet(), open);
    }

    void paint(Rect bounds) {
        if (bounds.empty()) return;
        const int n = map_.block_samples();
        for (int row = bounds.y / n; row <= (bounds.y + bounds.height - 1) / n; ++row)
            for (int column = bounds.x / n; column <= (bounds.x + bounds.width - 1) / n; ++column)
                paint_block({map_, homography_, column, row}, bounds);
    }

  private:
    void paint_block(const PlaneBlock& block, Rect bounds) {
        const Rect part = overlap(block.samples(), bounds);
        if (!part.empty() && block.in_front()) paint_square(block, block.footprint(), part);
    }

    void paint_square(const PlaneBlock& block, const Footprint& f, const Rect& part) {
        const Point centre = block.centre(part);
        const Place place = pattern_.at(centre);
        const double radius = f.radius_around(part.width, part.height);
        if (place.clearance_m > radius) {
            for (int y = part.y; y < part.y + part.height; ++y)
                paint_run(block, f, part.x, y, part.width, place.material);
            return;
        }
        if constexpr (Shader::kConstant) {
            const Edge edge = pattern_.edge(centre, place);
            if (edge.alone_m > radius)
                return beside_edge_->paint(block, f, part, {centre, place.material, edge});
        }
        if (std::max(part.width, part.height) <= kSmallest) {
            for (int y = part.y; y < part.y + part.height; ++y)
                paint_row(block, f, part.x, part.x + part.width, y);
            return;
        }
        const int left = (part.width + 1) / 2, upper = (part.height + 1) / 2;
        const int right = part.width - left, lower = part.height - upper;
        for (const Rect& quarter :
             {Rect{part.x, part.y, left, upper}, Rect{part.x + left, part.y, right, upper},
              Rect{part.x, part.y + upper, left, lower}, Rect{part.x + left, part.y + upper, right, lower}})
            if (!quarter.empty()) paint_square(block, f, quarter);
    }

    void paint_row(const PlaneBlock& block, const Footprint& f, int x, int end, int y) {
        const AreaSampler sampler(pattern_, f, map_);
        std::array colours{sampler, sampler, sampler};
        const double step = f.row_step();
        while (x < end) {
            const Point uv = block.sample(PlaneBlock::kGreen, x, y);
            const Place place = pattern_.at(uv);
            const double spare = place.clearance_m - f.radius;
            if (spare <= 0) {
                paint_edge(block, f, x++, y, uv, place, colours);
                continue;
            }
            const int count =
                spare > 64 * step ? end - x : std::min(end - x, 1 + static_cast<int>(0.9 * spare / step));
            paint_run(block, f, x, y, count, place.material);
            x += count;
            for (auto& colour : colours) colour.skip();
        }
    }

    void paint_run(const PlaneBlock& block, const Footprint& f, int x, int y, int count, int material) {
        if (material == kNothing) return;
        float* const light[3] = {at(layer_.signal[0], x, y), at(layer_.signal[1], x, y),
                                 at(layer_.signal[2], x, y)};
        if (Shader::kConstant || map_.colours_meet()) {
            const Run run = Shader::kConstant ? Run{{}, {}, count} : block.run(0, x, y, count);
            shader_.shade({}, material, run, f, light);
        } else {
            for (std::size_t c = 0; c < 3; ++c)
                shader_.shade({c, 1}, material, block.run(c, x, y, count), f, light + c);
        }
        if (open_) std::fill_n(at(layer_.coverage, x, y), count, 1.0F);
    }

    /// Each colour sees the pattern at its own place, but an open layer has the outline of green.
    void paint_edge(const PlaneBlock& block, const Footprint& f, int x, int y, Point green_uv,
                    const Place& green_place, std::array<AreaSampler<Pattern>, 3>& colours) {
        const MaterialAreas green = colours[PlaneBlock::kGreen].areas(green_uv, green_place);
        const double green_coverage = green.coverage();
        for (const std::size_t c : {0, 1, 2}) {
            const bool apart = c != PlaneBlock::kGreen && !map_.colours_meet();
            const Point uv = apart ? block.sample(c, x, y) : green_uv;
            const MaterialAreas own = apart ? colours[c].areas(uv, pattern_.at(uv)) : green;
            const double coverage = apart ? own.coverage() : green_coverage;
            float& light = *at(layer_.signal[c], x, y);
            if (!open_)
                paint_over(light, light_of(c, own, uv, f), coverage);
            else if (coverage > 0)
                paint_over(light, light_of(c, own, uv, f) * (green_coverage / coverage), green_coverage);
            else
                paint_over(light, light_of(c, green, uv, f), green_coverage);
        }
        if (open_) paint_over(*at(layer_.coverage, x, y), green_coverage, green_coverage);
    }

    [[nodiscard]] double light_of(std::size_t colour, const MaterialAreas& areas, Point uv,
                                  const Footprint& f) const {
        double sum = 0;
        for (const auto& part : areas) {
            float light = 0;
            float* const to = &light;
            shader_.shade({colour, 1}, part.material, {uv, {}, 1}, f, &to);
            sum += part.area * light;
        }
        return sum;
    }

    static void paint_over(float& below, double painted, double coverage) {
        below = static_cast<float>(painted) + static_cast<float>(1 - coverage) * below;
    }

    float* at(light::Image<float>& plane, int x, int y) {
        return plane.row(y - layer_.where.y) + (x - layer_.where.x);
    }

    Layer& layer_;
    const TangentMap& map_;
    const Homography& homography_;
    const Pattern& pattern_;
    const Shader& shader_;
    bool open_;
    std::optional<EdgePainter> beside_edge_;  // where materials have one light each
    static constexpr int kSmallest = 4;       // samples along a side of a square that is not cut
};

template <class Shader>
void paint_with(Layer& layer, const TangentMap& map, const SeenItem& seen, const Shader& shader, bool open) {
    const Rect where = overlap(bounds(map, seen.box_px), layer.where);
    if (where.empty()) return;
    const auto homography = plane_from_tangent(map.view(), plane_at(seen.pose));
    if (!homography) return;
    with_pattern(*seen.item, [&](const auto& pattern) {
        Painter(layer, map, *homography, pattern, shader, open).paint(where);
    });
}

}  // namespace

void paint(Layer& layer, const TangentMap& map, const SeenItem& seen, const Palette& palette, bool open) {
    paint_with(layer, map, seen, MaterialShader{palette}, open);
}

void paint(Layer& layer, const TangentMap& map, const SeenItem& seen, const targets::Pyramid& pyramid,
           bool open) {
    const Item& item = *seen.item;
    const double half_width = 0.5 * item.width_m, half_height = 0.5 * item.height_m;
    const double texels_per_m = pyramid.levels[0][0].width / item.width_m;
    paint_with(layer, map, seen, TextureShader{pyramid, half_width, half_height, texels_per_m}, open);
}

}  // namespace scenes
