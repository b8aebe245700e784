#include "lens_model/blur/matched_gaussian.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "lens_model/lens.h"

namespace lens_model {

namespace {

using std::numbers::pi;

/// A Gaussian of half a sample is the narrowest that leaves less than 1 % of what the grid of samples adds.
constexpr double kSigmaLeast_samples = 0.5;
constexpr int kLargest_px = 1 << 16;  // no distance needs larger ones

/// The contrast that the area of a square leaves.
double area_mtf(double cycles_per_side) {
    const double phase = pi * cycles_per_side;
    return phase > 0 ? std::sin(phase) / phase : 1;
}

double mtf(const Blur& blur, double lp_per_mm) {
    return diffraction_mtf(blur.f_number, blur.wavelength_nm, lp_per_mm) * disc_mtf(blur.disc_um, lp_per_mm) *
           gaussian_mtf(blur.sigma_um, lp_per_mm);
}

double mtf(const ColourBlur& colour, double cycles_per_px) {
    const double lp_per_mm = cycles_per_px / (kPixelPitch_um * 1e-3);
    const double lens = (1 - colour.infrared_share) * mtf(colour.visible, lp_per_mm) +
                        colour.infrared_share * mtf(colour.infrared, lp_per_mm);
    return area_mtf(cycles_per_px) * lens;
}

}  // namespace

double mtf50(const ColourBlur& colour) {
    constexpr int kSteps = 10;  // to 0.1 % of the result
    // Of a Gaussian, it is where the phase 2π f σ is √(2 ln 2).
    const double sigma_px =
        std::hypot(equivalent_sigma_um(colour.visible) / kPixelPitch_um, std::sqrt(1.0 / 12));
    const double guess = std::sqrt(2 * std::log(2.0)) / (2 * pi * sigma_px);
    double low = 0, high = 2 * guess;
    while (mtf(colour, high) > 0.5) high *= 2;
    for (int step = 0; step < kSteps; ++step) {
        const double middle = 0.5 * (low + high);
        (mtf(colour, middle) > 0.5 ? low : high) = middle;
    }
    return 0.5 * (low + high);
}

double matched_sigma_samples(double mtf50_cycles_per_px, double sample_px) {
    const double cycles = mtf50_cycles_per_px * sample_px;
    const double wanted = 0.5 / std::max(0.5, area_mtf(std::min(cycles, 0.6)));
    const double sigma = std::sqrt(-2 * std::log(wanted)) / (2 * pi * cycles);
    return std::max(kSigmaLeast_samples, sigma);
}

int sample_px_for(double mtf50_cycles_per_px) {
    // There a sample's area and a Gaussian of 0.85 of its side leave half of the contrast; of what is too
    // fine for a grid of samples little is left then.
    constexpr double kMost_cycles = 0.22;
    int sample_px = 1;
    while (2 * sample_px * mtf50_cycles_per_px < kMost_cycles && sample_px < kLargest_px) sample_px *= 2;
    return sample_px;
}

}  // namespace lens_model
