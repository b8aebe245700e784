#pragma once

#include <cstdint>

#include "scenes/light/isa.h"

/// The loops over pixels. This header and the source beside it include no library code, because the source is
/// compiled for several instruction sets: an inline function of the library must not come out of it as
/// AVX-512.
namespace sensor_model {

/// Which stream of random numbers: one for each row of each frame.
struct NoiseKey {
    std::uint32_t low = 0, high = 0;
};

/// Normal numbers come as integers; this many of them are one standard deviation.
inline constexpr float kNormalUnit = 3498.9333F;

/// What differs from pixel to pixel in one row. All have `width` elements.
struct RowInput {
    int width = 0;
    const float* light_e = nullptr;  // photo-electrons before PRNU
    const std::int8_t* prnu = nullptr;
    const std::int8_t* dsnu = nullptr;
    const std::uint8_t* dark = nullptr;  // null where the spread of dark current does not matter
    const float* column_dn = nullptr;    // column offsets, amplified
    // The maps of light that the next row will read. They are fetched while this row is computed: the
    // machine's own foresight ends at every page.
    const float* const* next = nullptr;
    int next_count = 0;
};

/// What holds for all pixels of one row.
struct RowLaw {
    float prnu_step = 0;           // part of 1 per step of `prnu`
    float dark_e = 0;              // of every pixel, or per step of `dark` if that is there
    float bend_e = 0, full_e = 0;  // where the response bends, and where it has become flat
    float linear[3] = {1, 0, 0};   // response = n (linear[0] + n (linear[1] + n linear[2])) below the bend
    float read_variance_e2 = 0;
    float gain_dn_per_e = 0;
    float dsnu_step_dn = 0;  // amplified
    float base_dn = 0;       // black level and row offsets
};

/// One set of loops, compiled for one instruction set.
struct PixelKernels {
    /// light_e[i] = (first ? 0 : light_e[i]) + rate[i] * seconds[i % 2]; `width` is even
    void (*add_light)(float* light_e, const float* rate_e_s, const float* seconds, int width, bool first);
    /// Electrons to codes of the ADC: shot noise, read noise, patterns, gain, rounding, clipping.
    void (*convert)(const RowInput&, const RowLaw&, NoiseKey, std::uint16_t* dn);
    /// Multiplies codes about the black level and clips.
    void (*multiply)(std::uint16_t* dn, float factor, float black_dn, int width);
    /// to[i] = from[count - 1 - i]
    void (*reverse)(const std::uint16_t* from, std::uint16_t* to, int count);
    /// Normal numbers in units of 1/kNormalUnit.
    void (*normals)(NoiseKey, std::int16_t* out, int count);
};

GIGEMU_FOR_EACH_ISA(const PixelKernels& kernels();)

}  // namespace sensor_model
