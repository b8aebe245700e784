#include "emulator/testbench/routes/scene_change.h"
#include "emulator/testbench/routes/table.h"
#include "emulator/testbench/to_json.h"

namespace emulator::testbench::routes {
namespace {

using nlohmann::json;

/// The keys by which it was given.
Json motion_to_json(const scenes::Motion& motion) {
    if (motion.path.empty())
        return {{"position_m", to_json(motion.pose.position_m)},
                {"rotation_deg", to_json(motion.pose.rotation_deg)},
                {"velocity_m_s", to_json(motion.velocity_m_s)},
                {"spin_deg_s", to_json(motion.spin_deg_s)},
                {"period_s", motion.period_s}};
    auto path = Json::array();
    for (const auto& point : motion.path)
        path.push_back({{"at_s", point.at_s},
                        {"position_m", to_json(point.pose.position_m)},
                        {"rotation_deg", to_json(point.pose.rotation_deg)}});
    return {{"path", std::move(path)}, {"period_s", motion.period_s}};
}

Answer pose_answer(const SceneMoment& now) {
    const auto& scene = now.plan.now;
    const auto& motion = scene.world->camera_pose;
    const auto pose = scenes::pose_at(motion, scenes::Time(static_cast<std::int64_t>(now.time_ns)));
    auto planned = Json::array();
    for (std::size_t i = 0; i < now.planned_ns.size(); ++i) {
        const auto& change = now.plan.later[i].change;
        if (!change.pose) continue;
        const auto& own = change.pose->camera_pose;
        planned.push_back({{"at_ns", now.planned_ns[i]}, {"motion", own ? motion_to_json(*own) : Json()}});
    }
    return {.body = {{"time_ns", now.time_ns},
                     {"position_m", to_json(pose.position_m)},
                     {"rotation_deg", to_json(pose.rotation_deg)},
                     {"motion", motion_to_json(motion)},
                     {"of_scene", !scene.camera_pose.has_value()},
                     {"planned", std::move(planned)}}};
}

Answer get_pose(Call& call) { return pose_answer(call.on_camera(scene_moment)); }

Answer put_pose(Call& call) {
    auto body = call.body;
    body.erase("at_ns");
    return pose_answer(
        change_scene(call, call.body, {.pose = PoseChange{scenes::read_camera_pose(body, "body")}}));
}

Answer delete_pose(Call& call) {
    return pose_answer(change_scene(call, call.query, {.pose = PoseChange{std::nullopt}}));
}

constexpr std::string_view kPoseAnswer = R"({"$ref": "#/components/schemas/CameraPose"})";

constexpr Route kPoseRows[] = {
    {.method = "GET",
     .path = "/api/v1/camera/pose",
     .summary = "Where the camera stands in the world, and how it moves",
     .answer = kPoseAnswer,
     .act = get_pose},
    {.method = "PUT",
     .path = "/api/v1/camera/pose",
     .summary = "The camera's own pose, in place of that of the scene; without at_ns planned poses end",
     .body = R"({"type": "object", "additionalProperties": false, "properties": {
         "position_m": {"$ref": "#/components/schemas/Triple"},
         "rotation_deg": {"$ref": "#/components/schemas/Triple"},
         "velocity_m_s": {"$ref": "#/components/schemas/Triple"},
         "spin_deg_s": {"$ref": "#/components/schemas/Triple"}, "period_s": {"type": "number"},
         "path": {"type": "array", "minItems": 1, "maxItems": 1000, "items": {"type": "object",
             "additionalProperties": false, "required": ["at_s"], "properties": {"at_s": {"type": "number"},
             "position_m": {"$ref": "#/components/schemas/Triple"},
             "rotation_deg": {"$ref": "#/components/schemas/Triple"}}}},
         "at_ns": {"$ref": "#/components/schemas/AtNs"}}})",
     .answer = kPoseAnswer,
     .body_max = 256 * std::size_t{1024},
     .act = put_pose},
    {.method = "DELETE",
     .path = "/api/v1/camera/pose",
     .summary = "The pose of the scene again",
     .query = R"({"type": "object", "additionalProperties": false, "properties": {
         "at_ns": {"$ref": "#/components/schemas/AtNs"}}})",
     .answer = kPoseAnswer,
     .act = delete_pose},
};

}  // namespace

std::span<const Route> camera_pose() { return kPoseRows; }

}  // namespace emulator::testbench::routes
