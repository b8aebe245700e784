#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

#include "emulator/isp/mosaic_window.h"
#include "emulator/isp/pack.h"
#include "emulator/isp/pipeline.h"

/// Mosaics as input of the ISP, and colour arithmetic in double precision as reference.
namespace test_mosaics {

using emulator::isp::PixelFormat;
using emulator::isp::process;
using emulator::isp::Settings;
using emulator::isp::Signal;
using scenes::light::Isa;
using Mosaic = scenes::light::Image<std::uint16_t>;
using Colour = std::array<int, 3>;  // red, green, blue as signals: codes without the black level

inline constexpr int kBlack = 240;
inline constexpr PixelFormat kFormats[] = {
    PixelFormat::BayerRG8, PixelFormat::BayerRG12p, PixelFormat::BayerRG12Packed,     PixelFormat::BayerRG16,
    PixelFormat::YUV422_8, PixelFormat::YCbCr411_8, PixelFormat::YCbCr411_8_CbYYCrYY, PixelFormat::BGR8};

/// Which colour the pixel at this place has: 0 red, 1 green, 2 blue.
inline int colour_at(int x, int y) { return x % 2 + y % 2; }

/// A mosaic of what `signal(colour, x, y)` says.
template <class Function>
Mosaic mosaic(int width, int height, Function signal) {
    Mosaic dn(width, height);
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x)
            dn.at(x, y) = static_cast<std::uint16_t>(kBlack + signal(colour_at(x, y), x, y));
    return dn;
}

inline Mosaic flat(const Colour& colour, int width = 32, int height = 8) {
    return mosaic(width, height, [&](int c, int, int) { return colour[static_cast<std::size_t>(c)]; });
}

/// Every code from 0 to 4095, in any order.
inline Mosaic noise(int width, int height, std::uint32_t seed) {
    std::mt19937 random(seed);
    return mosaic(width, height, [&](int, int, int) { return static_cast<int>(random() % 4096) - kBlack; });
}

/// Colour formats without the factory matrix.
inline Settings plain() {
    Settings settings;
    settings.matrix_enabled = false;
    return settings;
}

/// The signals of all three colours everywhere.
inline std::array<scenes::light::Image<int>, 3> demosaiced(const Mosaic& dn,
                                                           Isa isa = scenes::light::best_isa()) {
    const auto& stages = emulator::isp::stages(isa);
    const emulator::isp::Span span{-kBlack, 4095 - kBlack};
    emulator::isp::MosaicWindow window(emulator::isp::rows_of(dn), {}, kBlack, span, stages);
    const auto width = static_cast<std::size_t>(dn.width), half = width / 2;
    std::vector<Signal> red(width), green(width), blue(width);
    const std::vector<Signal>* planes[] = {&red, &green, &blue};
    std::array<scenes::light::Image<int>, 3> out;
    out.fill(scenes::light::Image<int>(dn.width, dn.height));
    for (int y = 0; y < dn.height; ++y) {
        stages.demosaic(window.around(y), dn.width / 2, y % 2 == 0, span,
                        {red.data(), green.data(), blue.data()});
        for (std::size_t c = 0; c < 3; ++c)
            for (std::size_t x = 0; x < width; ++x)
                out[c].at(static_cast<int>(x), y) = (*planes[c])[x % 2 * half + x / 2];
    }
    return out;
}

/// The codes of a BayerRG16 image.
inline std::vector<int> codes(const protocol::Bytes& raw16) {
    std::vector<int> codes;
    for (std::size_t i = 0; i < raw16.size(); i += 2) codes.push_back((raw16[i] | raw16[i + 1] << 8) >> 4);
    return codes;
}

/// Y, Cb and Cr of full range, unrounded, of colours from 0 to 255.
inline std::array<double, 3> ycbcr(double r, double g, double b) {
    return {0.299 * r + 0.587 * g + 0.114 * b, 128 - 0.168736 * r - 0.331264 * g + 0.5 * b,
            128 + 0.5 * r - 0.418688 * g - 0.081312 * b};
}

}  // namespace test_mosaics
