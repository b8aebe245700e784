#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <deque>
#include <random>
#include <vector>

#include "emulator/auto/exposure.h"
#include "emulator/auto/white_balance.h"

/// Simulated scene for the auto functions: a mosaic of light that exposure, gain and iris turn into codes.
namespace simulated_scene {

using namespace emulator::auto_functions;
using Mosaic = scenes::light::Image<std::uint16_t>;

inline constexpr int kBlack = 240;
inline constexpr Rect kAll{0, 0, 4096, 4096};

/// Codes per second of every pixel, at 0 dB and with the iris open.
struct Scene {
    int width = 64, height = 48;
    std::vector<double> dn_s;
    double mean_dn_s = 0;

    [[nodiscard]] Mosaic expose(const ExposureTriple& triple, double iris_closed,
                                std::mt19937& random) const {
        std::normal_distribution<double> normal;
        const double open = std::max(0.0, triple.iris_steps - iris_closed) / (255 - iris_closed);
        const double amplified = std::pow(10, triple.gain_db / 20),
                     seconds = triple.exposure_us * 1e-6 * open * open;
        Mosaic dn(width, height);
        for (std::size_t i = 0; i < dn_s.size(); ++i) {
            const double electrons = dn_s[i] * seconds / 0.357;
            const double noisy = electrons + std::sqrt(electrons + 4) * normal(random);
            const double bent = noisy > 10'500 ? std::min(11'000.0, 10'500 + (noisy - 10'500) / 2) : noisy;
            dn.samples[i] =
                static_cast<std::uint16_t>(std::clamp(bent * 0.357 * amplified + kBlack + 0.5, 0.0, 4095.0));
        }
        return dn;
    }
};

/// Brightnesses spread over `stops` f-stops, in blotches.
inline Scene scene(double mean_dn_s, double stops, std::uint32_t seed,
                   const std::array<double, 3>& colour = {1, 1, 1}) {
    std::mt19937 random(seed);
    std::normal_distribution<double> normal(0, stops / 4);
    Scene out;
    std::vector<double> blotches(static_cast<std::size_t>(out.width * out.height / 16));
    for (auto& blotch : blotches) blotch = std::exp2(normal(random));
    for (int y = 0; y < out.height; ++y)
        for (int x = 0; x < out.width; ++x)
            out.dn_s.push_back(blotches[static_cast<std::size_t>(y / 4 * out.width / 4 + x / 4)] *
                               colour[static_cast<std::size_t>(x % 2 + y % 2)]);
    double sum = 0;
    for (const double value : out.dn_s) sum += value;
    for (double& value : out.dn_s) value *= mean_dn_s * static_cast<double>(out.dn_s.size()) / sum;
    out.mean_dn_s = mean_dn_s;
    return out;
}

}  // namespace simulated_scene
