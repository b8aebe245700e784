#include "emulator/isp/kernels/loops.h"

namespace emulator::isp::GIGEMU_ISA {

void tone(Signal* signal, int count, int black_dn, const std::uint16_t* table) {
    for (int i = 0; i < count; ++i) signal[i] = narrow(signal[i] + black_dn);
    if (!table) return;
    for (int i = 0; i < count; ++i) signal[i] = narrow(table[signal[i]]);
}

}  // namespace emulator::isp::GIGEMU_ISA
