#pragma once

#include <deque>
#include <functional>

#include "emulator/camera/camera.h"
#include "scenes/load/scene_file.h"

namespace emulator::testbench {

/// A scene as JSON, and the world made of it.
struct Scene {
    std::shared_ptr<const scenes::SceneFile> file{};
    std::map<std::string, scenes::targets::Picture::Frames> fed{};  // shown by a picture, by its name
    std::optional<scenes::Motion> camera_pose{};  // in place of that of the file: this camera's own
    std::shared_ptr<const scenes::World> world{};
};

/// Where the file puts the camera.
[[nodiscard]] scenes::Motion camera_pose_of(const scenes::SceneFile&);

/// Throws scenes::ConfigError.
[[nodiscard]] Scene make_scene(scenes::SceneFile);

/// The same world, whose pictures are single texels: items stand where they do, and it takes little memory.
[[nodiscard]] std::shared_ptr<const scenes::World> without_pixels(
    const std::shared_ptr<const scenes::World>&);

/// A change of the camera's own pose; nothing: that of the scene's file again.
struct PoseChange {
    std::optional<scenes::Motion> camera_pose;
};

/// A change of the scene, or of the camera's own pose, which outlives scenes.
struct SceneChange {
    std::optional<Time> at{};  // of the oscillator; else at once
    std::optional<PoseChange> pose{};
    /// Without a pose: edits the scene's content, or puts another scene in its place. Throws
    /// scenes::ConfigError.
    std::function<void(scenes::SceneFile&)> edit{};
    bool replaces = false;  // the whole scene: fed pictures end
};

/// The scene that is there, and those that planned changes will make of it.
struct ScenePlan {
    struct Planned {
        SceneChange change;
        Scene scene;
    };
    std::uint64_t revision = 0;  // counts changes
    Scene now{};
    std::deque<Planned> later{};  // by time
    bool replaced = false;        // `now` is another scene
};
inline constexpr std::size_t kPlannedMost = 64;

/// The plan after a change, which may be earlier than others. A whole scene at once ends all planned changes
/// of the scene, a pose at once those of the pose.
/// Throws scenes::ConfigError if the change, or a later one after it, makes no scene, or if there are too
/// many.
[[nodiscard]] ScenePlan changed(ScenePlan, SceneChange);

/// Scene in force: what stands before the camera, and what is planned.
class SceneInForce {
  public:
    SceneInForce(Camera&, sim::Scheduler&, Scene start);

    [[nodiscard]] const ScenePlan& plan() const { return plan_; }
    /// False, and nothing happens, if the scene has changed since this plan was copied.
    [[nodiscard]] bool take(ScenePlan);
    /// A picture shows this from the next exposure on, until its file or the scene changes. False if there is
    /// no picture of this name.
    [[nodiscard]] bool feed(const std::string& item, scenes::targets::Picture::Frames);

  private:
    void advance();
    void show();

    Camera& camera_;
    sim::Scheduler& scheduler_;
    ScenePlan plan_;
    std::optional<sim::Scheduler::Ticket> due_;
};

}  // namespace emulator::testbench
