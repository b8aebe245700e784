#pragma once

#include <optional>

#include "emulator/auto/sharpness.h"
#include "emulator/auto/statistics.h"
#include "emulator/settings.h"
#include "sensor_model/region.h"

namespace emulator::auto_functions {

/// Measurements that the auto functions request of a frame. Others cost nothing.
struct Questions {
    bool statistics = false, sharpness = false;
    int focus_tile = kAllTiles;  // to look at; all: which of them has most contrast is asked, too
    bool focus_runs = false;     // the picture may be a draft, except where sharpness is asked for
    [[nodiscard]] bool any() const { return statistics || sharpness || focus_runs; }
};

/// Result of the requested measurements.
struct Measurement {
    std::optional<Statistics> statistics;
    std::optional<Sharpness> sharpness;
};

/// Measures in the regions of AutoFunctionsROI and AutoFocusROI.
[[nodiscard]] Measurement measure(const Questions&, const scenes::light::Image<std::uint16_t>& dn12_rggb,
                                  const emulator::Settings&, const sensor_model::Region& read_out,
                                  const sensor_model::Chip&);

/// The part of the sensor that autofocus looks at, which must be drawn as it is while the lens moves. Of a
/// large part it is the middle; the rest counts as the draft shows it.
[[nodiscard]] Rect drawn_for_focus(const Settings&, const sensor_model::Region& read_out,
                                   int tile = kAllTiles);

}  // namespace emulator::auto_functions
