#include "lens_model/blur/transfer.h"

#include <cmath>
#include <numbers>

namespace lens_model {

namespace {

/// Contrast without the faint tail of diffraction, which falls with the cube of the distance and never ends.
///
/// The tail comes of the cusp that diffraction's contrast has at no frequency at all: it falls there in a
/// straight line. |ν| becomes ν erf(ν/ε), the cusp is round, and beyond a distance of 1/ε the tail falls like
/// a Gaussian. The light of it, about a percent, comes down nearer; above 2ε nothing changes.
double short_mtf(const Blur& blur, double lp_per_mm, double round_lp_per_mm) {
    const double diffracted = lp_per_mm * std::erf(lp_per_mm / round_lp_per_mm);
    return diffraction_mtf(blur.f_number, blur.wavelength_nm, diffracted) *
           disc_mtf(blur.disc_um, lp_per_mm) * gaussian_mtf(blur.sigma_um, lp_per_mm);
}

/// Contrast by spatial frequency in cycles per sample, at steps fine enough for straight lines between them.
class Curve {
  public:
    Curve(const ColourBlur& colour, int margin, double sample_pitch_um) {
        constexpr double kRound = 0.8;  // leaves 0.2 % of the tail where the margin ends
        const double lp_per_mm_of = 1 / (sample_pitch_um * 1e-3), round_lp = kRound / margin * lp_per_mm_of;
        values_.reserve(kSteps + 2);
        for (int i = 0; i <= kSteps + 1; ++i) {
            const double lp = i * kStep * lp_per_mm_of;
            double value = (1 - colour.infrared_share) * short_mtf(colour.visible, lp, round_lp);
            if (colour.infrared_share > 0) {
                value += colour.infrared_share * short_mtf(colour.infrared, lp, round_lp);
            }
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
                                       double field, const std::array<double, 3>& infrared_share,
                                       const scenes::light::Diffusion& diffusion) {
    const auto diffused = [](Blur blur, double sigma_um) {
        blur.sigma_um = std::hypot(blur.sigma_um, sigma_um);
        return blur;
    };
    std::array<ColourBlur, 3> result;
    for (std::size_t c = 0; c < 3; ++c) {
        const int channel = static_cast<int>(c);
        result[c] = {
            diffused(blur(constants, state, distance_m, field, channel), diffusion.visible_um[c]),
            diffused(blur(constants, state, distance_m, field, channel, true), diffusion.infrared_um),
            infrared_share[c]};
    }
    return result;
}

TransferTables::TransferTables(const std::array<ColourBlur, 3>& colours, int size, int folds, int margin,
                               double sample_pitch_um)
    : size_(size), folds_(folds) {
    const Curve red(colours[0], margin, sample_pitch_um), green(colours[1], margin, sample_pitch_um),
        blue(colours[2], margin, sample_pitch_um);
    const double scale =
        1.0 / size / size;  // the transform there and back multiplies by the number of points
    const auto count = static_cast<std::size_t>(size / 2 + 1) * static_cast<std::size_t>(size);
    for (auto* table : {&half_sum_, &half_difference_, &green_}) table->reserve(count);
    for (int ky = 0; ky <= size / 2; ++ky) {
        for (int kx = 0; kx <= size / 2; ++kx) {
            const double f = std::sqrt(static_cast<double>(kx * kx + ky * ky)) / size;
            const double r = red.at(f), b = blue.at(f);
            half_sum_.push_back(static_cast<float>(scale * (r + b) / 2));
            half_difference_.push_back(static_cast<float>(scale * (r - b) / 2));
            green_.push_back(static_cast<float>(scale * green.at(f)));
        }
        for (auto* table :
             {&half_sum_, &half_difference_, &green_})  // negative frequencies mirror the others
            for (int kx = size / 2 - 1; kx > 0; --kx)
                table->push_back((*table)[static_cast<std::size_t>(ky * size + kx)]);
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
