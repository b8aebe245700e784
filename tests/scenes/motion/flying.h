#pragma once

#include "tests/scenes/scene_support.h"

namespace scenes::testing {

/// A white square that moves in front of a black background.
inline World flying(const std::string& velocity, const std::string& more = "") {
    return scene_of(R"({"light": {"spectrum": "D65"}, "background": {"reflectance": 0, "distance_m": 2},
        "items": [{"name": "square", "kind": "uniform", "reflectance": 1, "size_m": [0.05, 0.05],
                   "position_m": [0, 0.01, 2], "velocity_m_s": )" +
                    velocity + more + "}]}");
}

inline light::Mosaic still_of(const World& world, const light::View& view) {
    return mosaic_of(render_still(world, view, response(), 0, Raster{{0, 0, 2048, 1536}, 0, 1}));
}

/// Reach of the blur of a lens in focus.
inline double barely_blurred(double) { return 4; }

}  // namespace scenes::testing
