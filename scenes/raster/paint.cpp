#include <algorithm>
#include <cmath>

#include "scenes/geometry/rectangles.h"
#include "scenes/raster/coverage.h"
#include "scenes/raster/raster.h"

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
    double radius = 0;      // of one that holds the sample of every colour
};

/// Which materials a sample shows, each with its share of the area.
class Shares {
  public:
    void add(int material, double area) {
        if (material == kNothing) return;
        int i = 0;
        while (i < count_ && all_[i].material != material) ++i;
        if (i == kMost) i = kMost - 1;  // so many edges within a sample: nobody tells them apart
        if (i == count_) all_[count_++] = {material, 0};
        all_[i].area += area;
    }
    struct Share {
        int material;
        double area;
    };
    [[nodiscard]] const Share* begin() const { return all_.data(); }
    [[nodiscard]] const Share* end() const { return all_.data() + count_; }
    [[nodiscard]] double cover() const {
        double sum = 0;
        for (const Share& share : *this) sum += share.area;
        return sum;
    }

  private:
    static constexpr int kMost = 8;
    std::array<Share, kMost> all_;
    int count_ = 0;
};

/// A pattern cut to the item's rectangle.
template <class Pattern>
struct ClippedPattern {
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

/// A run of samples along a row, on the plane.
struct Run {
    Point from, step;
    int count;
};

struct MaterialInk {
    static constexpr bool kConstant = true;
    const Palette& palette;
    void fill(std::size_t channel, int material, const Run& run, const Footprint&, float* light) const {
        std::fill_n(light, run.count, palette[static_cast<std::size_t>(material)][channel]);
    }
};

struct PictureInk {
    static constexpr bool kConstant = false;
    const targets::Pyramid& pyramid;
    double half_width_m, half_height_m, texels_per_m;
    void fill(std::size_t channel, int, const Run& run, const Footprint& footprint, float* light) const {
        const Point texel{(run.from.x + half_width_m) * texels_per_m,
                          (run.from.y + half_height_m) * texels_per_m};
        const Point step{run.step.x * texels_per_m, run.step.y * texels_per_m};
        targets::sample(pyramid, channel, {texel, step, footprint.width * texels_per_m}, run.count, light);
    }
};

template <class Pattern, class Ink>
class Painter {
  public:
    Painter(Layer& layer, const TangentMap& map, const Homography& homography, ClippedPattern<Pattern> shape,
            Ink ink, bool open)
        : layer_(layer), map_(map), homography_(homography), shape_(shape), ink_(ink), open_(open) {}

    void paint(Rect bounds) {
        if (bounds.empty()) return;
        const int n = map_.block_samples();
        for (int row = bounds.y / n; row <= (bounds.y + bounds.height - 1) / n; ++row)
            for (int column = bounds.x / n; column <= (bounds.x + bounds.width - 1) / n; ++column)
                paint_block(column, row, bounds);
    }

  private:
    struct Cell {
        std::array<TangentMap::Block, 3> blocks;  // of each colour
        Footprint footprint;
        int x, y;  // of its first sample
    };

    /// The places at the corners of a sample, left ones first, and whether the left ones are those of the
    /// sample before.
    struct Corners {
        std::array<Place, 4> at;
        bool left_known = false;
    };

    void paint_block(int column, int row, Rect bounds) {
        const int n = map_.block_samples();
        Cell cell{{map_.block(0, column, row), map_.block(1, column, row), map_.block(2, column, row)},
                  {},
                  column * n,
                  row * n};
        const Rect part = overlap({cell.x, cell.y, n, n}, bounds);
        if (part.empty()) return;

        // A block that the horizon of the plane crosses is not flat enough for one footprint; leave it empty,
        // and what the front of the lens cuts.
        for (const auto& block : cell.blocks)
            for (const Point corner : {Point{0, 0}, Point{1, 0}, Point{0, 1}, Point{1, 1}})
                if (!homography_.in_front(map(homography_, block.at(corner.x, corner.y)).w)) return;
        cell.footprint = footprint(cell.blocks);
        const Footprint& f = cell.footprint;
        const Place place = shape_.at(place_of(cell.blocks[1], 0.5, 0.5));
        const double block_radius = 0.55 * n * (length(f.across) + length(f.down)) + f.radius;
        const bool whole = place.clearance_m > block_radius;
        if (whole && place.material == kNothing) return;
        for (int y = part.y; y < part.y + part.height; ++y) {
            if (whole)
                put_run(cell, part.x, y, part.width, place.material);
            else
                paint_row(cell, part.x, part.x + part.width, y);
        }
    }

    /// Places with clearance are followed by others that need no look.
    void paint_row(const Cell& cell, int x, int end, int y) {
        const double n = map_.block_samples(), down = (y - cell.y + 0.5) / n,
                     step = length(cell.footprint.across);
        std::array<Corners, 3> corners;
        while (x < end) {
            const Point uv = place_of(cell.blocks[1], (x - cell.x + 0.5) / n, down);
            const Place place = shape_.at(uv);
            const double spare = place.clearance_m - cell.footprint.radius;
            if (spare > 0) {
                const int run =
                    spare > 64 * step ? end - x : std::min(end - x, 1 + static_cast<int>(0.9 * spare / step));
                if (place.material != kNothing) put_run(cell, x, y, run, place.material);
                x += run;
                for (Corners& c : corners) c.left_known = false;
            } else {
                put_edge(cell, x++, y, uv, place, corners);
            }
        }
    }

    void put_run(const Cell& cell, int x, int y, int count, int material) {
        const double n = map_.block_samples(), down = (y - cell.y + 0.5) / n, across = (x - cell.x + 0.5) / n;
        for (std::size_t c = 0; c < 3; ++c) {
            Run run{{}, {}, count};
            if constexpr (!Ink::kConstant) {
                run.from = place_of(cell.blocks[c], across, down);
                const Point to = place_of(cell.blocks[c], across + count / n, down);
                run.step = {(to.x - run.from.x) / count, (to.y - run.from.y) / count};
            }
            ink_.fill(c, material, run, cell.footprint, at(layer_.signal[c], x, y));
        }
        if (open_) std::fill_n(at(layer_.coverage, x, y), count, 1.0F);
    }

    /// Each colour sees the pattern at its own place, but an open layer has the outline of green.
    void put_edge(const Cell& cell, int x, int y, Point green_uv, const Place& green_place,
                  std::array<Corners, 3>& corners) {
        const double n = map_.block_samples(), across = (x - cell.x + 0.5) / n, down = (y - cell.y + 0.5) / n;
        const Shares green = shares(cell.footprint, green_uv, green_place, corners[1]);
        const double green_cover = green.cover();
        for (const std::size_t c : {0, 1, 2}) {
            const bool borrows = c != 1 && !map_.colours_meet();
            const Point uv = borrows ? place_of(cell.blocks[c], across, down) : green_uv;
            const Shares own = borrows ? shares(cell.footprint, uv, shape_.at(uv), corners[c]) : green;
            const double own_cover = borrows ? own.cover() : green_cover;
            if (open_)
                put(c, x, y,
                    own_cover > 0 ? light_of(c, own, uv, cell) * (green_cover / own_cover)
                                  : light_of(c, green, uv, cell),
                    green_cover);
            else
                put(c, x, y, light_of(c, own, uv, cell), own_cover);
        }
        if (!open_) return;
        float& hidden = *at(layer_.coverage, x, y);
        hidden = static_cast<float>(green_cover) + static_cast<float>(1 - green_cover) * hidden;
    }

    double light_of(std::size_t channel, const Shares& shares, Point uv, const Cell& cell) const {
        double sum = 0;
        for (const auto& share : shares) {
            float light;
            ink_.fill(channel, share.material, {uv, {}, 1}, cell.footprint, &light);
            sum += share.area * light;
        }
        return sum;
    }

    void put(std::size_t channel, int x, int y, double mixed, double cover) {
        float& light = *at(layer_.signal[channel], x, y);
        light = static_cast<float>(mixed) + static_cast<float>(1 - cover) * light;
    }

    float* at(light::Image<float>& plane, int x, int y) {
        return plane.row(y - layer_.where.y) + (x - layer_.where.x);
    }

    /// Exact where one straight edge crosses the sample, which shows in distances that are linear over it;
    /// nearly so where it is slightly curved; otherwise the mean of places.
    Shares shares(const Footprint& f, Point uv, Place centre, Corners& corners) const {
        Shares result;
        if (centre.clearance_m > f.own_radius) {
            corners.left_known = false;
            result.add(centre.material, 1);
            return result;
        }
        // A sample and the next share two corners.
        if (corners.left_known) corners.at[0] = corners.at[2], corners.at[1] = corners.at[3];
        for (std::size_t corner = corners.left_known ? 2 : 0; corner < 4; ++corner)
            corners.at[corner] =
                shape_.at(offset(uv, f, corner < 2 ? -0.5 : 0.5, corner % 2 == 0 ? -0.5 : 0.5));
        corners.left_known = true;

        constexpr int kSame = -2;
        double at[4];
        int other = kSame;
        bool two = true;
        for (std::size_t corner = 0; corner < 4; ++corner) {
            const Place& place = corners.at[corner];
            const bool same = place.material == centre.material;
            at[corner] = same ? place.clearance_m : -place.clearance_m;
            two = two && (same || other == kSame || other == place.material);
            if (!same) other = place.material;
        }
        // A curved edge bulges: over the sample it lies, on average, a third as far off its tangent as at the
        // corners.
        const double bend = std::abs(at[0] + at[3] - at[1] - at[2]);
        const double bulge = 0.25 * (at[0] + at[1] + at[2] + at[3]) - centre.clearance_m;
        const Point slope{0.5 * (at[2] + at[3] - at[0] - at[1]), 0.5 * (at[1] + at[3] - at[0] - at[2])};
        // Distance from one edge grows by a sample's size over a sample; if it does not, there are several
        // edges.
        const bool small = shape_.half_width_m <= kSmall * f.width, roughly = map_.is_draft() && !small;
        const double tolerance = roughly ? 4 * f.width : f.width;
        const bool one = two && bend < 0.1 * tolerance && std::abs(bulge) < 0.03 * tolerance &&
                         length(slope) > 0.8 * f.narrow;
        if (!one) {
            if (roughly)
                add_nine(result, f, uv, centre);
            else
                add_places(result, f, uv, centre, 1, !map_.is_coarse() ? 4 : small ? 7 : 6);
            return result;
        }
        const double area = area_beyond_edge(centre.clearance_m + bulge / 3, slope.x, slope.y);
        result.add(centre.material, area);
        if (other != kSame) result.add(other, 1 - area);
        return result;
    }

    void add_nine(Shares& to, const Footprint& f, Point uv, Place centre) const {
        for (const int down : {-1, 0, 1})
            for (const int across : {-1, 0, 1}) {
                const bool at_centre = across == 0 && down == 0;
                to.add((at_centre ? centre : shape_.at(offset(uv, f, across / 3.0, down / 3.0))).material,
                       1.0 / 9);
            }
    }

    /// What a part of the sample shows, cut in four as long as an edge may cross it.
    void add_places(Shares& to, const Footprint& f, Point uv, Place place, double size, int cuts) const {
        if (cuts == 0 || place.clearance_m > size * f.own_radius) return to.add(place.material, size * size);
        for (const double down : {-0.25, 0.25})
            for (const double across : {-0.25, 0.25}) {
                const Point quarter = offset(uv, f, size * across, size * down);
                add_places(to, f, quarter, shape_.at(quarter), 0.5 * size, cuts - 1);
            }
    }

    /// As green sees it; the other colours magnify by a thousandth more or less.
    Footprint footprint(const std::array<TangentMap::Block, 3>& blocks) const {
        const double n = map_.block_samples();
        const Point left = place_of(blocks[1], 0, 0.5), right = place_of(blocks[1], 1, 0.5);
        const Point top = place_of(blocks[1], 0.5, 0), bottom = place_of(blocks[1], 0.5, 1);
        Footprint f{{(right.x - left.x) / n, (right.y - left.y) / n},
                    {(bottom.x - top.x) / n, (bottom.y - top.y) / n}};
        f.width = std::max(length(f.across), length(f.down));
        f.narrow = std::min(length(f.across), length(f.down));
        f.own_radius = 0.53 * (length(f.across) + length(f.down));
        const Point green = place_of(blocks[1], 0.5, 0.5);
        double apart = 0;
        for (const auto& block : blocks) {
            const Point other = place_of(block, 0.5, 0.5);
            apart = std::max(apart, length({other.x - green.x, other.y - green.y}));
        }
        f.radius = f.own_radius + 1.1 * apart;
        return f;
    }

    [[nodiscard]] Point place_of(const TangentMap::Block& block, double x, double y) const {
        return map(homography_, block.at(x, y)).at;
    }
    static Point offset(Point uv, const Footprint& f, double across, double down) {
        return {uv.x + across * f.across.x + down * f.down.x, uv.y + across * f.across.y + down * f.down.y};
    }
    static double length(Point p) { return targets::length_m(p.x, p.y); }

    static constexpr double kSmall = 4;  // samples: half the width of what a draft must not be rough with
    Layer& layer_;
    const TangentMap& map_;
    Homography homography_;
    ClippedPattern<Pattern> shape_;
    Ink ink_;
    bool open_;
};

template <class Pattern, class Ink>
void paint_with(Layer& layer, const TangentMap& map, const Item& item, const Plane& plane,
                const Pattern& pattern, Ink ink, bool open) {
    const auto homography = plane_from_tangent(map.view(), plane);
    if (!homography) return;
    const ClippedPattern<Pattern> shape{pattern, 0.5 * item.width_m, 0.5 * item.height_m};
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
