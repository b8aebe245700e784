#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <variant>

#include "scenes/targets/picture.h"

namespace emulator::net {

/// Header of a raw picture on the picture socket: 64 bytes, little-endian (docs/picture_socket.md).
struct RawPictureHeader {
    enum class Format : std::uint16_t { srgb8 = 1, linear_float32 = 2 };
    Format format = Format::srgb8;
    int width = 0, height = 0;
    double rate_max_hz = 0;  // 0: no limit
    std::string item;        // that shows it

    static constexpr std::size_t kBytes = 64;
    static constexpr std::size_t kPixelsMax = std::size_t{2048} * 2048;
    [[nodiscard]] std::size_t pixel_bytes() const;
};

/// Of `RawPictureHeader::kBytes` bytes; or what is wrong with them, in one sentence.
[[nodiscard]] std::variant<RawPictureHeader, std::string> parse_raw_header(std::span<const std::byte>);

/// The picture of `pixel_bytes` bytes after the header; nothing if a float is no number from 0 to 1e6.
[[nodiscard]] std::optional<scenes::targets::Picture::Frame> raw_picture(const RawPictureHeader&,
                                                                         std::span<const std::byte> pixels);

}  // namespace emulator::net
