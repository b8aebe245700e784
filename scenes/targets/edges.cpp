#include <algorithm>
#include <array>
#include <cmath>

#include "scenes/targets/charts.h"
#include "scenes/targets/codes.h"
#include "scenes/targets/grid_cell.h"
#include "scenes/targets/plate.h"

// The edges of the patterns, for the renderer: where one alone is near, a part of the picture is drawn
// without asking the pattern for every sample.

namespace scenes::targets {
namespace {

/// The nearest of several edges; it is alone as far as the next one.
class Nearest {
  public:
    void add(const Edge& edge) {
        next_m_ = std::min(next_m_, std::max(edge.distance_m, edge_.distance_m));
        if (edge.distance_m < edge_.distance_m) edge_ = edge;
    }
    [[nodiscard]] Edge found() const {
        Edge edge = edge_;
        edge.alone_m = std::min(edge.alone_m, next_m_);
        return edge;
    }

  private:
    Edge edge_{.distance_m = kFar};
    double next_m_ = kFar;
};

/// A straight edge; it goes on as far as `alone_m`.
Edge line(double distance_m, Point towards, int beyond, double alone_m = kFar) {
    return {.distance_m = distance_m, .towards = towards, .beyond = beyond, .alone_m = alone_m};
}

/// The sides of an upright rectangle that a place is in.
Edge nearest_side(Point from_centre, double half_width_m, double half_height_m,
                  const std::array<int, 4>& beyond) {
    Nearest nearest;
    nearest.add(line(half_width_m + from_centre.x, {-1, 0}, beyond[0]));
    nearest.add(line(half_width_m - from_centre.x, {1, 0}, beyond[1]));
    nearest.add(line(half_height_m + from_centre.y, {0, -1}, beyond[2]));
    nearest.add(line(half_height_m - from_centre.y, {0, 1}, beyond[3]));
    return nearest.found();
}

/// A circle whose centre lies at `centre` from the place.
Edge circle(Point centre, double radius_m, int within, int without, double alone_m = kFar) {
    const double r = length_m(centre.x, centre.y);
    if (r <= 0) return {.distance_m = radius_m};
    const bool inside = r <= radius_m;
    const double sign = inside ? -1 : 1;
    return {.distance_m = std::abs(radius_m - r),
            .towards = {sign * centre.x / r, sign * centre.y / r},
            .radius_m = sign * radius_m,
            .beyond = inside ? without : within,
            .alone_m = alone_m};
}

/// The outline of an upright rectangle with round corners: straight along the sides, and a quarter of a
/// circle in each corner.
Edge round_rectangle(Point p, double half_width_m, double half_height_m, double corner_radius_m) {
    const double right = p.x < 0 ? -1 : 1, below = p.y < 0 ? -1 : 1;
    const double x = std::abs(p.x) - half_width_m + corner_radius_m,
                 y = std::abs(p.y) - half_height_m + corner_radius_m;
    if (x > 0 && y > 0) return circle({-right * x, -below * y}, corner_radius_m, 0, kNothing, std::min(x, y));
    const double off = std::max(x, y) - corner_radius_m, out = off < 0 ? 1 : -1;
    const Point towards = x > y ? Point{out * right, 0} : Point{0, out * below};
    return line(std::abs(off), towards, off < 0 ? kNothing : 0, -std::min(x, y));
}

/// The outline of a stroke with round ends, of material 1 on 0.
Edge stroke(Point p, Point from, Point to, double half_width_m) {
    const double dx = to.x - from.x, dy = to.y - from.y, length = length_m(dx, dy);
    const Point at{p.x - from.x, p.y - from.y};
    const double along = length > 0 ? (at.x * dx + at.y * dy) / length : 0;
    if (along <= 0) return circle({-at.x, -at.y}, half_width_m, 1, 0, length > 0 ? -along : kFar);
    if (along >= length) return circle({to.x - p.x, to.y - p.y}, half_width_m, 1, 0, along - length);
    const double off = (dx * at.y - dy * at.x) / length, side = off < 0 ? -1 : 1;
    const double inside = half_width_m - std::abs(off), out = inside >= 0 ? side : -side;
    Edge edge = line(std::abs(inside), {-out * dy / length, out * dx / length}, inside >= 0 ? 0 : 1);
    edge.alone_m = std::min({along, length - along, half_width_m + std::abs(off)});
    return edge;
}

}  // namespace

Edge Disc::edge(Point p) const { return circle({-p.x, -p.y}, radius_m, 0, kNothing); }

Edge ColourChart::edge(Point p) const {
    const Patch patch = patch_at(p);
    const Point from = patch.from_centre;
    const double half = patch_half_m(), gap = cell_m() - 2 * half;
    const double dx = std::abs(from.x) - half, dy = std::abs(from.y) - half;
    if (dx <= 0 && dy <= 0) {
        Edge edge = nearest_side(from, half, half, {kFrame, kFrame, kFrame, kFrame});
        edge.alone_m = std::min(edge.alone_m, edge.distance_m + gap);
        return edge;
    }
    // In the frame: beside a patch one of its sides is nearest, as far as its corner and the next patch.
    if (dx > 0 && dy > 0) return {};
    const double off = std::max(dx, dy), corner = length_m(dx, dy), side = dx > 0 ? from.x : from.y;
    const double towards = side > 0 ? -1 : 1;
    return line(off, dx > 0 ? Point{towards, 0} : Point{0, towards}, patch.number,
                std::min(gap - off, corner));
}

Edge SlantedEdge::edge(Point p) const {
    const double right = p.x * cos_angle + p.y * sin_angle, sign = right >= 0 ? -1 : 1;
    return line(std::abs(right), {sign * cos_angle, sign * sin_angle}, right >= 0 ? 0 : 1);
}

Edge SiemensStar::edge(Point p) const {
    const double r = length_m(p.x, p.y);
    if (r >= radius_m || r <= hub_radius_m) return {};  // spokes take turns beyond
    const Sector sector = sector_at(p);
    const Point first = rays[sector.first_ray], second = rays[next(sector.first_ray)];
    Nearest nearest;
    nearest.add(line(sector.from_first_m, {first.y, -first.x}, 1 - sector.material()));
    nearest.add(line(sector.from_second_m, {-second.y, second.x}, 1 - sector.material()));
    nearest.add({.distance_m = std::min(radius_m - r, r - hub_radius_m)});
    return nearest.found();
}

Edge GreySteps::edge(Point p) const {
    const auto cell = GridCell::at(p.x, width_m / steps, steps);
    Nearest nearest;
    if (cell.index > 0) nearest.add(line(0.5 * cell.size_m + cell.from_centre_m, {-1, 0}, cell.index - 1));
    if (cell.index < steps - 1)
        nearest.add(line(0.5 * cell.size_m - cell.from_centre_m, {1, 0}, cell.index + 1));
    Edge edge = nearest.found();
    edge.alone_m = std::min(edge.alone_m, edge.distance_m + cell.size_m);
    return edge;
}

Edge DotGrid::edge(Point p) const {
    const auto x = GridCell::at(p.x, pitch_m, columns), y = GridCell::at(p.y, pitch_m, rows);
    const double radius = 0.5 * diameter_m;
    const double off = std::max(std::abs(x.from_centre_m), std::abs(y.from_centre_m));
    return circle({-x.from_centre_m, -y.from_centre_m}, radius, 1, 0, pitch_m - off - radius);
}

Edge Checkerboard::edge(Point p) const {
    if (inside_rectangle_m(p, 0.5 * columns * square_m, 0.5 * rows * square_m) < 0) return {};
    const auto x = GridCell::at(p.x, square_m, columns), y = GridCell::at(p.y, square_m, rows);
    const int other = (x.index + y.index) % 2 == 0 ? 0 : 1;  // but beyond the outermost squares is the margin
    return nearest_side({x.from_centre_m, y.from_centre_m}, 0.5 * square_m, 0.5 * square_m,
                        {x.index == 0 ? 0 : other, x.index == columns - 1 ? 0 : other,
                         y.index == 0 ? 0 : other, y.index == rows - 1 ? 0 : other});
}

/// A side of the module that the place is in, as far as the next side: the neighbours may have any corner
/// there.
Edge Modules::edge(Point p) const {
    const double x = p.x / module_m + 0.5 * columns, y = p.y / module_m + 0.5 * rows;
    const double column = std::floor(x), row = std::floor(y);
    if (column < -1 || row < -1 || column > columns || row > rows) return {};
    const int i = static_cast<int>(column), j = static_cast<int>(row);
    const auto material = [&](int across, int down) { return is_dark(i + across, j + down) ? 1 : 0; };
    return nearest_side({(x - column - 0.5) * module_m, (y - row - 0.5) * module_m}, 0.5 * module_m,
                        0.5 * module_m, {material(-1, 0), material(1, 0), material(0, -1), material(0, 1)});
}

Edge Plate::edge(Point p) const {
    Nearest nearest;
    nearest.add(round_rectangle(p, 0.5 * width_m, 0.5 * height_m, corner_radius_m));
    for (const Hole& hole : holes)
        nearest.add(circle({hole.centre_m.x - p.x, hole.centre_m.y - p.y}, hole.radius_m, kNothing, 0));
    for (const Scratch& s : scratches) nearest.add(stroke(p, s.from_m, s.to_m, s.half_width_m));
    return nearest.found();
}

}  // namespace scenes::targets
