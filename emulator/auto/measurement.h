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
    int focus_tile = kAllTiles;  // tile to measure; kAllTiles: find the one of most contrast
    bool focus_runs = false;     // draft quality suffices outside the region of sharpness
    [[nodiscard]] bool any() const { return statistics || sharpness || focus_runs; }
};

/// Result of the requested measurements.
struct Measurement {
    std::optional<Statistics> statistics;
    std::optional<Sharpness> sharpness;
};

/// What makes the statistics of a frame, row by row, in the region of AutoFunctionsROI; nothing if they are
/// not asked for.
[[nodiscard]] std::optional<StatisticsCounter> statistics_counter(const Questions&, const emulator::Settings&,
                                                                  int image_width, int image_height);

/// In the region of AutoFocusROI, if it is asked for; only this needs the whole image.
[[nodiscard]] std::optional<Sharpness> sharpness(const Questions&,
                                                 const scenes::light::Image<std::uint16_t>& dn12_rggb,
                                                 const emulator::Settings&,
                                                 const sensor_model::Region& read_out,
                                                 const sensor_model::Chip&);

/// Both of a whole image.
[[nodiscard]] Measurement measure(const Questions&, const scenes::light::Image<std::uint16_t>& dn12_rggb,
                                  const emulator::Settings&, const sensor_model::Region& read_out,
                                  const sensor_model::Chip&);

/// The part of the autofocus region that needs full quality while the lens moves: its middle if it is large;
/// the rest is measured in the draft.
[[nodiscard]] Rect drawn_for_focus(const Settings&, const sensor_model::Region& read_out,
                                   int tile = kAllTiles);

}  // namespace emulator::auto_functions
