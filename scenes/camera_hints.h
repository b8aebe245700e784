#pragma once

#include <optional>

namespace scenes {

/// Camera settings that a scene suggests. The user decides at start-up whether they are applied.
struct CameraHints {
    std::optional<double> zoom, focus, iris, exposure_us, gain_db;

    [[nodiscard]] CameraHints lens_alone() const {
        return {.zoom = zoom, .focus = focus, .iris = iris, .exposure_us = {}, .gain_db = {}};
    }
};

}  // namespace scenes
