#include "emulator/isp/regional_colour.h"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <utility>

namespace emulator::isp {
namespace {

constexpr int kReachMost = 16;           // quads
constexpr double kNoise = 0.045;         // of the variance of a sample, at most
constexpr double kShare[3] = {4, 2, 4};  // pixels for each sample of a colour
constexpr int kFractionBits = 4;

/// What the mean colour of a square adds to the variance of a sample, which is itself in the square.
double added_variance(const std::int64_t (&change)[3][3], int colour, double side_px) {
    double sum = 0;
    for (int from = 0; from < 3; ++from) {
        const double part = static_cast<double>(change[colour][from]) / kMatrixUnit;
        sum += (part * part + (from == colour ? 2 * part : 0)) * kShare[from] / (side_px * side_px);
    }
    return sum;
}

int reach_for(const std::int64_t (&change)[3][3]) {
    int reach = 2;
    for (int colour = 0; colour < 3; ++colour)
        while (reach < kReachMost && added_variance(change, colour, 4 * reach) > kNoise) reach *= 2;
    return reach;
}

}  // namespace

RegionalColour::RegionalColour(std::vector<Signal> halves, int width, int height, const Matrix& matrix)
    : halves_(std::move(halves)), half_(width / 2), quad_rows_(height / 2) {
    for (int i = 0; i < 9; ++i) change_[i / 3][i % 3] = matrix.factor[i] - (i % 4 == 0 ? kMatrixUnit : 0);
    reach_ = reach_for(change_);
    for (auto& sums : columns_) sums.assign(static_cast<std::size_t>(half_), 0);
    for (auto& means : mean_dn_16_) means.assign(static_cast<std::size_t>(half_), 0);
    for (int k = -reach_; k < reach_; ++k) add(k, 1), add(k + 1, 1);
    go_to(0);
}

/// A row of quads into the sums of all columns, or out of them.
void RegionalColour::add(int quad_row, int sign) {
    const auto row = static_cast<std::size_t>(std::clamp(quad_row, 0, quad_rows_ - 1));
    const auto half = static_cast<std::size_t>(half_);
    const Signal* upper = halves_.data() + 4 * half * row;
    const Signal* lower = upper + 2 * half;
    std::int32_t *red = columns_[0].data(), *green = columns_[1].data(), *blue = columns_[2].data();
    for (std::size_t i = 0; i < half; ++i) {
        red[i] += sign * upper[i];
        green[i] += sign * (upper[half + i] + lower[i]);
        blue[i] += sign * lower[half + i];
    }
}

void RegionalColour::go_to(int quad_row) {
    for (; at_ < quad_row; ++at_) {
        add(at_ - reach_, -1), add(at_ - reach_ + 1, -1);
        add(at_ + reach_, 1), add(at_ + reach_ + 1, 1);
    }
    const int bits = std::countr_zero(16U * static_cast<unsigned>(reach_ * reach_));  // of all weights
    for (int colour = 0; colour < 3; ++colour) {
        const int shift = bits + (colour == 1) - kFractionBits;
        const auto column = [&](int i) {
            return std::int64_t{columns_[colour][static_cast<std::size_t>(std::clamp(i, 0, half_ - 1))]};
        };
        std::int64_t sum = 0;
        for (int k = -reach_; k < reach_; ++k) sum += column(k) + column(k + 1);
        for (int i = 0; i < half_; ++i) {
            mean_dn_16_[colour][static_cast<std::size_t>(i)] =
                static_cast<std::int32_t>((sum + (std::int64_t{1} << shift >> 1)) >> shift);
            sum += column(i + reach_) + column(i + reach_ + 1) - column(i - reach_) - column(i - reach_ + 1);
        }
    }
}

void RegionalColour::row(int y, Span span, Signal* even, Signal* odd) {
    if (y % 2 == 0 && y > 0) go_to(y / 2);
    constexpr int kBits = kMatrixBits + kFractionBits;
    const Signal* own = halves_.data() + static_cast<std::ptrdiff_t>(y) * 2 * half_;
    const auto move = [&](const Signal* from, const std::int64_t(&change)[3], Signal* to) {
        for (int i = 0; i < half_; ++i) {
            const auto at = static_cast<std::size_t>(i);
            const std::int64_t by = change[0] * mean_dn_16_[0][at] + change[1] * mean_dn_16_[1][at] +
                                    change[2] * mean_dn_16_[2][at];
            to[i] = static_cast<Signal>(std::clamp<std::int64_t>(
                from[i] + ((by + (1 << (kBits - 1))) >> kBits), span.lowest, span.highest));
        }
    };
    move(own, change_[y % 2 == 0 ? 0 : 1], even);
    move(own + half_, change_[y % 2 == 0 ? 1 : 2], odd);
}

}  // namespace emulator::isp
