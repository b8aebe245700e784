#include "scenes/geometry/motion.h"

#include <algorithm>
#include <cmath>

#include "scenes/light/progress.h"

namespace scenes {
namespace {

constexpr double kTurnPerPiece_deg = 2;
constexpr int kPiecesMost = 180;

/// Pieces of a way that bends at waypoints.
constexpr int kBentPieces = 60;

double seconds(Time time) { return std::chrono::duration<double>(time).count(); }

/// Since the motion began, or began again.
double elapsed_s(const Motion& motion, Time time) {
    return motion.period_s > 0 ? light::progress(1, time, motion.period_s).rest : seconds(time);
}

Pose between(const Pose& a, const Pose& b, double t) {
    return {a.position_m + t * (b.position_m - a.position_m),
            a.rotation_deg + t * (b.rotation_deg - a.rotation_deg)};
}

Pose on_path(const std::vector<Waypoint>& path, double time_s) {
    const auto next = std::upper_bound(path.begin(), path.end(), time_s,
                                       [](double at_s, const Waypoint& point) { return at_s < point.at_s; });
    if (next == path.begin()) return path.front().pose;
    if (next == path.end()) return path.back().pose;
    const Waypoint& last = *std::prev(next);
    return between(last.pose, next->pose, (time_s - last.at_s) / (next->at_s - last.at_s));
}

}  // namespace

Pose pose_at(const Motion& motion, Time time) {
    if (!moves(motion)) return motion.path.empty() ? motion.pose : motion.path.front().pose;
    const double time_s = elapsed_s(motion, time);
    if (!motion.path.empty()) return on_path(motion.path, time_s);
    return {motion.pose.position_m + time_s * motion.velocity_m_s,
            motion.pose.rotation_deg + time_s * motion.spin_deg_s};
}

Rates rates_at(const Motion& motion, Time time) {
    if (motion.path.empty()) return {motion.velocity_m_s, motion.spin_deg_s};
    const double time_s = elapsed_s(motion, time);
    for (std::size_t i = 1; i < motion.path.size(); ++i) {
        const Waypoint &a = motion.path[i - 1], &b = motion.path[i];
        if (time_s < a.at_s || time_s >= b.at_s) continue;
        const double per_s = 1 / (b.at_s - a.at_s);
        return {per_s * (b.pose.position_m - a.pose.position_m),
                per_s * (b.pose.rotation_deg - a.pose.rotation_deg)};
    }
    return {};
}

bool moves(const Motion& motion) {
    if (motion.path.empty()) return motion.velocity_m_s != Vec3{} || motion.spin_deg_s != Vec3{};
    return std::any_of(motion.path.begin(), motion.path.end(),
                       [&](const Waypoint& point) { return point.pose != motion.path.front().pose; });
}

bool moves(const Motion& motion, Span span) {
    if (motion.path.empty() || !moves(motion)) return moves(motion);
    const double from_s = elapsed_s(motion, span.from), to_s = from_s + seconds(span.to - span.from);
    for (std::size_t i = 1; i < motion.path.size(); ++i) {
        const Waypoint &a = motion.path[i - 1], &b = motion.path[i];
        const bool during = b.at_s > from_s && (a.at_s < to_s || (from_s == to_s && a.at_s == from_s));
        if (during && a.pose != b.pose) return true;
    }
    return false;
}

int pieces_of(const Motion& motion, Span span) {
    if (!moves(motion, span)) return 1;
    const double from_s = elapsed_s(motion, span.from), span_s = seconds(span.to - span.from);
    const bool bends = std::any_of(motion.path.begin(), motion.path.end(), [&](const Waypoint& point) {
        return point.at_s > from_s && point.at_s < from_s + span_s;
    });
    if (bends) return kBentPieces;
    const Vec3 begin_deg = pose_at(motion, span.from).rotation_deg;
    const Vec3 end_deg = begin_deg + span_s * rates_at(motion, span.from).spin_deg_s;
    const double turned_deg = length(end_deg - begin_deg);
    return static_cast<int>(
        std::clamp(std::ceil(turned_deg / kTurnPerPiece_deg), 1.0, static_cast<double>(kPiecesMost)));
}

std::vector<Pose> straight_way(const Pose& begin, const Pose& end, int pieces) {
    return straight_way(begin, end, pieces, 0, pieces);
}

std::vector<Pose> straight_way(const Pose& begin, const Pose& end, int pieces, int first, int last) {
    std::vector<Pose> way;
    for (int i = first; i <= last; ++i) way.push_back(between(begin, end, static_cast<double>(i) / pieces));
    return way;
}

std::vector<Pose> way_of(const Motion& motion, Span span, int pieces) {
    const double span_s = seconds(span.to - span.from);
    if (motion.path.empty()) {
        const Pose begin = pose_at(motion, span.from);
        return straight_way(begin,
                            {begin.position_m + span_s * motion.velocity_m_s,
                             begin.rotation_deg + span_s * motion.spin_deg_s},
                            pieces);
    }
    const double from_s = elapsed_s(motion, span.from);
    std::vector<Pose> way;
    for (int i = 0; i <= pieces; ++i)
        way.push_back(on_path(motion.path, from_s + span_s * (static_cast<double>(i) / pieces)));
    return way;
}

}  // namespace scenes
