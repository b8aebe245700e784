#pragma once

#include <optional>

namespace scenes {

/// The settings that show a scene well. They are a suggestion: whoever starts a camera says whether it takes
/// them.
struct CameraHints {
    std::optional<double> zoom, focus, iris, exposure_us, gain_db;

    [[nodiscard]] CameraHints lens_alone() const {
        return {.zoom = zoom, .focus = focus, .iris = iris, .exposure_us = {}, .gain_db = {}};
    }
};

}  // namespace scenes
