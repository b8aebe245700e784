#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace protocol::gvsp {

/// Pixel formats by their PFNC value: bits 23..16 are the bits that a pixel takes on the wire.
enum class PixelFormat : std::uint32_t {
    BayerRG8 = 0x01080009,
    BayerRG12p = 0x010C0059,
    BayerRG12Packed = 0x010C002B,
    BayerRG16 = 0x0110002F,
    YUV422_8 = 0x02100032,
    YCbCr411_8 = 0x020C005A,
    YCbCr411_8_CbYYCrYY = 0x020C003C,
    BGR8 = 0x02180015,
};

/// One number per pixel, as the sensor gives it.
[[nodiscard]] constexpr bool is_raw(PixelFormat format) {
    return static_cast<std::uint32_t>(format) >> 24 == 0x01;
}

[[nodiscard]] constexpr std::uint32_t bits_per_pixel(PixelFormat format) {
    return (static_cast<std::uint32_t>(format) >> 16) & 0xFF;
}

/// Bytes of an image; the widths that the camera offers end every line on a byte.
[[nodiscard]] constexpr std::size_t image_bytes(PixelFormat format, std::uint32_t width,
                                                std::uint32_t height) {
    return std::size_t{width} * height * bits_per_pixel(format) / 8;
}

}  // namespace protocol::gvsp
