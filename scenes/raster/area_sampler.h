#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "scenes/kernels/edge_areas.h"
#include "scenes/raster/material_areas.h"
#include "scenes/raster/plane_block.h"

namespace scenes {

/// Signed distances from the edge of a material, over a sample with sides of 1: positive on the material of
/// its centre. Distances from one straight edge are linear over it.
struct EdgeDistances {
    double centre;
    std::array<double, 4> corners;  // left ones first, upper ones first

    [[nodiscard]] double bend() const { return std::abs(corners[0] + corners[3] - corners[1] - corners[2]); }
    /// Mean of the corners over the centre.
    [[nodiscard]] double bulge() const {
        return 0.25 * (corners[0] + corners[1] + corners[2] + corners[3]) - centre;
    }
    [[nodiscard]] light::Point slope() const {
        return {0.5 * (corners[2] + corners[3] - corners[0] - corners[1]),
                0.5 * (corners[1] + corners[3] - corners[0] - corners[2])};
    }
    /// Whether they come from one edge, straight or slightly curved. Distance from one edge grows by a
    /// sample's size over a sample; if it does not, there are several.
    [[nodiscard]] bool one_edge(double tolerance, double narrow) const {
        const light::Point s = slope();
        return bend() < 0.1 * tolerance && std::abs(bulge()) < 0.03 * tolerance &&
               targets::length_m(s.x, s.y) > 0.8 * narrow;
    }
    /// The area on the centre's side. A curved edge bulges: over the sample it lies, on average, a third as
    /// far off its tangent as at the corners.
    [[nodiscard]] double area() const { return area_beyond_edge(centre + bulge() / 3, slope().x, slope().y); }
};

/// Area sampling of a pattern along one row, from left to right, for one colour: exact where one straight
/// edge crosses the sample, nearly so where it is slightly curved; otherwise the mean of parts of the sample.
template <class Pattern>
class AreaSampler {
  public:
    AreaSampler(const Pattern& pattern, const Footprint& footprint, const TangentMap& map)
        : pattern_(pattern), footprint_(footprint) {
        const double half_m = std::min(pattern.half_width_m, pattern.half_height_m);
        const bool small = half_m <= kSmall * footprint.width;
        rough_ = map.is_draft() && !small;
        if (!map.is_coarse())
            depth_ = 4;
        else if (!map.is_draft())
            depth_ = small ? 7 : 6;
        else  // an item smaller than a sample is an eighth of it exact
            depth_ = std::clamp(3 + static_cast<int>(std::log2(footprint.width / half_m)), 4, 10);
    }

    /// The sample about `uv`, which shows `centre` in its middle.
    [[nodiscard]] MaterialAreas areas(light::Point uv, targets::Place centre) {
        MaterialAreas areas;
        if (centre.clearance_m > footprint_.own_radius) {
            skip();
            areas.add(centre.material, 1);
            return areas;
        }
        look_at_corners(uv);
        if (add_sides_of_edge(areas, centre)) return areas;
        if (rough_)
            add_ninths(areas, uv, centre);
        else
            add_quarters(areas, uv, centre, 1, depth_);
        return areas;
    }
    /// The next sample is not the right neighbour of the last one.
    void skip() { left_known_ = false; }

  private:
    /// A sample and the next share two corners.
    void look_at_corners(light::Point uv) {
        if (left_known_) corners_[0] = corners_[2], corners_[1] = corners_[3];
        for (std::size_t corner = left_known_ ? 2 : 0; corner < 4; ++corner)
            corners_[corner] =
                pattern_.at(footprint_.offset(uv, corner < 2 ? -0.5 : 0.5, corner % 2 == 0 ? -0.5 : 0.5));
        left_known_ = true;
    }

    /// Nothing if the sample is not parted by one edge between two materials.
    bool add_sides_of_edge(MaterialAreas& areas, const targets::Place& centre) const {
        EdgeDistances distances{centre.clearance_m, {}};
        std::optional<int> other;
        for (std::size_t corner = 0; corner < 4; ++corner) {
            const targets::Place& place = corners_[corner];
            const bool same = place.material == centre.material;
            distances.corners[corner] = same ? place.clearance_m : -place.clearance_m;
            if (same) continue;
            if (other && *other != place.material) return false;
            other = place.material;
        }
        const double tolerance = rough_ ? 4 * footprint_.width : footprint_.width;
        if (!distances.one_edge(tolerance, footprint_.narrow)) return false;
        const double area = distances.area();
        areas.add(centre.material, area);
        if (other) areas.add(*other, 1 - area);
        return true;
    }

    void add_ninths(MaterialAreas& areas, light::Point uv, const targets::Place& centre) const {
        for (const int down : {-1, 0, 1})
            for (const int across : {-1, 0, 1}) {
                const bool at_centre = across == 0 && down == 0;
                const auto place =
                    at_centre ? centre : pattern_.at(footprint_.offset(uv, across / 3.0, down / 3.0));
                areas.add(place.material, 1.0 / 9);
            }
    }

    /// Adaptive subdivision: a part of the sample is cut in four as long as several edges may cross it.
    void add_quarters(MaterialAreas& areas, light::Point uv, const targets::Place& place, double size,
                      int depth) const {
        if (depth == 0 || place.clearance_m > size * footprint_.own_radius)
            return areas.add(place.material, size * size);
        const targets::Edge edge = pattern_.edge(uv, place);
        if (edge.alone_m > size * footprint_.own_radius) {
            const double area = footprint_.area_beside(edge, size);
            areas.add(place.material, size * size * area);
            return areas.add(edge.beyond, size * size * (1 - area));
        }
        for (const double down : {-0.25, 0.25})
            for (const double across : {-0.25, 0.25}) {
                const light::Point quarter = footprint_.offset(uv, size * across, size * down);
                add_quarters(areas, quarter, pattern_.at(quarter), 0.5 * size, depth - 1);
            }
    }

    static constexpr double kSmall = 4;  // samples: half the width of what a draft must not be rough with
    const Pattern& pattern_;
    const Footprint& footprint_;
    bool rough_ = false;
    int depth_ = 0;
    std::array<targets::Place, 4> corners_;  // of the last sample, left ones first
    bool left_known_ = false;                // the left ones of the next sample are its right ones
};

}  // namespace scenes
