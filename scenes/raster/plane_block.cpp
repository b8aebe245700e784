#include "scenes/raster/plane_block.h"

#include <algorithm>

#include "scenes/kernels/edge_areas.h"

namespace scenes {

using light::Point;

double Footprint::area_beside(const targets::Edge& edge, double size) const {
    const auto along = [size](Point side, Point way) { return size * (side.x * way.x + side.y * way.y); };
    const Point beside{-edge.towards.y, edge.towards.x};
    const double a = along(across, beside), d = along(down, beside);
    // Over a sample, a circle lies a third as far off its tangent as at the corners.
    const double bulge = (a * a + d * d) / (8 * (edge.radius_m + edge.distance_m));
    return area_beyond_edge(edge.distance_m + bulge / 3, along(across, edge.towards),
                            along(down, edge.towards));
}

PlaneBlock::PlaneBlock(const TangentMap& map, const Homography& homography, int column, int row)
    : homography_(homography),
      colours_{map.block(0, column, row), map.block(1, column, row), map.block(2, column, row)},
      samples_{column * map.block_samples(), row * map.block_samples(), map.block_samples(),
               map.block_samples()},
      size_(map.block_samples()) {}

bool PlaneBlock::in_front() const {
    for (const auto& block : colours_)
        for (const Point corner : {Point{0, 0}, Point{1, 0}, Point{0, 1}, Point{1, 1}})
            if (!homography_.in_front(map(homography_, block.at(corner.x, corner.y)).w)) return false;
    return true;
}

Footprint PlaneBlock::footprint() const {
    const Point left = at(kGreen, 0, 0.5), right = at(kGreen, 1, 0.5);
    const Point top = at(kGreen, 0.5, 0), bottom = at(kGreen, 0.5, 1);
    Footprint f{{(right.x - left.x) / size_, (right.y - left.y) / size_},
                {(bottom.x - top.x) / size_, (bottom.y - top.y) / size_}};
    const double across = f.row_step(), down = targets::length_m(f.down.x, f.down.y);
    f.width = std::max(across, down);
    f.narrow = std::min(across, down);
    f.own_radius = 0.53 * (across + down);
    const Point green = centre();
    double apart = 0;
    for (const std::size_t colour : {0, 1, 2}) {
        const Point other = at(colour, 0.5, 0.5);
        apart = std::max(apart, targets::length_m(other.x - green.x, other.y - green.y));
    }
    f.radius = f.own_radius + 1.1 * apart;
    return f;
}

Run PlaneBlock::run(std::size_t colour, int x, int y, int count) const {
    const double across = (x - samples_.x + 0.5) / size_, down = (y - samples_.y + 0.5) / size_;
    const Point from = at(colour, across, down), to = at(colour, across + count / size_, down);
    return {from, {(to.x - from.x) / count, (to.y - from.y) / count}, count};
}

}  // namespace scenes
