#include "emulator/isp/pack.h"

#include <cassert>

namespace emulator::isp {
namespace {

void pack_8(const std::uint16_t* dn, std::size_t count, std::uint8_t* out) {
    for (std::size_t i = 0; i < count; ++i) out[i] = static_cast<std::uint8_t>(dn[i] >> 4);
}

// The value stands in the upper bits, low byte first.
void pack_16(const std::uint16_t* dn, std::size_t count, std::uint8_t* out) {
    for (std::size_t i = 0; i < count; ++i) {
        out[2 * i] = static_cast<std::uint8_t>(dn[i] << 4);
        out[2 * i + 1] = static_cast<std::uint8_t>(dn[i] >> 4);
    }
}

// Two pixels in three bytes. 12p is one stream of bits, lowest first.
void pack_12p(const std::uint16_t* dn, std::size_t count, std::uint8_t* out) {
    for (std::size_t i = 0; i < count / 2; ++i) {
        const std::uint32_t first = dn[2 * i], second = dn[2 * i + 1];
        out[3 * i] = static_cast<std::uint8_t>(first);
        out[3 * i + 1] = static_cast<std::uint8_t>(first >> 8 | second << 4);
        out[3 * i + 2] = static_cast<std::uint8_t>(second >> 4);
    }
}

// 12Packed of GigE Vision has the upper bits in the outer bytes and both lower parts in the middle one.
void pack_12_packed(const std::uint16_t* dn, std::size_t count, std::uint8_t* out) {
    for (std::size_t i = 0; i < count / 2; ++i) {
        const std::uint32_t first = dn[2 * i], second = dn[2 * i + 1];
        out[3 * i] = static_cast<std::uint8_t>(first >> 4);
        out[3 * i + 1] = static_cast<std::uint8_t>((first & 0xF) | (second & 0xF) << 4);
        out[3 * i + 2] = static_cast<std::uint8_t>(second >> 4);
    }
}

}  // namespace

void pack(const std::uint16_t* dn, std::size_t count, PixelFormat format, std::uint8_t* out) {
    assert(protocol::gvsp::is_raw(format) && count % 2 == 0);
    switch (format) {
        case PixelFormat::BayerRG8:
            return pack_8(dn, count, out);
        case PixelFormat::BayerRG16:
            return pack_16(dn, count, out);
        case PixelFormat::BayerRG12p:
            return pack_12p(dn, count, out);
        case PixelFormat::BayerRG12Packed:
            return pack_12_packed(dn, count, out);
        default:
            return;
    }
}

protocol::Bytes pack(const scenes::light::Image<std::uint16_t>& dn, PixelFormat format) {
    protocol::Bytes out(protocol::gvsp::image_bytes(format, static_cast<std::uint32_t>(dn.width),
                                                    static_cast<std::uint32_t>(dn.height)));
    pack(dn.samples.data(), dn.samples.size(), format, out.data());
    return out;
}

}  // namespace emulator::isp
