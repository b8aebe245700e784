#include "emulator/isp/kernels/loops.h"

namespace emulator::isp::GIGEMU_ISA {
namespace {

/// Pairs of codes as three bytes each, which `three_bytes` makes of two pairs at a time, each in its half of
/// a word. Eight bytes are written for the six of two pairs: the next ones overwrite the rest.
template <class ThreeBytes>
inline void pack_pairs(const std::uint16_t* dn, long count, std::uint8_t* __restrict out,
                       ThreeBytes three_bytes) {
    constexpr std::uint64_t kPair = 0xff'ffff;
    long i = 0;
    for (; i + 8 <= count; i += 4, out += 6) {
        std::uint64_t codes;
        __builtin_memcpy(&codes, dn + i, sizeof codes);
        const std::uint64_t pairs = three_bytes(codes);
        const std::uint64_t bytes = (pairs & kPair) | ((pairs >> 8) & kPair << 24);
        __builtin_memcpy(out, &bytes, sizeof bytes);
    }
    for (; i + 2 <= count; i += 2, out += 3) {
        const std::uint64_t bytes = three_bytes(dn[i] | static_cast<std::uint64_t>(dn[i + 1]) << 16);
        out[0] = static_cast<std::uint8_t>(bytes);
        out[1] = static_cast<std::uint8_t>(bytes >> 8);
        out[2] = static_cast<std::uint8_t>(bytes >> 16);
    }
}

}  // namespace

void pack_8(const std::uint16_t* dn, long count, std::uint8_t* __restrict out) {
    for (long i = 0; i < count; ++i) out[i] = static_cast<std::uint8_t>(dn[i] >> 4);
}

// The value stands in the upper bits, low byte first.
void pack_16(const std::uint16_t* dn, long count, std::uint8_t* __restrict out) {
    for (long i = 0; i < count; ++i) {
        const auto word = static_cast<std::uint16_t>(dn[i] << 4);
        __builtin_memcpy(out + 2 * i, &word, sizeof word);
    }
}

// One stream of bits, lowest first.
void pack_12p(const std::uint16_t* dn, long count, std::uint8_t* out) {
    pack_pairs(dn, count, out, [](std::uint64_t codes) {
        return (codes & 0x0000'0fff'0000'0fff) | ((codes >> 4) & 0x00ff'f000'00ff'f000);
    });
}

// 12Packed of GigE Vision has the upper bits in the outer bytes and both lower parts in the middle one.
void pack_12_packed(const std::uint16_t* dn, long count, std::uint8_t* out) {
    pack_pairs(dn, count, out, [](std::uint64_t codes) {
        return ((codes >> 4) & 0x00ff'f0ff'00ff'f0ff) | ((codes & 0x0000'000f'0000'000f) << 8);
    });
}

}  // namespace emulator::isp::GIGEMU_ISA
