#include "emulator/testbench/routes/scene_change.h"

#include "emulator/testbench/routes/begin.h"

namespace emulator::testbench::routes {
namespace {

/// How often a scene is made anew because others changed it meanwhile.
constexpr int kAttempts = 16;

}  // namespace

SceneMoment scene_moment(Bench& bench) {
    SceneMoment now{bench.scene().plan(), bench.ticks(bench.now()), {}};
    for (const auto& later : now.plan.later) now.planned_ns.push_back(bench.ticks(*later.change.at));
    return now;
}

SceneMoment change_scene(Call& call, const nlohmann::json& when, SceneChange change) {
    for (int attempt = 0; attempt < kAttempts; ++attempt) {
        auto plan = call.on_camera([&](Bench& bench) {
            if (when.contains("at_ns")) change.at = begin_of(when, bench);
            return bench.scene().plan();
        });
        plan = changed(std::move(plan), change);
        auto now = call.on_camera([&](Bench& bench) -> std::optional<SceneMoment> {
            if (change.at && *change.at < bench.now())
                throw Problem(kConflict, "at_ns", "this time was past before the scene was made.");
            if (!bench.scene().take(std::move(plan))) return std::nullopt;
            return scene_moment(bench);
        });
        if (now) return std::move(*now);
    }
    throw Problem(kConflict, "", "The scene was changed by others all the time.");
}

}  // namespace emulator::testbench::routes
