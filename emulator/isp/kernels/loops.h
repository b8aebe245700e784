#pragma once

#include "emulator/isp/kernels/stages.h"

/// The stages as functions of one instruction set; `stages.cpp` puts them into a table. See `Stages`.
namespace emulator::isp::GIGEMU_ISA {

void balance(const std::uint16_t* dn, int half, int black_dn, int even_gain_64, int odd_gain_64, Span,
             Signal* even, Signal* odd);
void demosaic(const Neighbourhood&, int half, bool red_row, Span, Planes);
void transform(const Matrix&, int count, Span, Planes);
void luma(const Planes&, int count, Signal* y);
void tone(Signal* signal, int count, int black_dn, const std::uint16_t* table);
void weave(const Signal* even, const Signal* odd, int half, std::uint16_t* out);
void balance_codes(const std::uint16_t* dn, int half, int black_dn, int even_gain_64, int odd_gain_64, Span,
                   const std::uint16_t* table, std::uint16_t* codes);
void pack_8(const std::uint16_t* dn, long count, std::uint8_t* out);
void pack_16(const std::uint16_t* dn, long count, std::uint8_t* out);
void pack_12p(const std::uint16_t* dn, long count, std::uint8_t* out);
void pack_12_packed(const std::uint16_t* dn, long count, std::uint8_t* out);
void write_bgr(const Planes& codes, int half, std::uint8_t* out);
void write_422(const Signal* y_codes, const Planes& signals, int half, std::uint8_t* out);
void write_411(const Signal* y_codes, const Planes& signals, int half, bool chroma_first, std::uint8_t* out);

/// Modular, as the hardware does it: the upper bits of a wider sum are dropped.
inline Signal narrow(int value) { return static_cast<Signal>(value); }
inline int clamped(int value, int lowest, int highest) {
    const int not_above = value < highest ? value : highest;
    return not_above > lowest ? not_above : lowest;
}

}  // namespace emulator::isp::GIGEMU_ISA
