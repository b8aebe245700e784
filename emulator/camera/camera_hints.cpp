#include "emulator/camera/camera_hints.h"

#include <cmath>

namespace emulator {

void apply(const scenes::CameraHints& hints, Settings& settings) {
    const auto steps = [](const std::optional<double>& hint, std::int64_t& to) {
        if (hint) to = std::llround(*hint);
    };
    steps(hints.zoom, settings.lens.zoom);
    steps(hints.focus, settings.lens.focus);
    steps(hints.iris, settings.lens.iris);
    if (!hints.exposure_us && !hints.gain_db) return;
    settings.exposure.time_us = hints.exposure_us.value_or(settings.exposure.time_us);
    settings.exposure.gain_db = hints.gain_db.value_or(settings.exposure.gain_db);
    settings.automatic.exposure.exposure = settings.automatic.exposure.gain = false;
}

}  // namespace emulator
