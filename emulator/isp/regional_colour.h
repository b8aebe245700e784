#pragma once

#include <cstdint>
#include <vector>

#include "emulator/isp/kernels/stages.h"
#include "scenes/light/image.h"

namespace emulator::isp {

/// What hue and saturation do to a mosaic: every sample keeps its own detail, and is moved by what the matrix
/// does to the mean colour around it. So neither the contrast of grey detail nor noise grows with saturation.
///
/// The means are over a square of 8 to 64 pixels a side whose edges count half: the smallest in which the
/// colour's noise adds less than 5 % to the variance of a sample. They suppress a pattern of a quarter of a
/// cycle per pixel. Beyond the borders the outermost samples go on.
class RegionalColour {
  public:
    /// `halves` holds the balanced signals of all rows, each as its even columns and then its odd ones.
    RegionalColour(std::vector<Signal> halves, int width, int height, const Matrix&);

    /// One row of the mosaic, moved; `y` must not decrease.
    void row(int y, Span, Signal* even, Signal* odd);

    /// The side of the square, in pixels.
    [[nodiscard]] int side_px() const { return 4 * reach_; }

  private:
    void add(int quad_row, int sign);
    void go_to(int quad_row);

    std::vector<Signal> halves_;
    int half_, quad_rows_;
    std::int64_t change_[3][3];  // the matrix less the identity
    int reach_;                  // quads to each side
    int at_ = 0;
    std::vector<std::int32_t> columns_[3];     // sums over rows of quads: red, both greens, blue
    std::vector<std::int32_t> mean_dn_16_[3];  // of this row of quads, in 1/16
};

}  // namespace emulator::isp
