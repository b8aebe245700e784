#include "tests/support/measure_dots.h"

#include <algorithm>
#include <cmath>
#include <deque>
#include <optional>

namespace measure {
namespace {

using scenes::light::Image;
using scenes::light::Point;

/// The pixels of one colour on a grid of every second column and row; the two greens of a cell as their mean.
struct Plane {
    Image<double> dn;
    Point origin_px;  // centre of sample (0, 0)
};

Plane plane_of(const Picture& picture, int channel) {
    Plane plane{Image<double>(picture.width() / 2, picture.height() / 2), {}};
    const double shift = channel == 0 ? 0.5 : channel == 1 ? 1.0 : 1.5;
    plane.origin_px = {picture.x + shift, picture.y + shift};
    for (int y = 0; y < plane.dn.height; ++y) {
        for (int x = 0; x < plane.dn.width; ++x) {
            const auto at = [&](int dx, int dy) { return picture.dn.at(2 * x + dx, 2 * y + dy); };
            plane.dn.at(x, y) = channel == 0 ? at(0, 0) : channel == 2 ? at(1, 1) : (at(1, 0) + at(0, 1)) / 2;
        }
    }
    return plane;
}

struct Box {
    int x0, y0, x1, y1;  // inclusive
};

/// The box of what hangs together below the threshold, which is marked as seen.
Box flood(const Image<double>& dn, Image<char>& seen, int x, int y, double threshold_dn) {
    Box box{x, y, x, y};
    std::deque<std::pair<int, int>> open{{x, y}};
    seen.at(x, y) = 1;
    while (!open.empty()) {
        const auto [px, py] = open.front();
        open.pop_front();
        box = {std::min(box.x0, px), std::min(box.y0, py), std::max(box.x1, px), std::max(box.y1, py)};
        for (const auto& [dx, dy] : {std::pair{1, 0}, {-1, 0}, {0, 1}, {0, -1}}) {
            const int nx = px + dx, ny = py + dy;
            if (nx < 0 || ny < 0 || nx >= dn.width || ny >= dn.height || seen.at(nx, ny)) continue;
            if (dn.at(nx, ny) >= threshold_dn) continue;
            seen.at(nx, ny) = 1;
            open.emplace_back(nx, ny);
        }
    }
    return box;
}

/// The ground around a dot is the mean along the rim of its box, grown by the reach of its blur.
std::optional<Dot> dot_in(const Plane& plane, Box box) {
    constexpr int kReach = 3;
    box = {box.x0 - kReach, box.y0 - kReach, box.x1 + kReach, box.y1 + kReach};
    const auto& dn = plane.dn;
    if (box.x0 < 0 || box.y0 < 0 || box.x1 >= dn.width || box.y1 >= dn.height) return {};
    double rim = 0, count = 0;
    for (int y = box.y0; y <= box.y1; ++y) {
        for (int x = box.x0; x <= box.x1; ++x) {
            if (x != box.x0 && x != box.x1 && y != box.y0 && y != box.y1) continue;
            rim += dn.at(x, y), count += 1;
        }
    }
    const double ground = rim / count;
    double weight = 0, sum_x = 0, sum_y = 0, darkest = ground;
    for (int y = box.y0; y <= box.y1; ++y) {
        for (int x = box.x0; x <= box.x1; ++x) {
            const double w = ground - dn.at(x, y);
            weight += w, sum_x += w * x, sum_y += w * y;
            darkest = std::min(darkest, dn.at(x, y));
        }
    }
    return Dot{{plane.origin_px.x + 2 * sum_x / weight, plane.origin_px.y + 2 * sum_y / weight},
               4 * weight / (ground - darkest)};
}

}  // namespace

std::vector<Dot> find_dots(const Picture& picture, int channel, double threshold_dn) {
    const Plane plane = plane_of(picture, channel);
    Image<char> seen(plane.dn.width, plane.dn.height, 0);
    std::vector<Dot> dots;
    for (int y = 0; y < plane.dn.height; ++y) {
        for (int x = 0; x < plane.dn.width; ++x) {
            if (seen.at(x, y) || plane.dn.at(x, y) >= threshold_dn) continue;
            const Box box = flood(plane.dn, seen, x, y, threshold_dn);
            if (box.x1 - box.x0 < 2 || box.y1 - box.y0 < 2) continue;  // a dead pixel
            if (const auto dot = dot_in(plane, box)) dots.push_back(*dot);
        }
    }
    return dots;
}

/// From the start the grid grows: each dot foretells its neighbours, one pitch away as its own neighbours
/// were.
Grid grid_of(const std::vector<Dot>& dots, Point start_px, double pitch_px) {
    const auto nearest = [&](Point at, double within) {
        const Dot* best = nullptr;
        for (const Dot& dot : dots) {
            const double distance = std::hypot(dot.at_px.x - at.x, dot.at_px.y - at.y);
            if (distance < within) best = &dot, within = distance;
        }
        return best;
    };
    struct Step {
        int column, row;
        Point across, down;  // to the next column, and to the next row
    };
    Grid grid;
    const Dot* const first = nearest(start_px, pitch_px / 2);
    if (first == nullptr) return grid;
    grid[{0, 0}] = *first;
    std::deque<Step> open{{0, 0, {pitch_px, 0}, {0, pitch_px}}};
    while (!open.empty()) {
        const Step from = open.front();
        open.pop_front();
        const Point at = grid[{from.column, from.row}].at_px;
        for (const auto& [dx, dy] : {std::pair{1, 0}, {-1, 0}, {0, 1}, {0, -1}}) {
            const std::pair key{from.column + dx, from.row + dy};
            if (grid.count(key) > 0) continue;
            const Point expected{at.x + dx * from.across.x + dy * from.down.x,
                                 at.y + dx * from.across.y + dy * from.down.y};
            const Dot* const found = nearest(expected, pitch_px / 4);
            if (found == nullptr) continue;
            grid[key] = *found;
            Step next{key.first, key.second, from.across, from.down};
            const Point moved{found->at_px.x - at.x, found->at_px.y - at.y};
            if (dx != 0) next.across = {dx * moved.x, dx * moved.y};
            if (dy != 0) next.down = {dy * moved.x, dy * moved.y};
            open.push_back(next);
        }
    }
    return grid;
}

}  // namespace measure
