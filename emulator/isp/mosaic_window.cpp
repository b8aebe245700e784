#include "emulator/isp/mosaic_window.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace emulator::isp {
namespace {

constexpr int kRows = 5;
constexpr std::ptrdiff_t kMargin = 8;  // elements beside each half row

/// Two rows have nothing to be mirrored but each other.
int mirrored(int y, int height) {
    const int at = std::abs(y), last = height - 1;
    const int row = at > last ? 2 * last - at : at;
    return row < 0 ? row & 1 : row;
}

}  // namespace

MosaicWindow::MosaicWindow(MosaicRows mosaic, const WhiteBalance& balance, int black_dn, Span span,
                           const Stages& stages)
    : mosaic_(std::move(mosaic)),
      balance_(balance),
      black_dn_(black_dn),
      half_(mosaic_.width / 2),
      span_(span),
      stages_(stages),
      rows_(2 * std::size_t{kRows} * static_cast<std::size_t>(half_ + 2 * kMargin)) {}

Signal* MosaicWindow::even(int y) {
    const std::ptrdiff_t stride = half_ + 2 * kMargin;
    return rows_.data() + 2 * stride * (y % kRows) + kMargin;
}

Signal* MosaicWindow::odd(int y) { return even(y) + half_ + 2 * kMargin; }

void MosaicWindow::balance(int y, Signal* even, Signal* odd) const {
    const bool red_row = y % 2 == 0;
    stages_.balance(mosaic_.row(y), half_, black_dn_, red_row ? balance_.red_64 : balance_.green_64,
                    red_row ? balance_.green_64 : balance_.blue_64, span_, even, odd);
}

void MosaicWindow::balance_codes(int y, const std::uint16_t* table, std::uint16_t* codes) const {
    const bool red_row = y % 2 == 0;
    stages_.balance_codes(mosaic_.row(y), half_, black_dn_, red_row ? balance_.red_64 : balance_.green_64,
                          red_row ? balance_.green_64 : balance_.blue_64, span_, table, codes);
}

std::vector<Signal> MosaicWindow::all_balanced() const {
    std::vector<Signal> rows(2 * static_cast<std::size_t>(half_) * static_cast<std::size_t>(mosaic_.height));
    for (int y = 0; y < mosaic_.height; ++y) {
        Signal* row = rows.data() + static_cast<std::ptrdiff_t>(y) * 2 * half_;
        balance(y, row, row + half_);
    }
    return rows;
}

void MosaicWindow::balance_row(int y) {
    Signal *e = even(y), *o = odd(y);
    balance(y, e, o);
    e[-1] = e[1];
    o[-1] = o[0];
    e[half_] = e[half_ - 1];
    o[half_] = o[half_ - 2];
}

Neighbourhood MosaicWindow::around(int y) {
    for (; rows_done_ < std::min(y + 3, mosaic_.height); ++rows_done_) balance_row(rows_done_);
    Neighbourhood rows;
    for (int i = 0; i < kRows; ++i) {
        const int row = mirrored(y + i - 2, mosaic_.height);
        rows.even[i] = even(row);
        rows.odd[i] = odd(row);
    }
    return rows;
}

}  // namespace emulator::isp
