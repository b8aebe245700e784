#pragma once

#include <array>
#include <vector>

#include "emulator/isp/kernels/stages.h"
#include "emulator/isp/mosaic_rows.h"
#include "emulator/isp/white_balance.h"

namespace emulator::isp {

/// The five balanced rows around the one that is being made. Beyond the borders the picture is mirrored about
/// its outermost pixels, so that colours keep their places.
class MosaicWindow {
  public:
    /// Refers to `stages`. Of the three functions below only one is used, as each row can be had once.
    MosaicWindow(MosaicRows, const WhiteBalance&, int black_dn, Span, const Stages& stages);

    /// Valid until the next call; `y` must not decrease.
    [[nodiscard]] Neighbourhood around(int y);
    /// The row alone, as codes, which have passed the table if there is one.
    void balance_codes(int y, const std::uint16_t* table, std::uint16_t* codes) const;
    /// All rows, each as its even columns and then its odd ones.
    [[nodiscard]] std::vector<Signal> all_balanced() const;

  private:
    [[nodiscard]] Signal* even(int y);
    [[nodiscard]] Signal* odd(int y);
    void balance_row(int y);
    void balance(int y, Signal* even, Signal* odd) const;

    MosaicRows mosaic_;
    WhiteBalance balance_;
    int black_dn_, half_;
    Span span_;
    const Stages& stages_;
    std::vector<Signal> rows_;
    int rows_done_ = 0;
};

}  // namespace emulator::isp
