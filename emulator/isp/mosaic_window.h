#pragma once

#include <array>
#include <vector>

#include "emulator/isp/kernels/stages.h"
#include "emulator/isp/white_balance.h"
#include "scenes/light/image.h"

namespace emulator::isp {

/// The five balanced rows around the one that is being made. Beyond the borders the picture is mirrored about
/// its outermost pixels, so that colours keep their places.
class MosaicWindow {
  public:
    /// Refers to `dn` and `stages`.
    MosaicWindow(const scenes::light::Image<std::uint16_t>& dn, const WhiteBalance&, int black_dn, Span,
                 const Stages& stages);

    /// Valid until the next call; `y` must not decrease.
    [[nodiscard]] Neighbourhood around(int y);

    /// All rows, each as its even columns and then its odd ones.
    [[nodiscard]] std::vector<Signal> all_balanced() const;

  private:
    [[nodiscard]] Signal* even(int y);
    [[nodiscard]] Signal* odd(int y);
    void balance_row(int y);
    void balance(int y, Signal* even, Signal* odd) const;

    const scenes::light::Image<std::uint16_t>& dn_;
    WhiteBalance balance_;
    int black_dn_, half_;
    Span span_;
    const Stages& stages_;
    std::vector<Signal> rows_;
    int rows_done_ = 0;
};

}  // namespace emulator::isp
