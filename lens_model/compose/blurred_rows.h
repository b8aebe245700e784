#pragma once

#include <vector>

#include "lens_model/blur/blurred.h"

namespace lens_model {

/// Reads planes of a blurred layer row by row, in units, whatever the size of its cells.
class BlurredRows {
  public:
    explicit BlurredRows(const Blurred& blurred) : blurred_(blurred) {
        if (blurred.pitch == 1) return;
        for (int x = 0; x < blurred.part.width; ++x)
            columns_.push_back(between_cells(blurred.part.x + x, blurred.pitch, blurred.cells.x));
        cells_.resize(static_cast<std::size_t>(blurred.cells.width));
    }

    /// Row `y` of the part; `room` is where it is put, if it must be made.
    const float* row(const scenes::light::Image<float>& plane, int y, std::vector<float>& room) {
        if (blurred_.pitch == 1) return plane.row(y);
        const Between between = between_cells(blurred_.part.y + y, blurred_.pitch, blurred_.cells.y);
        const float* const upper = plane.row(between.below);
        const float* const lower = upper + plane.width;
        for (std::size_t i = 0; i < cells_.size(); ++i)
            cells_[i] = upper[i] + between.share * (lower[i] - upper[i]);
        room.resize(columns_.size());
        for (std::size_t x = 0; x < room.size(); ++x) {
            const float* const cell = cells_.data() + columns_[x].below;
            room[x] = cell[0] + columns_[x].share * (cell[1] - cell[0]);
        }
        return room.data();
    }

  private:
    const Blurred& blurred_;
    std::vector<Between> columns_;
    std::vector<float> cells_;
};

}  // namespace lens_model
