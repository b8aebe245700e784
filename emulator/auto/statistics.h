#pragma once

#include <array>
#include <cstdint>

#include "emulator/isp/white_balance.h"
#include "scenes/light/image.h"
#include "sensor_model/chip.h"

/// What the camera does by itself. All of it is pure: what was seen goes in, what to set comes out. (`auto`
/// is a word of the language, so the namespace cannot have the name of the folder.)
namespace emulator::automatics {

using scenes::light::Rect;

/// How many samples lie how high above black, after white balance, before anything clips. Each bin knows its
/// sum too, so that a bin is as exact as its mean.
struct Histogram {
    static constexpr int kBins = 512, kBinWidth_dn = 32;  // up to four times full scale
    std::array<std::uint32_t, kBins> count{};
    std::array<std::int64_t, kBins> sum_dn{};
    std::uint32_t clipped = 0;  // by the sensor: how bright they really are is unknown
    std::int64_t clipped_sum_dn = 0;
};

/// What the automatics see of a frame.
struct Statistics {
    std::array<double, 3>
        mean_dn{};  // of red, green and blue above black, where nothing is clipped, before balance
    double unclipped_share = 0;  // of the places that `mean_dn` comes from
    double brightness = 0;       // mean of the 8-bit codes of the balanced mosaic, 0..255
    double clipped_share = 0;    // of the samples of the balanced mosaic
    int black_dn = 0;
    Histogram histogram;
};

/// Looks at no more than about 65 000 places of four pixels each, on a grid. `region` may reach beyond the
/// image.
[[nodiscard]] Statistics measure(const scenes::light::Image<std::uint16_t>& dn12_rggb, const Rect& region,
                                 int black_dn, const isp::WhiteBalance&);

/// How neighbours differ of which the scene is alike: variance = floor + per_dn × signal + (part × signal)².
struct Noise {
    double variance_dn2_per_dn = 0, variance_dn2 = 0;
    double part = 0;  // of the pattern of the sensor
};
[[nodiscard]] Noise noise(const sensor_model::Chip&, double gain_db);

/// Contrast of neighbours in the green of red rows: Brenner's sum of squared differences, less what noise
/// adds to it, relative to the squared mean, so that it does not depend on brightness. 0 where chance
/// explains what is left.
[[nodiscard]] double sharpness(const scenes::light::Image<std::uint16_t>& dn12_rggb, const Rect& region,
                               int black_dn, const Noise&);

}  // namespace emulator::automatics
