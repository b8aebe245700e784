#include "emulator/auto/measurement.h"

#include <algorithm>
#include <cmath>

#include "emulator/auto/regions.h"

namespace emulator::automatics {
namespace {

constexpr int kDrawnWidth = 1024, kDrawnHeight = 768;

/// The whole of what is read out, or the client's rectangle.
Rect wanted_for_focus(const Settings& settings, const sensor_model::Region& read) {
    return settings.focus_region_enabled ? settings.focus_region
                                         : Rect{read.x, read.y, read.width, read.height};
}

}  // namespace

Measurement measure(const Questions& questions, const scenes::light::Image<std::uint16_t>& dn,
                    const emulator::Settings& settings, const sensor_model::Region& read,
                    const sensor_model::Chip& chip) {
    const auto& automatic = settings.automatic;
    const int black_dn = static_cast<int>(std::lround(settings.exposure.black_level_dn));
    Measurement out;
    if (questions.statistics) {
        const auto preset = automatic.region_enabled ? automatic.region_preset : RegionPreset::full;
        out.statistics = measure(dn, auto_functions_region(preset, automatic.region, dn.width, dn.height),
                                 black_dn, settings.isp.white_balance);
    }
    if (questions.sharpness) {
        out.sharpness = sharpness(dn, auto_focus_region(wanted_for_focus(automatic, read), read), black_dn,
                                  noise(chip, settings.exposure.gain_db));
    }
    return out;
}

Rect drawn_for_focus(const Settings& settings, const sensor_model::Region& read) {
    Rect drawn = auto_focus_part(wanted_for_focus(settings, read), read);
    const int beyond_x = std::max(0, drawn.width - kDrawnWidth) / 2,
              beyond_y = std::max(0, drawn.height - kDrawnHeight) / 2;
    drawn.x += beyond_x;
    drawn.y += beyond_y;
    drawn.width -= 2 * beyond_x;
    drawn.height -= 2 * beyond_y;
    return drawn;
}

}  // namespace emulator::automatics
