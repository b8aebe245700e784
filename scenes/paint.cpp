#include <algorithm>
#include <cmath>

#include "scenes/coverage.h"
#include "scenes/raster.h"
#include "scenes/rectangles.h"

namespace scenes {
namespace {

using light::Layer;
using light::Rect;
using targets::kNothing;
using targets::Place;

/// What a sample's width and height are on the plane.
struct Footprint {
    Point across, down;
    double width = 0, narrow = 0;
    double own_radius = 0;  // of a circle around the sample
    double radius = 0;      // of one that holds the sample of green as well
};

/// The light within a sample (already weighted with its share), and the share that is not nothing.
struct Mix {
    double light = 0, cover = 0;
};

/// A pattern cut to the item's rectangle.
template <class Pattern>
struct Cut {
    const Pattern& pattern;
    double half_width_m, half_height_m;

    [[nodiscard]] Place at(Point uv) const {
        const double border = targets::inside_rectangle_m(uv, half_width_m, half_height_m);
        if (border < 0) return {kNothing, -border};
        Place place = pattern.at(uv);
        place.clearance_m = std::min(place.clearance_m, border);
        return place;
    }
};

struct MaterialInk {
    static constexpr bool kConstant = true;
    const Palette& palette;
    [[nodiscard]] float operator()(int channel, int material, Point, const Footprint&) const {
        return palette[static_cast<std::size_t>(material)][static_cast<std::size_t>(channel)];
    }
};

struct PictureInk {
    static constexpr bool kConstant = false;
    const targets::Pyramid& pyramid;
    double half_width_m, half_height_m, texels_per_m;
    [[nodiscard]] float operator()(int channel, int, Point uv, const Footprint& footprint) const {
        const Point texel{(uv.x + half_width_m) * texels_per_m, (uv.y + half_height_m) * texels_per_m};
        return targets::sample(pyramid, channel, texel, footprint.width * texels_per_m);
    }
};

template <class Pattern, class Ink>
class Painter {
  public:
    Painter(Layer& layer, const TangentMap& map, const Homography& homography, Cut<Pattern> shape, Ink ink,
            bool open)
        : layer_(layer), map_(map), homography_(homography), shape_(shape), ink_(ink), open_(open) {}

    void paint(Rect bounds) {
        const int n = map_.block_samples();
        if (bounds.empty()) return;
        for (int channel = 0; channel < 3; ++channel)
            for (int row = bounds.y / n; row <= (bounds.y + bounds.height - 1) / n; ++row)
                for (int column = bounds.x / n; column <= (bounds.x + bounds.width - 1) / n; ++column)
                    paint_block(channel, column, row, bounds);
    }

  private:
    struct Cell {
        int channel;
        TangentMap::Block own, outline;  // of the colour, and of the colour that owns the outline
        Footprint footprint, outline_footprint;
        int x, y;  // of its first sample
    };

    void paint_block(int channel, int column, int row, Rect bounds) {
        const int n = map_.block_samples();
        Cell cell{channel, map_.block(channel, column, row), {}, {}, {}, column * n, row * n};
        cell.outline = open_ ? map_.block(1, column, row) : cell.own;
        const Rect part = overlap({cell.x, cell.y, n, n}, bounds);
        if (part.empty()) return;

        // A block that the horizon of the plane crosses is not flat enough for one footprint; leave it empty.
        for (const Point corner : {Point{0, 0}, Point{1, 0}, Point{0, 1}, Point{1, 1}})
            if (map(homography_, cell.own.at(corner.x, corner.y)).w <= 0) return;
        cell.outline_footprint = footprint(cell.outline);
        cell.footprint = footprint(cell.own);
        const Point own = place_of(cell.own, 0.5, 0.5), outline = place_of(cell.outline, 0.5, 0.5);
        cell.footprint.radius += 1.1 * length({own.x - outline.x, own.y - outline.y});
        const Place place = shape_.at(own);
        const Footprint& f = cell.footprint;
        const double block_radius = 0.55 * n * (length(f.across) + length(f.down)) + f.radius;
        const bool whole = place.clearance_m > block_radius;
        if (whole && place.material == kNothing) return;
        for (int y = part.y; y < part.y + part.height; ++y) {
            if (whole && Ink::kConstant)
                put_run(cell, part.x, y, part.width, place.material);
            else
                paint_row(cell, part.x, part.x + part.width, y);
        }
    }

    /// Places with clearance are followed by others that need no look.
    void paint_row(const Cell& cell, int x, int end, int y) {
        const double n = map_.block_samples(), down = (y - cell.y + 0.5) / n,
                     step = length(cell.footprint.across);
        while (x < end) {
            const double across = (x - cell.x + 0.5) / n;
            const Point uv = place_of(cell.own, across, down);
            const Place place = shape_.at(uv);
            const double spare = place.clearance_m - cell.footprint.radius;
            if (spare > 0) {
                const int run =
                    spare > 64 * step ? end - x : std::min(end - x, 1 + static_cast<int>(0.9 * spare / step));
                if (place.material != kNothing) put_run(cell, x, y, run, place.material);
                x += run;
            } else {
                put(cell.channel, x++, y, edge(cell, uv, place, across, down));
            }
        }
    }

    void put_run(const Cell& cell, int x, int y, int count, int material) {
        const int channel = cell.channel;
        float* light =
            layer_.signal[static_cast<std::size_t>(channel)].row(y - layer_.where.y) + (x - layer_.where.x);
        if constexpr (Ink::kConstant) {
            std::fill_n(light, count, ink_(channel, material, {}, cell.footprint));
        } else {
            const double n = map_.block_samples(), down = (y - cell.y + 0.5) / n;
            for (int i = 0; i < count; ++i)
                light[i] = ink_(channel, material, place_of(cell.own, (x + i - cell.x + 0.5) / n, down),
                                cell.footprint);
        }
        if (open_ && channel == 1)
            std::fill_n(layer_.coverage.row(y - layer_.where.y) + (x - layer_.where.x), count, 1.0F);
    }

    void put(int channel, int x, int y, Mix mix) {
        const auto through = static_cast<float>(1 - mix.cover);
        float& light =
            layer_.signal[static_cast<std::size_t>(channel)].at(x - layer_.where.x, y - layer_.where.y);
        light = static_cast<float>(mix.light) + through * light;
        if (!open_ || channel != 1) return;
        float& cover = layer_.coverage.at(x - layer_.where.x, y - layer_.where.y);
        cover = static_cast<float>(mix.cover) + through * cover;
    }

    Mix edge(const Cell& cell, Point uv, Place place, double across, double down) const {
        const Mix own = mix(cell.channel, cell.footprint, uv, place);
        if (!open_ || cell.channel == 1) return own;
        const Point green = place_of(cell.outline, across, down);
        const Mix outline = mix(cell.channel, cell.outline_footprint, green, shape_.at(green));
        const Mix& colour = own.cover > 0 ? own : outline;
        return colour.cover > 0 ? Mix{colour.light / colour.cover * outline.cover, outline.cover} : Mix{};
    }

    /// Exact where one straight edge crosses the sample, which shows in distances that are linear over it;
    /// nearly so where it is slightly curved; otherwise the mean of places.
    Mix mix(int channel, const Footprint& f, Point uv, Place centre) const {
        constexpr int kSame = -2;
        if (centre.clearance_m > f.own_radius) return share(channel, f, uv, centre.material, 1);
        double at[4];
        int other = kSame;
        bool two = true;
        for (int corner = 0; corner < 4; ++corner) {
            const Place place = shape_.at(offset(uv, f, corner % 2 - 0.5, corner / 2 - 0.5));
            const bool same = place.material == centre.material;
            at[corner] = same ? place.clearance_m : -place.clearance_m;
            two = two && (same || other == kSame || other == place.material);
            if (!same) other = place.material;
        }
        // A curved edge bulges: over the sample it lies, on average, a third as far off its tangent as at the
        // corners.
        const double bend = std::abs(at[0] + at[3] - at[1] - at[2]);
        const double bulge = 0.25 * (at[0] + at[1] + at[2] + at[3]) - centre.clearance_m;
        const Point slope{0.5 * (at[1] + at[3] - at[0] - at[2]), 0.5 * (at[2] + at[3] - at[0] - at[1])};
        // Distance from one edge grows by a sample's size over a sample; if it does not, there are several
        // edges.
        const bool one =
            two && bend < 0.1 * f.width && std::abs(bulge) < 0.03 * f.width && length(slope) > 0.8 * f.narrow;
        if (!one) return mean_of_places(channel, f, uv);
        const double area = area_beyond_edge(centre.clearance_m + bulge / 3, slope.x, slope.y);
        Mix result = share(channel, f, uv, centre.material, area);
        if (other != kSame) {
            const Mix beyond = share(channel, f, uv, other, 1 - area);
            result = {result.light + beyond.light, result.cover + beyond.cover};
        }
        return result;
    }

    /// The mean over a part of the sample, cut in four as long as an edge may cross it.
    Mix mean_of_places(int channel, const Footprint& f, Point uv, double size = 1, int cuts = 4) const {
        const Place place = shape_.at(uv);
        if (cuts == 0 || place.clearance_m > size * f.own_radius)
            return share(channel, f, uv, place.material, size * size);
        Mix sum;
        for (const double down : {-0.25, 0.25})
            for (const double across : {-0.25, 0.25}) {
                const Point at = offset(uv, f, size * across, size * down);
                const Mix quarter = mean_of_places(channel, f, at, 0.5 * size, cuts - 1);
                sum = {sum.light + quarter.light, sum.cover + quarter.cover};
            }
        return sum;
    }

    Mix share(int channel, const Footprint& f, Point uv, int material, double area) const {
        if (material == kNothing) return {};
        return {area * ink_(channel, material, uv, f), area};
    }

    Footprint footprint(const TangentMap::Block& block) const {
        const double n = map_.block_samples();
        const Point left = place_of(block, 0, 0.5), right = place_of(block, 1, 0.5);
        const Point top = place_of(block, 0.5, 0), bottom = place_of(block, 0.5, 1);
        Footprint f{{(right.x - left.x) / n, (right.y - left.y) / n},
                    {(bottom.x - top.x) / n, (bottom.y - top.y) / n}};
        f.width = std::max(length(f.across), length(f.down));
        f.narrow = std::min(length(f.across), length(f.down));
        f.radius = f.own_radius = 0.53 * (length(f.across) + length(f.down));
        return f;
    }

    [[nodiscard]] Point place_of(const TangentMap::Block& block, double x, double y) const {
        return map(homography_, block.at(x, y)).at;
    }
    static Point offset(Point uv, const Footprint& f, double across, double down) {
        return {uv.x + across * f.across.x + down * f.down.x, uv.y + across * f.across.y + down * f.down.y};
    }
    static double length(Point p) { return targets::length_m(p.x, p.y); }

    Layer& layer_;
    const TangentMap& map_;
    Homography homography_;
    Cut<Pattern> shape_;
    Ink ink_;
    bool open_;
};

template <class Pattern, class Ink>
void paint_with(Layer& layer, const TangentMap& map, const Item& item, const Plane& plane,
                const Pattern& pattern, Ink ink, bool open) {
    const auto homography = plane_from_tangent(plane);
    if (!homography) return;
    const Cut<Pattern> shape{pattern, 0.5 * item.width_m, 0.5 * item.height_m};
    const Rect part = overlap(bounds(map, item, plane), layer.where);
    Painter<Pattern, Ink>(layer, map, *homography, shape, ink, open).paint(part);
}

}  // namespace

void paint(Layer& layer, const TangentMap& map, const Item& item, const Plane& plane, const Palette& palette,
           bool open) {
    const auto draw = [&](const auto& pattern) {
        if constexpr (!std::is_same_v<std::decay_t<decltype(pattern)>, targets::Picture>)
            paint_with(layer, map, item, plane, pattern, MaterialInk{palette}, open);
    };
    std::visit(draw, item.target);
}

void paint(Layer& layer, const TangentMap& map, const Item& item, const Plane& plane,
           const targets::Pyramid& pyramid, bool open) {
    const double half_width = 0.5 * item.width_m, half_height = 0.5 * item.height_m;
    const double texels_per_m = pyramid.levels[0][0].width / item.width_m;
    paint_with(layer, map, item, plane, targets::Uniform{},
               PictureInk{pyramid, half_width, half_height, texels_per_m}, open);
}

}  // namespace scenes
