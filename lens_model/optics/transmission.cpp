#include <algorithm>
#include <cmath>

#include "lens_model/data/glass.h"
#include "lens_model/lens.h"

namespace lens_model {

namespace {

/// A band-pass with logistic edges, which hold their level to one part in a few hundred.
double ir_cut(const Constants& c, double nm) {
    const double red_edge = 1 + std::exp((nm - c.ir_cut_red_edge_nm) / c.ir_cut_red_width_nm);
    const double blue_edge = 1 + std::exp(-(nm - c.ir_cut_blue_edge_nm) / c.ir_cut_blue_width_nm);
    return c.ir_cut_peak / red_edge / blue_edge + c.ir_cut_leak;
}

}  // namespace

/// A clear glass of the same thickness replaces the filter, so focus is unchanged. During the change the
/// frame between them shades the pupil.
scenes::light::Spectrum transmission(const Constants& constants, const State& state) {
    const double in = std::clamp(state.ir_cut_position, 0.0, 1.0);
    const double blade = 1 - constants.ir_cut_blade_shade * 4 * in * (1 - in);
    auto result = scenes::light::through(data::kGlass);
    for (int i = 0; i < scenes::light::kWavelengths; ++i) {
        result[i] *= blade * (1 - in + in * ir_cut(constants, scenes::light::wavelength_nm(i)));
    }
    return result;
}

}  // namespace lens_model
