#pragma once

#include <cstdint>
#include <vector>

#include "scenes/light/isa.h"
#include "sensor_model/kernels/pixels.h"

namespace sensor_model {

using scenes::light::Isa;

/// Counter-based random numbers: functions of pixel, frame and purpose, without state or order. Integers and
/// plain arithmetic only, so that they are the same on every machine.

/// Purpose of a random number (shot noise, row noise …); streams of different purposes are independent.
enum class Purpose : std::uint64_t {
    temporal,
    prnu,
    filter,
    dsnu,
    dark,
    column_offset,
    row_offset,
    hot,
    rts,
    broken
};

/// A number for this purpose and two places or times.
[[nodiscard]] std::uint64_t hashed(std::uint64_t seed, Purpose, std::uint64_t a, std::uint64_t b = 0);

/// The stream of normal numbers for the pixels of one row.
[[nodiscard]] NoiseKey noise_key(std::uint64_t seed, Purpose, std::uint64_t a, std::uint64_t b = 0);

[[nodiscard]] NoiseKey noise_key(std::uint64_t bits);

/// From 0 to 1, which is not included, with 53 random bits.
[[nodiscard]] double uniform(std::uint64_t bits);

/// `count` normal numbers; the first ones do not depend on how many are asked for.
[[nodiscard]] std::vector<float> normals(NoiseKey, int count, Isa = Isa::baseline);

/// The same in units of 1/kNormalUnit, as whole numbers.
void normal_units(NoiseKey, std::vector<std::int16_t>& out, Isa = Isa::baseline);

/// A sum of twelve uniform numbers: normal up to three standard deviations, and never beyond six.
[[nodiscard]] double roughly_normal(std::uint64_t bits);

/// The loops for an instruction set.
[[nodiscard]] const PixelKernels& kernels(Isa);

}  // namespace sensor_model
