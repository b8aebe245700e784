#pragma once

#include <array>
#include <vector>

#include "lens_model/blur/blur.h"
#include "lens_model/kernels/tiles.h"

namespace lens_model {

/// Point spread function (PSF) of one colour, as its transform (MTF): visible light, and the infrared part of
/// its signal. Diffusion in the sensor is part of it.
struct ColourBlur {
    Blur visible, infrared;
    double infrared_share = 0;
    bool operator==(const ColourBlur&) const = default;
};
[[nodiscard]] std::array<ColourBlur, 3> colour_blurs(const Constants&, const State&, double distance_m,
                                                     double field,
                                                     const std::array<double, 3>& infrared_share,
                                                     const scenes::light::Diffusion&);

/// The transfer functions of a tile of `size`² samples of this pitch, which is averaged over `folds`²
/// samples. Light goes no farther than about `margin` samples.
class TransferTables {
  public:
    TransferTables(const std::array<ColourBlur, 3>&, int size, int folds, int margin, double sample_pitch_um);
    [[nodiscard]] Transfer transfer() const;

  private:
    int size_, folds_;
    std::vector<float> half_sum_, half_difference_, green_, box_re_, box_im_;
};

/// What transfer tables depend on.
struct TransferKey {
    std::array<ColourBlur, 3> colours;
    int size, folds, margin;
    double sample_pitch_um;
    bool operator==(const TransferKey&) const = default;

    [[nodiscard]] TransferTables tables() const { return {colours, size, folds, margin, sample_pitch_um}; }
};

}  // namespace lens_model
