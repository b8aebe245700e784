#pragma once

#include "emulator/testbench/bench.h"
#include "emulator/testbench/http/route.h"

namespace emulator::testbench::routes {

/// The scene in force at a time of the camera's clock. Copies share what is large.
struct SceneMoment {
    ScenePlan plan;
    std::uint64_t time_ns = 0;
    std::vector<std::uint64_t> planned_ns;  // of each planned change
};
[[nodiscard]] SceneMoment scene_moment(Bench&);

/// Makes a change, at `at_ns` if `when` has it. The world is made on this thread, and put in force if nobody
/// has changed it meanwhile. Throws Problem and scenes::ConfigError.
[[nodiscard]] SceneMoment change_scene(Call&, const nlohmann::json& when, SceneChange);

}  // namespace emulator::testbench::routes
