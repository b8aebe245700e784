#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "emulator/testbench/truth/instance_image.h"

namespace emulator::testbench {

/// A mask as COCO's run-length encoding: pixels column by column, a run of zeros first.
struct CocoRle {
    int height = 0, width = 0;
    std::vector<std::uint32_t> counts;
    [[nodiscard]] std::uint64_t area_px() const;
    /// x, y, width, height of the pixels that are set; all 0 if none is.
    [[nodiscard]] std::array<int, 4> box() const;
    /// The counts as COCO packs them into text: each less the one two before it from the fourth on, in groups
    /// of five bits, lowest first, the sixth bit for another group to come, plus 48.
    [[nodiscard]] std::string packed() const;
};

/// The mask of every item, with what is fixed to it, as far as it is visible.
[[nodiscard]] std::vector<CocoRle> masks(const InstanceImage&, const scenes::Snapshot&);

}  // namespace emulator::testbench
