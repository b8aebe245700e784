#include "scenes/targets/charts.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace scenes::targets {
namespace {

constexpr int kChartColumns = 6, kChartRows = 4;
constexpr double kPatchOfCell = 0.86;  // the rest is frame between two patches

double chart_cell_m(const ColourChart& chart) {
    return std::min(chart.width_m / (kChartColumns + 0.14), chart.height_m / (kChartRows + 0.14));
}

/// The cell that a coordinate is in, in a row of `count` cells about 0, clamped to the row.
int cell_of(double at_m, double cell_m, int count) {
    return static_cast<int>(std::clamp(at_m / cell_m + 0.5 * count, 0.0, count - 1.0));
}

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

double centre_of(int cell, double cell_m, int count) { return (cell + 0.5 - 0.5 * count) * cell_m; }

}  // namespace

Place Disc::at(Point p) const {
    const double inside = radius_m - length_m(p.x, p.y);
    return {inside >= 0 ? 0 : kNothing, std::abs(inside)};
}

Point ColourChart::patch_centre_m(int patch) const {
    const double cell = chart_cell_m(*this);
    return {centre_of(patch % kChartColumns, cell, kChartColumns),
            centre_of(patch / kChartColumns, cell, kChartRows)};
}

double ColourChart::patch_half_m() const { return 0.5 * kPatchOfCell * chart_cell_m(*this); }

Place ColourChart::at(Point p) const {
    const double cell = chart_cell_m(*this), half = patch_half_m();
    const int patch = cell_of(p.y, cell, kChartRows) * kChartColumns + cell_of(p.x, cell, kChartColumns);
    const Point centre = patch_centre_m(patch);
    const double inside = inside_rectangle_m({p.x - centre.x, p.y - centre.y}, half, half);
    if (inside >= 0) return {patch, inside};
    // Within its own cell, a place is at least half a gap away from the patch of the next.
    return {24, std::min(-inside, 0.5 * cell - half)};
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

Place SiemensStar::at(Point p) const {
    const double r = length_m(p.x, p.y);
    if (r >= radius_m) return {0, r - radius_m};
    if (r <= hub_radius_m) return {0, hub_radius_m - r};
    // Sectors of half a period, dark and light in turn; both sides of a sector are rays from the centre.
    const auto sectors = static_cast<double>(rays.size());
    auto sector = static_cast<std::size_t>(std::clamp(turn_of(p) * sectors, 0.0, sectors - 1));
    const auto beyond_m = [&](std::size_t ray) { return rays[ray].x * p.y - rays[ray].y * p.x; };
    const auto next = [&](std::size_t ray) { return ray + 1 < rays.size() ? ray + 1 : 0; };
    double from = beyond_m(sector), to = beyond_m(next(sector));
    if (from < 0) {  // close to a ray the angle may have been found on its other side
        sector = sector > 0 ? sector - 1 : rays.size() - 1;
        to = from, from = beyond_m(sector);
    } else if (to >= 0) {
        sector = next(sector);
        from = to, to = beyond_m(next(sector));
    }
    const double side = std::min(std::abs(from), std::abs(to));
    return {sector % 2 == 0 ? 1 : 0, std::min({side, radius_m - r, r - hub_radius_m})};
}

Place GreySteps::at(Point p) const {
    const double step = width_m / steps;
    const int index = cell_of(p.x, step, steps);
    const double from_centre = p.x - centre_of(index, step, steps);
    const double left = index > 0 ? 0.5 * step + from_centre : kFar;
    const double right = index < steps - 1 ? 0.5 * step - from_centre : kFar;
    return {index, std::min(std::abs(left), std::abs(right))};
}

Place DotGrid::at(Point p) const {
    const double x = p.x - centre_of(cell_of(p.x, pitch_m, columns), pitch_m, columns);
    const double y = p.y - centre_of(cell_of(p.y, pitch_m, rows), pitch_m, rows);
    const double inside = 0.5 * diameter_m - length_m(x, y);
    return {inside >= 0 ? 1 : 0, std::abs(inside)};
}

Place Checkerboard::at(Point p) const {
    const double margin = inside_rectangle_m(p, 0.5 * columns * square_m, 0.5 * rows * square_m);
    if (margin < 0) return {0, -margin};
    const int column = cell_of(p.x, square_m, columns), row = cell_of(p.y, square_m, rows);
    const double x = p.x - centre_of(column, square_m, columns), y = p.y - centre_of(row, square_m, rows);
    const double to_edge = 0.5 * square_m - std::max(std::abs(x), std::abs(y));
    return {(column + row) % 2 == 0 ? 1 : 0, std::max(to_edge, 0.0)};
}

}  // namespace scenes::targets
