#include "scenes/targets/charts.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "scenes/targets/grid_cell.h"

namespace scenes::targets {
namespace {

constexpr int kChartColumns = 6, kChartRows = 4;
constexpr double kPatchOfCell = 0.86;  // the rest is frame between two patches

/// The direction as a part of a full turn from the left, clockwise; good to 4e-5, and three times as fast as
/// std::atan2.
double turn_of(Point p) {
    const double x = std::abs(p.x), y = std::abs(p.y), most = std::max(x, y);
    const double t = most > 0 ? std::min(x, y) / most : 0, s = t * t;
    const double octant = t * (1 + s * (-0.327622764 + s * (0.15931422 - 0.0464964749 * s)));
    const double quadrant = y > x ? 0.5 * std::numbers::pi - octant : octant;
    const double half = p.x < 0 ? quadrant : std::numbers::pi - quadrant;
    const double angle = p.y < 0 ? half : 2 * std::numbers::pi - half;
    return angle / (2 * std::numbers::pi);
}

}  // namespace

Place Disc::at(Point p) const {
    const double inside = radius_m - length_m(p.x, p.y);
    return {inside >= 0 ? 0 : kNothing, std::abs(inside)};
}

Point ColourChart::patch_centre_m(int patch) const {
    const double cell = cell_m();
    return {GridCell::centre_m(patch % kChartColumns, cell, kChartColumns),
            GridCell::centre_m(patch / kChartColumns, cell, kChartRows)};
}

double ColourChart::cell_m() const {
    return std::min(width_m / (kChartColumns + 0.14), height_m / (kChartRows + 0.14));
}

double ColourChart::patch_half_m() const { return 0.5 * kPatchOfCell * cell_m(); }

ColourChart::Patch ColourChart::patch_at(Point p) const {
    const auto x = GridCell::at(p.x, cell_m(), kChartColumns), y = GridCell::at(p.y, cell_m(), kChartRows);
    return {y.index * kChartColumns + x.index, {x.from_centre_m, y.from_centre_m}};
}

Place ColourChart::at(Point p) const {
    const Patch patch = patch_at(p);
    const double half = patch_half_m(), inside = inside_rectangle_m(patch.from_centre, half, half);
    if (inside >= 0) return {patch.number, inside};
    // Within its own cell, a place is at least half a gap away from the patch of the next.
    return {kFrame, std::min(-inside, 0.5 * cell_m() - half)};
}

SlantedEdge::SlantedEdge(double angle_deg)
    : cos_angle(std::cos(angle_deg * std::numbers::pi / 180)),
      sin_angle(std::sin(angle_deg * std::numbers::pi / 180)) {}

Place SlantedEdge::at(Point p) const {
    const double right = p.x * cos_angle + p.y * sin_angle;
    return {right >= 0 ? 1 : 0, std::abs(right)};
}

SiemensStar::SiemensStar(int cycles, double radius_m, double hub_radius_m)
    : radius_m(radius_m), hub_radius_m(hub_radius_m) {
    for (int ray = 0; ray < 2 * cycles; ++ray) {
        const double angle = std::numbers::pi * (static_cast<double>(ray) / cycles - 1);
        rays.push_back({std::cos(angle), std::sin(angle)});
    }
}

SiemensStar::Sector SiemensStar::sector_at(Point p) const {
    const auto sectors = static_cast<double>(rays.size());
    auto sector = static_cast<std::size_t>(std::clamp(turn_of(p) * sectors, 0.0, sectors - 1));
    const auto beyond_m = [&](std::size_t ray) { return rays[ray].x * p.y - rays[ray].y * p.x; };
    double from = beyond_m(sector), to = beyond_m(next(sector));
    if (from < 0) {  // close to a ray the angle may have been found on its other side
        sector = sector > 0 ? sector - 1 : rays.size() - 1;
        to = from, from = beyond_m(sector);
    } else if (to >= 0) {
        sector = next(sector);
        from = to, to = beyond_m(next(sector));
    }
    return {sector, from, -to};
}

Place SiemensStar::at(Point p) const {
    const double r = length_m(p.x, p.y);
    if (r >= radius_m) return {0, r - radius_m};
    if (r <= hub_radius_m) return {0, hub_radius_m - r};
    const Sector sector = sector_at(p);
    const double side = std::min(std::abs(sector.from_first_m), std::abs(sector.from_second_m));
    return {sector.material(), std::min({side, radius_m - r, r - hub_radius_m})};
}

Place GreySteps::at(Point p) const {
    const auto cell = GridCell::at(p.x, width_m / steps, steps);
    const double left = cell.index > 0 ? 0.5 * cell.size_m + cell.from_centre_m : kFar;
    const double right = cell.index < steps - 1 ? 0.5 * cell.size_m - cell.from_centre_m : kFar;
    return {cell.index, std::min(std::abs(left), std::abs(right))};
}

Place DotGrid::at(Point p) const {
    const auto x = GridCell::at(p.x, pitch_m, columns), y = GridCell::at(p.y, pitch_m, rows);
    const double inside = 0.5 * diameter_m - length_m(x.from_centre_m, y.from_centre_m);
    return {inside >= 0 ? 1 : 0, std::abs(inside)};
}

Place Checkerboard::at(Point p) const {
    const double margin = inside_rectangle_m(p, 0.5 * columns * square_m, 0.5 * rows * square_m);
    if (margin < 0) return {0, -margin};
    const auto x = GridCell::at(p.x, square_m, columns), y = GridCell::at(p.y, square_m, rows);
    const double to_edge = 0.5 * square_m - std::max(std::abs(x.from_centre_m), std::abs(y.from_centre_m));
    return {(x.index + y.index) % 2 == 0 ? 1 : 0, std::max(to_edge, 0.0)};
}

}  // namespace scenes::targets
