#include "emulator/isp/kernels/loops.h"

namespace emulator::isp::GIGEMU_ISA {

void transform(const Matrix& matrix, int count, Span span, Planes planes) {
    Signal* __restrict red = planes.red, * __restrict green = planes.green, * __restrict blue = planes.blue;
    const auto& m = matrix.factor;
    const int m0 = m[0], m1 = m[1], m2 = m[2], m3 = m[3], m4 = m[4], m5 = m[5], m6 = m[6], m7 = m[7],
              m8 = m[8];
    const int lowest = span.lowest, highest = span.highest, round = kMatrixUnit / 2;
    for (int i = 0; i < count; ++i) {
        const int r = red[i], g = green[i], b = blue[i];
        red[i] = narrow(clamped((m0 * r + m1 * g + m2 * b + round) >> kMatrixBits, lowest, highest));
        green[i] = narrow(clamped((m3 * r + m4 * g + m5 * b + round) >> kMatrixBits, lowest, highest));
        blue[i] = narrow(clamped((m6 * r + m7 * g + m8 * b + round) >> kMatrixBits, lowest, highest));
    }
}

// 0.299, 0.587 and 0.114 in 1/65536; they add up to 1.
void luma(const Planes& planes, int count, Signal* __restrict y) {
    const Signal *red = planes.red, *green = planes.green, *blue = planes.blue;
    for (int i = 0; i < count; ++i)
        y[i] = narrow((19595 * red[i] + 38470 * green[i] + 7471 * blue[i] + 32768) >> 16);
}

}  // namespace emulator::isp::GIGEMU_ISA
