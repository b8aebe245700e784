#include "emulator/net/raw_picture.h"

#include <doctest/doctest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

using namespace emulator::net;
using scenes::targets::Picture;

// Raw pictures of the picture socket: the header of docs/picture_socket.md, and pixels.

namespace {

struct Header {
    char magic[4] = {'G', 'I', 'G', 'P'};
    std::uint16_t version = 1, format = 1;
    std::uint32_t width = 4, height = 2, rate_mhz = 0, reserved = 0;
    char item[40] = "screen";
};
static_assert(sizeof(Header) == RawPictureHeader::kBytes);

std::span<const std::byte> bytes(const Header& header) { return std::as_bytes(std::span(&header, 1)); }

std::string refusal(const Header& header) {
    const auto parsed = parse_raw_header(bytes(header));
    const auto* sentence = std::get_if<std::string>(&parsed);
    return sentence == nullptr ? "" : *sentence;
}

RawPictureHeader accepted(const Header& header) {
    const auto parsed = parse_raw_header(bytes(header));
    REQUIRE(std::holds_alternative<RawPictureHeader>(parsed));
    return std::get<RawPictureHeader>(parsed);
}

}  // namespace

TEST_CASE("raw picture: a header says format, size, rate and item") {
    Header header;
    header.format = 2, header.rate_mhz = 29'970;
    const auto read = accepted(header);
    CHECK(read.format == RawPictureHeader::Format::linear_float32);
    CHECK(read.width == 4);
    CHECK(read.height == 2);
    CHECK(read.rate_max_hz == doctest::Approx(29.97));
    CHECK(read.item == "screen");
    CHECK(read.pixel_bytes() == 4 * 2 * 3 * 4);
    CHECK(accepted(Header{}).pixel_bytes() == 4 * 2 * 3);
    CHECK(accepted(Header{}).rate_max_hz == 0);
}

TEST_CASE("raw picture: sizes from one pixel to the most are accepted, and none beside them") {
    const auto sized = [](std::uint32_t width, std::uint32_t height) {
        Header header;
        header.width = width, header.height = height;
        return refusal(header);
    };
    CHECK(sized(1, 1).empty());
    CHECK(sized(2048, 2048).empty());
    CHECK(sized(4'194'304, 1).empty());
    for (const auto& [width, height] : std::vector<std::pair<std::uint32_t, std::uint32_t>>{
             {0, 1}, {1, 0}, {2048, 2049}, {0xFFFF'FFFF, 0xFFFF'FFFF}, {0x8000'0000, 2}})
        CHECK(sized(width, height).find("from 1 to 4194304 pixels") != std::string::npos);
}

TEST_CASE("raw picture: every wrong field of a header is refused with a sentence") {
    Header header;
    header.magic[0] = 'g';
    CHECK(refusal(header).find("GIGP") != std::string::npos);
    header = {}, header.version = 2;
    CHECK(refusal(header).find("version 1") != std::string::npos);
    for (const std::uint16_t format : {0, 3, 65535}) {
        header = {}, header.format = format;
        CHECK(refusal(header).find("format") != std::string::npos);
    }
    header = {}, header.reserved = 1;
    CHECK(refusal(header).find("reserved") != std::string::npos);
    header = {}, header.item[0] = 0;
    CHECK(refusal(header).find("name") != std::string::npos);
    header = {}, std::memset(header.item, 'x', sizeof header.item);
    CHECK(refusal(header).find("name") != std::string::npos);
    header = {}, header.item[20] = 'x';
    CHECK(refusal(header).find("name") != std::string::npos);
    header = {}, std::memset(header.item, 'x', sizeof header.item - 1);
    CHECK(refusal(header).empty());
}

TEST_CASE("raw picture: pixels are R, G, B, row by row; floats are light, and nothing else") {
    const std::vector<std::uint8_t> codes{1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12,
                                          13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24};
    const auto srgb = raw_picture(accepted({}), std::as_bytes(std::span(codes)));
    REQUIRE(srgb);
    CHECK(std::get<Picture::Srgb>(*srgb).at(1, 1) == std::array<std::uint8_t, 3>{16, 17, 18});

    Header header;
    header.format = 2;
    std::vector<float> light(24, 0.5F);
    light[3] = 1e6F, light[23] = 0;
    const auto linear = raw_picture(accepted(header), std::as_bytes(std::span(light)));
    REQUIRE(linear);
    CHECK(std::get<Picture::Linear>(*linear).at(1, 0) == std::array<float, 3>{1e6F, 0.5F, 0.5F});
    for (const float bad : {-1e-6F, 1.1e6F, std::numeric_limits<float>::infinity(), std::nanf("")}) {
        light[7] = bad;
        CHECK_FALSE(raw_picture(accepted(header), std::as_bytes(std::span(light))));
    }
}
