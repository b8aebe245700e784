#pragma once

#include <array>
#include <cstdint>

namespace emulator::isp {

/// Lookup table (LUT) of the camera: the upper 8 bits of a value choose a knot, the rest goes straight to the
/// next one; the last knot is only ever approached.
using Lut = std::array<std::uint16_t, 257>;

/// The table that changes nothing.
[[nodiscard]] constexpr Lut identity_lut() {
    Lut lut{};
    for (std::size_t i = 0; i < lut.size(); ++i)
        lut[i] = static_cast<std::uint16_t>(i < 256 ? 256 * i : 65535);
    return lut;
}

/// What the same hardware holds for a gamma: v^(1/gamma) at each knot, so that above 1 is brighter.
[[nodiscard]] Lut gamma_lut(double gamma);

/// A code of 12 bits for each code of 12 bits.
using ToneCurve = std::array<std::uint16_t, 4096>;
[[nodiscard]] ToneCurve tone_curve(const Lut&);

}  // namespace emulator::isp
