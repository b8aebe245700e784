#include "emulator/testbench/scene_in_force.h"

#include <algorithm>

namespace emulator::testbench {
namespace {

using scenes::targets::Picture;

/// The file that an item's picture is read from; nothing if there is no such picture.
std::optional<nlohmann::json> file_of(const Scene& scene, const std::string& item) {
    const auto found = std::ranges::find(scene.world->items, item, &scenes::Item::name);
    if (found == scene.world->items.end() || !std::holds_alternative<Picture>(found->target))
        return std::nullopt;
    const auto index = static_cast<std::size_t>(found - scene.world->items.begin());
    return scene.file->content.at("items").at(index).value("file", nlohmann::json());
}

void show_fed(Scene& scene) {
    if (scene.fed.empty()) return;
    auto world = *scene.world;
    for (auto& item : world.items) {
        const auto fed = scene.fed.find(item.name);
        if (fed == scene.fed.end()) continue;
        auto& picture = std::get<Picture>(item.target);
        picture.frames = fed->second;
        item.height_m = picture.height_m();
    }
    scene.world = std::make_shared<const scenes::World>(std::move(world));
}

/// What is fed to one scene goes on in the next, unless the item's file is another there.
void carry_fed(const Scene& from, Scene& to) {
    to.fed = from.fed;
    std::erase_if(to.fed, [&](const auto& fed) {
        const auto file = file_of(to, fed.first);
        return !file || file != file_of(from, fed.first);
    });
    show_fed(to);
}

/// From now on only pictures that the scene already shows, and files beside it, may be named.
void confine(Scene& scene) {
    auto file = *scene.file;
    file.pictures.elsewhere = false;
    for (const auto& item : scene.world->items) {
        const auto name = file_of(scene, item.name);
        if (name && name->is_string()) file.pictures.uploaded[*name] = std::get<Picture>(item.target).frames;
    }
    scene.file = std::make_shared<const scenes::SceneFile>(std::move(file));
}

/// The camera stands at its own pose, or at that of the file.
void place_camera(Scene& scene) {
    const auto pose = scene.camera_pose.value_or(camera_pose_of(*scene.file));
    if (scene.world->camera_pose == pose) return;
    auto world = *scene.world;
    world.camera_pose = pose;
    scene.world = std::make_shared<const scenes::World>(std::move(world));
}

Scene edited(const Scene& before, const SceneChange& change) {
    if (change.pose) {
        auto scene = before;
        scene.camera_pose = change.pose->camera_pose;
        place_camera(scene);
        return scene;
    }
    auto file = *before.file;
    change.edit(file);
    auto scene = make_scene(std::move(file));
    scene.camera_pose = before.camera_pose;
    place_camera(scene);
    if (!change.replaces) carry_fed(before, scene);
    return scene;
}

}  // namespace

scenes::Motion camera_pose_of(const scenes::SceneFile& file) {
    const auto pose = file.content.find("camera_pose");
    return pose == file.content.end() ? scenes::Motion{} : scenes::read_camera_pose(*pose, file.source);
}

Scene make_scene(scenes::SceneFile file) {
    auto world = std::make_shared<const scenes::World>(scenes::make_world(file));
    return {std::make_shared<const scenes::SceneFile>(std::move(file)), {}, {}, std::move(world)};
}

std::shared_ptr<const scenes::World> without_pixels(const std::shared_ptr<const scenes::World>& world) {
    const auto is_picture = [](const auto& item) { return std::holds_alternative<Picture>(item.target); };
    if (!world || std::ranges::none_of(world->items, is_picture)) return world;
    auto bare = *world;
    for (auto& item : bare.items)
        if (auto* picture = std::get_if<Picture>(&item.target)) picture->frames = Picture::black();
    return std::make_shared<const scenes::World>(std::move(bare));
}

ScenePlan changed(ScenePlan plan, SceneChange change) {
    auto place = plan.later.begin();
    const bool now = !change.at;
    if (now) {
        plan.now = edited(plan.now, change);
        plan.replaced = plan.replaced || change.replaces;
        if (change.replaces || change.pose)
            std::erase_if(plan.later, [&](const auto& planned) {
                return planned.change.pose.has_value() == change.pose.has_value();
            });
    } else {
        if (plan.later.size() == kPlannedMost)
            throw scenes::ConfigError(
                "body", "at_ns",
                "so many changes are planned already: " + std::to_string(kPlannedMost) + ".");
        place = std::upper_bound(plan.later.begin(), plan.later.end(), *change.at,
                                 [](Time at, const auto& planned) { return at < *planned.change.at; });
        const auto& before = place == plan.later.begin() ? plan.now : std::prev(place)->scene;
        auto scene = edited(before, change);
        place = std::next(plan.later.insert(place, {std::move(change), std::move(scene)}));
    }
    for (place = now ? plan.later.begin() : place; place != plan.later.end(); ++place) {
        const auto& before = place == plan.later.begin() ? plan.now : std::prev(place)->scene;
        try {
            place->scene = edited(before, place->change);
        } catch (const scenes::ConfigError& error) {
            throw scenes::ConfigError(error.file, error.key,
                                      "a change that is planned for later would not fit: " + error.sentence);
        }
    }
    return plan;
}

SceneInForce::SceneInForce(Camera& camera, sim::Scheduler& scheduler, Scene start)
    : camera_(camera), scheduler_(scheduler), plan_{.now = std::move(start)} {
    confine(plan_.now);
    show();
}

void SceneInForce::show() {
    camera_.show(plan_.now.world, scheduler_.now());
    for (const auto& planned : plan_.later) camera_.show(planned.scene.world, *planned.change.at);
    if (due_) scheduler_.cancel(*due_);
    due_.reset();
    if (plan_.later.empty()) return;
    due_ = scheduler_.at(*plan_.later.front().change.at, [this] {
        due_.reset();
        advance();
    });
}

void SceneInForce::advance() {
    ++plan_.revision;
    plan_.now = std::move(plan_.later.front().scene);
    plan_.later.pop_front();
    show();
}

bool SceneInForce::take(ScenePlan plan) {
    if (plan.revision != plan_.revision) return false;
    // Pictures were perhaps fed meanwhile.
    if (!plan.replaced) carry_fed(plan_.now, plan.now);
    const auto* before = &plan.now;
    for (auto& planned : plan.later) {
        if (!planned.change.replaces) carry_fed(*before, planned.scene);
        before = &planned.scene;
    }
    plan_ = std::move(plan);
    plan_.replaced = false;
    ++plan_.revision;
    show();
    return true;
}

bool SceneInForce::feed(const std::string& item, Picture::Frames frames) {
    if (!file_of(plan_.now, item)) return false;
    plan_.now.fed[item] = std::move(frames);
    show_fed(plan_.now);
    const auto* before = &plan_.now;
    for (auto& planned : plan_.later) {
        if (planned.change.replaces) break;
        carry_fed(*before, planned.scene);
        before = &planned.scene;
    }
    show();
    return true;
}

}  // namespace emulator::testbench
