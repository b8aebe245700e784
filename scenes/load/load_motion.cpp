#include "scenes/load/loading.h"

namespace scenes {
namespace {

constexpr std::size_t kWaypointsMost = 1000;

Vec3 vector_or(const Node& node, const std::string& key, Bounds bounds, Vec3 otherwise) {
    const auto list = node.numbers_or(key, bounds, {otherwise.x, otherwise.y, otherwise.z});
    return {list[0], list[1], list[2]};
}

Pose read_pose(const Node& node, Vec3 position_m) {
    return {vector_or(node, "position_m", {-10'000, 10'000, "m"}, position_m),
            vector_or(node, "rotation_deg", {-360, 360, "deg"}, {})};
}

std::vector<Waypoint> read_path(const Node& node, Vec3 position_m, double period_s) {
    std::vector<Waypoint> path;
    for (const Node& point : node.objects("path")) {
        const double at_s = point.number("at_s", {0, 1e10, "s"});
        if (!path.empty() && at_s <= path.back().at_s)
            point.unfit("at_s", "A time after that of the waypoint before");
        if (period_s > 0 && at_s > period_s) point.unfit("at_s", "A time not above period_s");
        path.push_back({at_s, read_pose(point, position_m)});
        point.done();
    }
    if (path.empty() || path.size() > kWaypointsMost)
        node.unfit("path", "A list of 1 to " + std::to_string(kWaypointsMost) + " waypoints");
    return path;
}

}  // namespace

Motion read_motion(const Node& node, Vec3 position_m) {
    for (const char* key : {"position_m", "rotation_deg", "velocity_m_s", "spin_deg_s"})
        node.exclude("path", key, std::string("this and path exclude each other: waypoints say it."));
    Motion motion;
    motion.pose = read_pose(node, position_m);
    motion.velocity_m_s = vector_or(node, "velocity_m_s", {-1000, 1000, "m/s"}, {});
    motion.spin_deg_s = vector_or(node, "spin_deg_s", {-1e5, 1e5, "deg/s"}, {});
    motion.period_s = node.number_or("period_s", {0, 1e6, "s"}, 0);
    if (!node.has("path")) return motion;
    motion.path = read_path(node, position_m, motion.period_s);
    motion.pose = motion.path.front().pose;
    motion.velocity_m_s = motion.spin_deg_s = {};
    return motion;
}

Motion read_camera_pose(const nlohmann::json& value, const std::string& source) {
    const Node node(value, source);
    Motion motion = read_motion(node, {});
    node.done();
    return motion;
}

}  // namespace scenes
