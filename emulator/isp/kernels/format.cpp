#include "emulator/isp/kernels/loops.h"

namespace emulator::isp::GIGEMU_ISA {
namespace {

constexpr int kBlock = 128;  // columns of each parity that are brought into order at a time

inline std::uint8_t upper_8(Signal code) { return static_cast<std::uint8_t>(code >> 4); }

inline void weave_8(const Signal* even, const Signal* odd, long count, std::uint8_t* out) {
    for (long i = 0; i < count; ++i) {
        out[2 * i] = upper_8(even[i]);
        out[2 * i + 1] = upper_8(odd[i]);
    }
}

// Full range, BT.601, in 1/65536 of a code of 12 bits; 8 bits of chroma are 16 codes apart.
inline std::uint8_t chroma(int sum) {
    return static_cast<std::uint8_t>(clamped(128 + ((sum + (1 << 19)) >> 20), 0, 255));
}
inline std::uint8_t cb(int red, int green, int blue) {
    return chroma(-11059 * red - 21709 * green + 32768 * blue);
}
inline std::uint8_t cr(int red, int green, int blue) {
    return chroma(32768 * red - 27439 * green - 5329 * blue);
}

/// Y Y Cb Y Y Cr, or Cb Y Y Cr Y Y.
template <bool kChromaFirst>
void write_groups_of_4(const Signal* y, const Planes& p, int half, std::uint8_t* __restrict out) {
    constexpr int kCb = kChromaFirst ? 0 : 2, kCr = kChromaFirst ? 3 : 5;
    constexpr int kY0 = kChromaFirst ? 1 : 0, kY2 = kChromaFirst ? 4 : 3;
    for (long i = 0; i < half; i += 2, out += 6) {
        out[kY0] = upper_8(y[i]);
        out[kY0 + 1] = upper_8(y[half + i]);
        out[kY2] = upper_8(y[i + 1]);
        out[kY2 + 1] = upper_8(y[half + i + 1]);
        out[kCb] = cb(p.red[i], p.green[i], p.blue[i]);
        out[kCr] = cr(p.red[i], p.green[i], p.blue[i]);
    }
}

}  // namespace

void weave(const Signal* even, const Signal* odd, int half, std::uint16_t* __restrict out) {
    for (long i = 0; i < half; ++i) {
        out[2 * i] = static_cast<std::uint16_t>(even[i]);
        out[2 * i + 1] = static_cast<std::uint16_t>(odd[i]);
    }
}

void write_bgr(const Planes& codes, int half, std::uint8_t* __restrict out) {
    std::uint8_t red[2 * kBlock], green[2 * kBlock], blue[2 * kBlock];
    for (long first = 0; first < half; first += kBlock) {
        const long count = half - first < kBlock ? half - first : kBlock;
        weave_8(codes.red + first, codes.red + half + first, count, red);
        weave_8(codes.green + first, codes.green + half + first, count, green);
        weave_8(codes.blue + first, codes.blue + half + first, count, blue);
        std::uint8_t* to = out + 6 * first;
        for (long i = 0; i < 2 * count; ++i) {
            to[3 * i] = blue[i];
            to[3 * i + 1] = green[i];
            to[3 * i + 2] = red[i];
        }
    }
}

void write_422(const Signal* y, const Planes& p, int half, std::uint8_t* __restrict out) {
    for (long i = 0; i < half; ++i) {
        out[4 * i] = upper_8(y[i]);
        out[4 * i + 1] = cb(p.red[i], p.green[i], p.blue[i]);
        out[4 * i + 2] = upper_8(y[half + i]);
        out[4 * i + 3] = cr(p.red[i], p.green[i], p.blue[i]);
    }
}

void write_411(const Signal* y, const Planes& p, int half, bool chroma_first, std::uint8_t* out) {
    chroma_first ? write_groups_of_4<true>(y, p, half, out) : write_groups_of_4<false>(y, p, half, out);
}

}  // namespace emulator::isp::GIGEMU_ISA
