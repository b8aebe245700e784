#include "scenes/motion/motion_blur.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "scenes/geometry/rectangles.h"
#include "scenes/kernels/smear.h"
#include "scenes/light/isa.h"

namespace scenes {

using light::Point;
using light::Rect;
using light::View;

/// A value at the four corners of a cell: upper left, upper right, lower left, lower right.
using Corners = std::array<double, 4>;

struct MotionBlur::Places {
    Corners along, across;
};

namespace {

double between(const Corners& c, double x, double y) {
    return (1 - y) * ((1 - x) * c[0] + x * c[1]) + y * ((1 - x) * c[2] + x * c[3]);
}

Corners between(const Corners& a, const Corners& b, double t) {
    Corners c{};
    for (std::size_t i = 0; i < 4; ++i) c[i] = a[i] + t * (b[i] - a[i]);
    return c;
}

/// Of the whole way of a thing that is drawn for one exposure: the camera may turn by any angle within it.
constexpr double kPiecesShown = 512;

/// Where the sprite, drawn at its reference, shows what a direction sees of the thing at a pose; no number
/// where it sees nothing of its plane.
Point sprite_from_tangent(const View& view, const Plane& reference, const Homography& thing, Point tangent,
                          int channel) {
    constexpr double kNo = std::numeric_limits<double>::quiet_NaN();
    constexpr Point kNowhere{kNo, kNo};
    const Mapped uv = map(thing, tangent);
    if (!thing.in_front(uv.w)) return kNowhere;
    const auto seen = tangent_of(view, camera_from_plane(reference, uv.at));
    return seen ? light::pixel_from_tangent(view, *seen, channel) : kNowhere;
}

}  // namespace

int blur_pitch_px(double samples_per_pixel) {
    constexpr double kMost_px = kCell_px / 2.0;
    return static_cast<int>(std::clamp(0.25 / samples_per_pixel, 1.0, kMost_px));
}

CellCorners::CellCorners(const View& view, Rect seen, int pitch) : part(seen) {
    if (pitch > 1) {
        part.x = floored(seen.x, kCell_px), part.y = floored(seen.y, kCell_px);
        part.width = floored(seen.x + seen.width - 1, kCell_px) + 2 * kCell_px - part.x;
        part.height = floored(seen.y + seen.height - 1, kCell_px) + 2 * kCell_px - part.y;
    }
    columns = (part.width + kCell_px - 1) / kCell_px + 1;
    rows = (part.height + kCell_px - 1) / kCell_px + 1;
    for (int channel = 0; channel < 3; ++channel)
        for (int node = 0; node < columns * rows; ++node) {
            const int column = node % columns, row = node / columns;
            const Point pixel{static_cast<double>(part.x + column * kCell_px),
                              static_cast<double>(part.y + row * kCell_px)};
            tangents[static_cast<std::size_t>(channel)].push_back(
                light::tangent_from_pixel(view, pixel, channel));
        }
}

MotionBlur::MotionBlur(const View& view, const Moving& thing, const MotionSums& motion_sums, const Way& way,
                       const CellCorners& corners, int pitch)
    : motion_sums_(motion_sums),
      corners_(corners),
      pitch_(pitch),
      share_(way.share),
      pieces_most_(thing.shown && !thing.glides
                       ? std::max(2.0, kPiecesShown / static_cast<double>(way.poses.size()))
                       : 1024.0) {
    place_nodes(view, thing, way.poses);
}

void MotionBlur::place_nodes(const View& view, const Moving& thing, std::span<const Pose> poses) {
    const Plane reference = plane_at(thing.reference);
    std::vector<Homography> things;
    for (const Pose& pose : poses)
        if (const auto homography = plane_from_tangent(view, plane_at(pose))) things.push_back(*homography);
    if (things.size() != poses.size()) return;  // seen edge on: nothing to see

    nodes_.resize(poses.size());
    for (int channel = 0; channel < 3; ++channel)
        for (const Point tangent : corners_.tangents[static_cast<std::size_t>(channel)])
            for (std::size_t i = 0; i < poses.size(); ++i) {
                const Point p = sprite_from_tangent(view, reference, things[i], tangent, channel);
                const double x = (p.x - motion_sums_.where.x) * motion_sums_.samples_per_pixel;
                const double y = (p.y - motion_sums_.where.y) * motion_sums_.samples_per_pixel;
                // Line 0 is the rim, and a line's place is its middle.
                nodes_[i][static_cast<std::size_t>(channel)].push_back(
                    motion_sums_.upright ? Point{y, x + 0.5} : Point{x, y + 0.5});
            }
}

MotionBlur::Places MotionBlur::places(std::size_t pose, int channel, int column, int row) const {
    const Point* upper =
        nodes_[pose][static_cast<std::size_t>(channel)].data() + row * corners_.columns + column;
    const Point* lower = upper + corners_.columns;
    return {{upper[0].x, upper[1].x, lower[0].x, lower[1].x},
            {upper[0].y, upper[1].y, lower[0].y, lower[1].y}};
}

void MotionBlur::run(const std::function<void(const MotionBlurCell&)>& give) const {
    if (nodes_.empty()) return;
    const Rect& part = corners_.part;
    MotionBlurCell cell;
    for (int row = 0; row + 1 < corners_.rows; ++row)
        for (int column = 0; column + 1 < corners_.columns; ++column) {
            const int x = column * kCell_px, y = row * kCell_px;
            cell.where = {part.x + x, part.y + y, std::min(kCell_px, part.width - x),
                          std::min(kCell_px, part.height - y)};
            bool touched = false;
            for (int channel = 0; channel < 3; ++channel) {
                touched = run_channel(cell, touched, channel, column, row);
                if (pitch_ == 1 || !touched) continue;
                cell.channel = channel;
                give(cell);
                touched = false;
            }
            if (touched) give(cell);
        }
}

/// Adds a colour to a cell that is touched already or not; tells whether it is now.
bool MotionBlur::run_channel(MotionBlurCell& cell, bool touched, int channel, int column, int row) const {
    Places from = places(0, channel, column, row);
    for (std::size_t pose = 1; pose < nodes_.size(); ++pose) {
        const Places to = places(pose, channel, column, row);
        if (!misses(from, to)) {
            if (!touched) cell.light = {}, cell.coverage = {};
            touched = true;
            run_piece(cell, channel, from, to);
        }
        from = to;
    }
    return touched;
}

/// A way that goes across the sums as well is cut until each piece stays within half a sample of one line.
void MotionBlur::run_piece(MotionBlurCell& cell, int channel, const Places& from, const Places& to) const {
    double across = 0;
    for (std::size_t i = 0; i < 4; ++i) across = std::max(across, std::abs(to.across[i] - from.across[i]));
    const int pieces = static_cast<int>(std::clamp(std::ceil(2 * across), 1.0, pieces_most_));
    const double weight = share_ / (pieces * static_cast<double>(nodes_.size() - 1));
    const int rows = (cell.where.height + pitch_ - 1) / pitch_;
    for (int piece = 0; piece < pieces; ++piece) {
        const double begin = static_cast<double>(piece) / pieces,
                     end = static_cast<double>(piece + 1) / pieces;
        const Corners across_middle = between(from.across, to.across, 0.5 * (begin + end));
        const Places a{between(from.along, to.along, begin), across_middle};
        const Places b{between(from.along, to.along, end), across_middle};
        for (int y = 0; y < rows; ++y) run_row(cell, channel, y, a, b, weight);
    }
}

/// The pixels of a colour in a row of the mosaic (RGGB) are every second one, or none. With a pitch there is
/// a place at each corner of its grid.
void MotionBlur::run_row(MotionBlurCell& cell, int channel, int y, const Places& a, const Places& b,
                         double weight) const {
    const int odd_row = (cell.where.y + y) & 1;
    const int odd_column = channel == 0 ? 0 : channel == 2 ? 1 : 1 - odd_row;
    int first = (cell.where.x ^ odd_column) & 1, count = (cell.where.width - first + 1) / 2;
    double down = (y + 0.5) / kCell_px, x0 = (first + 0.5) / kCell_px, step = 2.0 / kCell_px;
    if (pitch_ > 1) {
        step = static_cast<double>(pitch_) / kCell_px, down = y * step, x0 = 0;
        first = 0, count = cell.where.width / pitch_;
    } else if ((channel == 0 && odd_row) || (channel == 2 && !odd_row)) {
        return;
    }
    if (count <= 0) return;

    const auto start_and_step = [&](const Corners& c, float& start, float& each) {
        const double begin = between(c, x0, down);
        start = static_cast<float>(begin);
        each = static_cast<float>(between(c, x0 + step, down) - begin);
    };
    Smear smear{};
    smear.sums = motion_sums_.sums[static_cast<std::size_t>(channel)].data();
    smear.length = motion_sums_.width, smear.lines = motion_sums_.height;
    smear.weight = static_cast<float>(weight), smear.count = count;
    start_and_step(a.along, smear.a, smear.a_step);
    start_and_step(b.along, smear.b, smear.b_step);
    start_and_step(a.across, smear.across, smear.across_step);

    static const SmearRun run = GIGEMU_KERNEL(light::best_isa(), smear_run);
    run(smear, cell.light[static_cast<std::size_t>(y)].data() + first,
        cell.coverage[static_cast<std::size_t>(y)].data() + first);
}

/// Cells that the horizon of the plane crosses are left out.
bool MotionBlur::misses(const Places& from, const Places& to) const {
    const auto nowhere = [](const Places& p) {
        return std::any_of(p.along.begin(), p.along.end(), [](double at) { return std::isnan(at); });
    };
    if (nowhere(from) || nowhere(to)) return true;
    const auto outside = [](const Corners& p, const Corners& q, double end) {
        const auto [low_p, high_p] = std::minmax_element(p.begin(), p.end());
        const auto [low_q, high_q] = std::minmax_element(q.begin(), q.end());
        return std::max(*high_p, *high_q) < -1 || std::min(*low_p, *low_q) > end + 1;
    };
    return outside(from.along, to.along, motion_sums_.width) ||
           outside(from.across, to.across, motion_sums_.height - 1);
}

}  // namespace scenes
