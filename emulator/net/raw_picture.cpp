#include "emulator/net/raw_picture.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstring>
#include <string_view>

namespace emulator::net {
namespace {

using scenes::targets::Picture;
using Format = RawPictureHeader::Format;

static_assert(std::endian::native == std::endian::little);

constexpr std::string_view kMagic = "GIGP";
constexpr int kVersion = 1;
constexpr float kLightMost = 1e6F;

template <class Number>
Number number_at(std::span<const std::byte> bytes, std::size_t offset) {
    Number number{};
    std::memcpy(&number, bytes.data() + offset, sizeof number);
    return number;
}

std::size_t pixels(const RawPictureHeader& header) {
    return static_cast<std::size_t>(header.width) * static_cast<std::size_t>(header.height);
}

template <class Image>
Image image_of(const RawPictureHeader& header, std::span<const std::byte> bytes) {
    Image image(header.width, header.height);
    std::memcpy(image.samples.data(), bytes.data(), bytes.size());
    return image;
}

}  // namespace

std::size_t RawPictureHeader::pixel_bytes() const {
    return pixels(*this) * 3 * (format == Format::srgb8 ? 1 : sizeof(float));
}

std::variant<RawPictureHeader, std::string> parse_raw_header(std::span<const std::byte> bytes) {
    assert(bytes.size() == RawPictureHeader::kBytes);
    if (std::memcmp(bytes.data(), kMagic.data(), kMagic.size()) != 0)
        return "a header begins with \"" + std::string(kMagic) + "\"";
    if (number_at<std::uint16_t>(bytes, 4) != kVersion) return "version 1 is expected";
    const auto format = number_at<std::uint16_t>(bytes, 6);
    if (format != 1 && format != 2) return "the format is 1 (8-bit sRGB) or 2 (linear float32)";
    const auto width = number_at<std::uint32_t>(bytes, 8), height = number_at<std::uint32_t>(bytes, 12);
    if (width == 0 || height == 0 || std::uint64_t{width} * height > RawPictureHeader::kPixelsMax)
        return "a picture has from 1 to " + std::to_string(RawPictureHeader::kPixelsMax) + " pixels";
    const double rate_hz = number_at<std::uint32_t>(bytes, 16) / 1000.0;
    if (number_at<std::uint32_t>(bytes, 20) != 0) return "the reserved field must be 0";
    const std::string_view name(reinterpret_cast<const char*>(bytes.data()) + 24, 40);
    const auto end = name.find('\0');
    if (end == 0 || end == std::string_view::npos ||
        name.find_first_not_of('\0', end) != std::string_view::npos)
        return "the item's name has from 1 to 39 bytes, and zeros after them";
    return RawPictureHeader{.format = static_cast<Format>(format),
                            .width = static_cast<int>(width),
                            .height = static_cast<int>(height),
                            .rate_max_hz = rate_hz,
                            .item = std::string(name.substr(0, end))};
}

std::optional<Picture::Frame> raw_picture(const RawPictureHeader& header, std::span<const std::byte> bytes) {
    assert(bytes.size() == header.pixel_bytes());
    if (header.format == Format::srgb8) return image_of<Picture::Srgb>(header, bytes);
    auto image = image_of<Picture::Linear>(header, bytes);
    const bool light = std::ranges::all_of(image.samples, [](const auto& texel) {
        return std::ranges::all_of(texel, [](float sample) { return sample >= 0 && sample <= kLightMost; });
    });
    if (!light) return std::nullopt;
    return image;
}

}  // namespace emulator::net
