#include "lens_model/transfer.h"

#include <cmath>
#include <numbers>

namespace lens_model {

namespace {

/// Contrast by spatial frequency in cycles per sample, at steps fine enough for straight lines between them.
class Curve {
  public:
    Curve(const ColourBlur& colour, double sample_pitch_um) {
        values_.reserve(kSteps + 2);
        for (int i = 0; i <= kSteps + 1; ++i) {
            const double lp_per_mm = i * kStep / (sample_pitch_um * 1e-3);
            double value = (1 - colour.infrared_share) * mtf(colour.visible, lp_per_mm);
            if (colour.infrared_share > 0) value += colour.infrared_share * mtf(colour.infrared, lp_per_mm);
            values_.push_back(value);
        }
    }
    [[nodiscard]] double at(double cycles_per_sample) const {
        const double place = cycles_per_sample / kStep;
        const auto i = static_cast<std::size_t>(place);
        return values_[i] + (place - static_cast<double>(i)) * (values_[i + 1] - values_[i]);
    }

  private:
    static constexpr double kStep = 1.0 / 2048;
    static constexpr int kSteps = 1449;  // to the corner of the spectrum, √½ cycles per sample
    std::vector<double> values_;
};

}  // namespace

std::array<ColourBlur, 3> colour_blurs(const Constants& constants, const State& state, double distance_m,
                                       double field, const std::array<double, 3>& infrared_share) {
    std::array<ColourBlur, 3> result;
    for (int c = 0; c < 3; ++c) {
        const double share = infrared_share[static_cast<std::size_t>(c)];
        result[static_cast<std::size_t>(c)] = {blur(constants, state, distance_m, field, c),
                                               blur(constants, state, distance_m, field, c, true), share};
    }
    return result;
}

TransferTables::TransferTables(const std::array<ColourBlur, 3>& colours, int size, int folds,
                               double sample_pitch_um)
    : size_(size), folds_(folds) {
    const Curve red(colours[0], sample_pitch_um), green(colours[1], sample_pitch_um),
        blue(colours[2], sample_pitch_um);
    const double scale =
        1.0 / size / size;  // the transform there and back multiplies by the number of points
    const auto count = static_cast<std::size_t>(size / 2 + 1) * static_cast<std::size_t>(size);
    for (auto* table : {&half_sum_, &half_difference_, &green_}) table->reserve(count);
    for (int ky = 0; ky <= size / 2; ++ky) {
        for (int kx = 0; kx < size; ++kx) {
            const int x = kx <= size / 2 ? kx : size - kx;
            const double f = std::sqrt(static_cast<double>(x * x + ky * ky)) / size;
            const double r = red.at(f), b = blue.at(f);
            half_sum_.push_back(static_cast<float>(scale * (r + b) / 2));
            half_difference_.push_back(static_cast<float>(scale * (r - b) / 2));
            green_.push_back(static_cast<float>(scale * green.at(f)));
        }
    }
    for (int k = 0; k < size; ++k) {
        double re = 0, im = 0;
        for (int j = 0; j < folds; ++j) {
            re += std::cos(2 * std::numbers::pi * k * j / size) / folds;
            im += std::sin(2 * std::numbers::pi * k * j / size) / folds;
        }
        box_re_.push_back(static_cast<float>(re));
        box_im_.push_back(static_cast<float>(im));
    }
}

Transfer TransferTables::transfer() const {
    return {size_,         folds_,         half_sum_.data(), half_difference_.data(),
            green_.data(), box_re_.data(), box_im_.data()};
}

}  // namespace lens_model
