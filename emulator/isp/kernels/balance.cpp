#include "emulator/isp/kernels/loops.h"

namespace emulator::isp::GIGEMU_ISA {

void balance(const std::uint16_t* __restrict dn, int half, int black_dn, int even_gain_64, int odd_gain_64,
             Span span, Signal* __restrict even, Signal* __restrict odd) {
    const int lowest = span.lowest, highest = span.highest;
    for (long i = 0; i < half; ++i) {
        const int first = ((dn[2 * i] - black_dn) * even_gain_64 + 32) >> 6;
        const int second = ((dn[2 * i + 1] - black_dn) * odd_gain_64 + 32) >> 6;
        even[i] = narrow(clamped(first, lowest, highest));
        odd[i] = narrow(clamped(second, lowest, highest));
    }
}

void balance_codes(const std::uint16_t* __restrict dn, int half, int black_dn, int even_gain_64,
                   int odd_gain_64, Span span, const std::uint16_t* __restrict table,
                   std::uint16_t* __restrict codes) {
    const int lowest = span.lowest, highest = span.highest;
    for (long i = 0; i < half; ++i) {
        const int first = ((dn[2 * i] - black_dn) * even_gain_64 + 32) >> 6;
        const int second = ((dn[2 * i + 1] - black_dn) * odd_gain_64 + 32) >> 6;
        codes[2 * i] = static_cast<std::uint16_t>(clamped(first, lowest, highest) + black_dn);
        codes[2 * i + 1] = static_cast<std::uint16_t>(clamped(second, lowest, highest) + black_dn);
    }
    if (!table) return;
    for (long i = 0; i < 2 * half; ++i) codes[i] = table[codes[i]];
}

}  // namespace emulator::isp::GIGEMU_ISA
