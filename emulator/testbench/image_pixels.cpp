#include "emulator/testbench/image_pixels.h"

#include <array>
#include <opencv2/imgproc.hpp>

namespace emulator::testbench {
namespace {

using protocol::gvsp::Block;
using protocol::gvsp::PixelFormat;

/// Two pixels of 12 bits in three bytes: the first one's lower bits come first, or its upper ones.
cv::Mat unpacked(const Block& block) {
    cv::Mat pixels(static_cast<int>(block.size_y), static_cast<int>(block.size_x), CV_16UC1);
    const auto count = std::size_t{block.size_x} * block.size_y;
    auto* out = pixels.ptr<std::uint16_t>();
    for (std::size_t i = 0, at = 0; i + 1 < count; i += 2, at += 3) {
        const unsigned a = block.payload[at], b = block.payload[at + 1], c = block.payload[at + 2];
        const bool lsb = block.pixel_format == PixelFormat::BayerRG12p;
        const auto first = lsb ? a | (b & 0xF) << 8 : a << 4 | (b & 0xF);
        const auto second = lsb ? b >> 4 | c << 4 : c << 4 | b >> 4;
        out[i] = static_cast<std::uint16_t>(first << 4);
        out[i + 1] = static_cast<std::uint16_t>(second << 4);
    }
    return pixels;
}

/// Where the bytes of a group of pixels that share their colour stand.
struct Group {
    int pixels = 2, bytes = 4;
    std::array<int, 4> luma{};
    int blue = 1, red = 3;
};

Group group_of(PixelFormat format) {
    if (format == PixelFormat::YCbCr411_8) return {4, 6, {0, 1, 3, 4}, 2, 5};
    if (format == PixelFormat::YCbCr411_8_CbYYCrYY) return {4, 6, {1, 2, 4, 5}, 0, 3};
    return {2, 4, {0, 2, 0, 0}, 1, 3};  // Y Cb Y Cr
}

cv::Mat from_luma(const Block& block) {
    const auto group = group_of(block.pixel_format);
    cv::Mat pixels(static_cast<int>(block.size_y), static_cast<int>(block.size_x), CV_8UC3);
    const auto count = std::size_t{block.size_x} * block.size_y / static_cast<std::size_t>(group.pixels);
    const auto* in = block.payload.data();
    auto* out = pixels.ptr<std::uint8_t>();
    for (std::size_t i = 0; i < count; ++i, in += group.bytes) {
        for (int pixel = 0; pixel < group.pixels; ++pixel, out += 3) {
            out[0] = in[group.luma.at(static_cast<std::size_t>(pixel))];
            out[1] = in[group.red];
            out[2] = in[group.blue];
        }
    }
    cv::cvtColor(pixels, pixels, cv::COLOR_YCrCb2BGR);
    return pixels;
}

bool complete(const Block& block) {
    return block.payload.size() >=
           protocol::gvsp::image_bytes(block.pixel_format, block.size_x, block.size_y);
}

/// One pixel of colour out of each square of red, two greens and blue.
cv::Mat of_squares(const cv::Mat& mosaic) {
    cv::Mat colour(mosaic.rows / 2, mosaic.cols / 2, CV_8UC3);
    for (int y = 0; y < colour.rows; ++y) {
        const auto* upper = mosaic.ptr<std::uint8_t>(2 * y);
        const auto* lower = mosaic.ptr<std::uint8_t>(2 * y + 1);
        auto* out = colour.ptr<std::uint8_t>(y);
        for (int x = 0; x < colour.cols; ++x, out += 3) {
            out[0] = lower[2 * x + 1];
            out[1] = static_cast<std::uint8_t>((upper[2 * x + 1] + lower[2 * x] + 1) / 2);
            out[2] = upper[2 * x];
        }
    }
    return colour;
}

cv::Mat reduced(const cv::Mat& image, int by) {
    if (by == 1) return image;
    cv::Mat small;
    cv::resize(image, small, {image.cols / by, image.rows / by}, 0, 0, cv::INTER_AREA);
    return small;
}

}  // namespace

cv::Mat image_pixels(const Block& block) {
    if (!complete(block)) return {};
    const auto height = static_cast<int>(block.size_y), width = static_cast<int>(block.size_x);
    auto* bytes = const_cast<std::uint8_t*>(block.payload.data());
    switch (block.pixel_format) {
        case PixelFormat::BayerRG8:
            return {height, width, CV_8UC1, bytes};
        case PixelFormat::BayerRG16:
            return {height, width, CV_16UC1, bytes};
        case PixelFormat::BGR8:
            return {height, width, CV_8UC3, bytes};
        case PixelFormat::BayerRG12p:
        case PixelFormat::BayerRG12Packed:
            return unpacked(block);
        default:
            return {};
    }
}

PixelDepth pixel_depth(PixelFormat format) {
    if (!protocol::gvsp::is_raw(format) || format == PixelFormat::BayerRG8) return {};
    return {.bits = 12, .shift = 4};
}

cv::Mat displayed(const Block& block, int reduction) {
    if (!complete(block)) return {};
    if (!protocol::gvsp::is_raw(block.pixel_format))
        return reduced(block.pixel_format == PixelFormat::BGR8 ? image_pixels(block) : from_luma(block),
                       reduction);
    auto mosaic = image_pixels(block);
    if (mosaic.depth() == CV_16U) mosaic.convertTo(mosaic, CV_8U, 1.0 / 256);
    if (reduction > 1) return reduced(of_squares(mosaic), reduction / 2);
    cv::Mat colour;
    cv::cvtColor(mosaic, colour, cv::COLOR_BayerBG2BGR);  // OpenCV names a pattern by its second row
    return colour;
}

}  // namespace emulator::testbench
