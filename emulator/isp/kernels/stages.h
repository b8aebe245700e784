#pragma once

#include <cstdint>

#include "scenes/light/isa.h"

/// The loops over the pixels of a row, one stage each. This header and the sources beside it include no
/// library code, because the sources are compiled for several instruction sets. All arithmetic is on
/// integers.
///
/// A row lies in memory as its even columns and then its odd ones: red and green, or green and blue. A signal
/// is a code of 12 bits without the black level; it can be negative.
namespace emulator::isp {

using Signal = std::int16_t;

/// What a signal can be, so that it is a code again once the black level is added.
struct Span {
    Signal lowest = 0, highest = 4095;
};

/// The three colours of every pixel of a row.
struct Planes {
    Signal *red = nullptr, *green = nullptr, *blue = nullptr;
};

/// Five mosaic rows, the middle one being the row that is asked for. Each half can be read from one element
/// before its start to one behind its end.
struct Neighbourhood {
    const Signal *even[5] = {}, *odd[5] = {};
};

/// Multiplies colours by a matrix, by rows of it, in units of 1/kMatrixUnit.
struct Matrix {
    std::int32_t factor[9] = {};
    bool operator==(const Matrix&) const = default;
};
inline constexpr int kMatrixBits = 14, kMatrixUnit = 1 << kMatrixBits;

/// Of a row of `half` even and as many odd columns; `count` is the number of both.
struct Stages {
    /// Black level off, then times gain/64.
    void (*balance)(const std::uint16_t* dn, int half, int black_dn, int even_gain_64, int odd_gain_64, Span,
                    Signal* even, Signal* odd);
    /// Malvar, He and Cutler 2004. The first pixel of the row is red, or it is green beside blue.
    void (*demosaic)(const Neighbourhood&, int half, bool red_row, Span, Planes);
    void (*transform)(const Matrix&, int count, Span, Planes);
    /// Y of BT.601.
    void (*luma)(const Planes&, int count, Signal* y);
    /// Black level on; then through the table of 4096 codes, if there is one. A signal becomes a code.
    void (*tone)(Signal* signal, int count, int black_dn, const std::uint16_t* table);
    /// Even and odd columns side by side again.
    void (*weave)(const Signal* even, const Signal* odd, int half, std::uint16_t* out);
    /// `balance` and `tone` of a row that stays a mosaic: codes to codes.
    void (*balance_codes)(const std::uint16_t* dn, int half, int black_dn, int even_gain_64, int odd_gain_64,
                          Span, const std::uint16_t* table, std::uint16_t* codes);
    /// Bytes of the raw formats; `count` is even.
    void (*pack_8)(const std::uint16_t* dn, long count, std::uint8_t* out);
    void (*pack_16)(const std::uint16_t* dn, long count, std::uint8_t* out);
    void (*pack_12p)(const std::uint16_t* dn, long count, std::uint8_t* out);
    void (*pack_12_packed)(const std::uint16_t* dn, long count, std::uint8_t* out);
    /// Bytes of the colour formats, out of codes; chroma out of signals, of the first pixel of each group.
    void (*write_bgr)(const Planes& codes, int half, std::uint8_t* out);
    void (*write_422)(const Signal* y_codes, const Planes& signals, int half, std::uint8_t* out);
    void (*write_411)(const Signal* y_codes, const Planes& signals, int half, bool chroma_first,
                      std::uint8_t* out);
};

GIGEMU_FOR_EACH_ISA(const Stages& stages();)

}  // namespace emulator::isp
