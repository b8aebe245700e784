#include "emulator/auto/measurement.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "emulator/auto/regions.h"

namespace emulator::auto_functions {
namespace {

constexpr int kDrawnWidth = 1024, kDrawnHeight = 768;
constexpr int kTile_px = 192;
constexpr double kOffCentre = 0.6;  // of the picture: so far off the centre a tile counts a quarter

/// The whole of what is read out, or the client's rectangle.
Rect wanted_for_focus(const Settings& settings, const sensor_model::Region& read) {
    return settings.focus_region_enabled ? settings.focus_region
                                         : Rect{read.x, read.y, read.width, read.height};
}

/// The part that is drawn pixel by pixel: all of a small one, the middle of a large one.
Rect middle(const Settings& settings, const sensor_model::Region& read) {
    Rect drawn = auto_focus_part(wanted_for_focus(settings, read), read);
    const int beyond_x = std::max(0, drawn.width - kDrawnWidth) / 2,
              beyond_y = std::max(0, drawn.height - kDrawnHeight) / 2;
    drawn.x += beyond_x;
    drawn.y += beyond_y;
    drawn.width -= 2 * beyond_x;
    drawn.height -= 2 * beyond_y;
    return drawn;
}

struct Tile {
    Rect where;
    double weight;  // falls with the distance to the centre, to a fifth in the corners
};

std::vector<Tile> tiles(const Rect& whole) {
    const int columns = std::max(1, whole.width / kTile_px), rows = std::max(1, whole.height / kTile_px);
    std::vector<Tile> all;
    for (int row = 0; row < rows; ++row) {
        for (int column = 0; column < columns; ++column) {
            const int left = whole.width * column / columns & ~1, top = whole.height * row / rows & ~1;
            const int right = whole.width * (column + 1) / columns & ~1,
                      bottom = whole.height * (row + 1) / rows & ~1;
            const double x = (column + 0.5) / columns - 0.5, y = (row + 0.5) / rows - 0.5;
            const double off = kOffCentre + std::sqrt(x * x + y * y);
            all.push_back({{whole.x + left, whole.y + top, right - left, bottom - top},
                           kOffCentre * kOffCentre / (off * off)});
        }
    }
    return all;
}

/// What one tile shows, or that of most contrast and nearest to the centre, as much as it counts.
Sharpness sharpest(const std::vector<Tile>& all, int wanted, auto&& look) {
    if (wanted >= 0 && wanted < static_cast<int>(all.size())) {
        auto seen = look(all[static_cast<std::size_t>(wanted)].where);
        seen.tile = wanted;
        return seen;
    }
    Sharpness most{.fine = 0, .coarse = -1, .tile = kAllTiles};
    for (std::size_t i = 0; i < all.size(); ++i) {
        const auto [fine, coarse, none] = look(all[i].where);
        if (coarse * all[i].weight <= most.coarse) continue;
        most = {fine * all[i].weight, coarse * all[i].weight, static_cast<int>(i)};
    }
    return most;
}

}  // namespace

std::optional<StatisticsCounter> statistics_counter(const Questions& questions,
                                                    const emulator::Settings& settings, int image_width,
                                                    int image_height) {
    if (!questions.statistics) return std::nullopt;
    const auto& automatic = settings.automatic;
    const auto preset = automatic.region_enabled ? automatic.region_preset : RegionPreset::full;
    return StatisticsCounter(
        auto_functions_region(preset, automatic.region, image_width, image_height), image_width, image_height,
        static_cast<int>(std::lround(settings.exposure.black_level_dn)), settings.isp.white_balance);
}

std::optional<Sharpness> sharpness(const Questions& questions, const scenes::light::Image<std::uint16_t>& dn,
                                   const emulator::Settings& settings, const sensor_model::Region& read,
                                   const sensor_model::Chip& chip) {
    if (!questions.sharpness) return std::nullopt;
    const auto& automatic = settings.automatic;
    const int black_dn = static_cast<int>(std::lround(settings.exposure.black_level_dn));
    const auto look = [&](const Rect& on_sensor) {
        return sharpness(dn, auto_focus_region(on_sensor, read), black_dn,
                         noise(chip, settings.exposure.gain_db));
    };
    return automatic.focus_region_enabled
               ? look(automatic.focus_region)
               : sharpest(tiles(middle(automatic, read)), questions.focus_tile, look);
}

Measurement measure(const Questions& questions, const scenes::light::Image<std::uint16_t>& dn,
                    const emulator::Settings& settings, const sensor_model::Region& read,
                    const sensor_model::Chip& chip) {
    Measurement out{.statistics = {}, .sharpness = sharpness(questions, dn, settings, read, chip)};
    if (auto counter = statistics_counter(questions, settings, dn.width, dn.height)) {
        for (int y = 0; y < dn.height; ++y) counter->add(y, dn.row(y));
        out.statistics = counter->statistics();
    }
    return out;
}

Rect drawn_for_focus(const Settings& settings, const sensor_model::Region& read, int tile) {
    const Rect whole = middle(settings, read);
    if (settings.focus_region_enabled || tile < 0) return whole;
    const auto all = tiles(whole);
    return tile < static_cast<int>(all.size()) ? all[static_cast<std::size_t>(tile)].where : whole;
}

}  // namespace emulator::auto_functions
