#pragma once

#include <optional>

#include "emulator/auto/sharpness.h"
#include "emulator/auto/statistics.h"
#include "emulator/settings.h"
#include "sensor_model/region.h"

namespace emulator::auto_functions {

/// What the auto functions want to know of a frame. What nobody asks costs nothing.
struct Questions {
    bool statistics = false, sharpness = false;
    int focus_tile = kAllTiles;  // to look at; all: which of them has most contrast is asked, too
    bool focus_runs = false;     // the picture may be a draft, except where sharpness is asked for
    [[nodiscard]] bool any() const { return statistics || sharpness || focus_runs; }
};

/// What a frame answers.
struct Measurement {
    std::optional<Statistics> statistics;
    std::optional<Sharpness> sharpness;
};

/// Looks where the settings say that the auto functions look.
[[nodiscard]] Measurement measure(const Questions&, const scenes::light::Image<std::uint16_t>& dn12_rggb,
                                  const emulator::Settings&, const sensor_model::Region& read_out,
                                  const sensor_model::Chip&);

/// The part of the sensor that autofocus looks at, which must be drawn as it is while the lens moves. Of a
/// large part it is the middle; the rest counts as the draft shows it.
[[nodiscard]] Rect drawn_for_focus(const Settings&, const sensor_model::Region& read_out,
                                   int tile = kAllTiles);

}  // namespace emulator::auto_functions
