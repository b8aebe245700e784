#include "emulator/testbench/preview/view.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "emulator/testbench/image_pixels.h"

namespace emulator::testbench {
namespace {

using protocol::gvsp::Block;

constexpr int kBins = 256;
constexpr int kQuality = 88;
constexpr int kWaveformColumns = 400, kWaveformRows = 200;

/// The largest division that leaves so many columns.
int reduction_for(int columns, int width) {
    int by = 1;
    while (columns / (2 * by) >= width) by *= 2;
    return by;
}

/// White balance by shades of grey (Finlayson and Trezzi, 2004): gains that make the Minkowski mean of the
/// sixth degree grey, which bright surfaces decide; the smallest is 1. Where these are clipped they have no
/// colour to say, and the mean of all others decides (grey world).
cv::Scalar shades_of_grey(const cv::Mat& image, double clipped) {
    constexpr double kClippedMost = 0.01, kUnclippedLeast = 0.02;
    cv::Mat unclipped, power;
    cv::inRange(image, cv::Scalar::all(0), cv::Scalar::all(clipped), unclipped);
    const double share = cv::countNonZero(unclipped) / static_cast<double>(image.total());
    if (share < kUnclippedLeast) unclipped = 255;
    const int degree = share < 1 - kClippedMost ? 1 : 6;
    image.convertTo(power, CV_32F, 1.0 / 255);
    cv::pow(power, degree, power);
    const auto mean = cv::mean(power, unclipped);
    const auto norm = [&](int channel) { return std::max(0.004, std::pow(mean[channel], 1.0 / degree)); };
    const double most = std::max({norm(0), norm(1), norm(2)});
    const auto gain = [&](int channel) { return std::min(4.0, most / norm(channel)); };
    return {gain(0), gain(1), gain(2)};
}

cv::Rect rectangle(const Region& region) { return {region.x, region.y, region.width, region.height}; }

/// How often each number of one colour occurs.
struct Tally {
    std::vector<std::uint64_t> times;

    [[nodiscard]] Json to_json(const char* colour, int bits) const {
        std::array<std::uint64_t, kBins> bins{};
        std::uint64_t count = 0;
        double sum = 0, squares = 0;
        for (std::size_t dn = 0; dn < times.size(); ++dn) {
            const auto n = static_cast<double>(times[dn]), value = static_cast<double>(dn);
            bins.at(dn >> (bits - 8)) += times[dn];
            count += times[dn];
            sum += n * value;
            squares += n * value * value;
        }
        const double all = static_cast<double>(std::max<std::uint64_t>(count, 1)), mean = sum / all;
        const auto is_there = [](std::uint64_t n) { return n > 0; };
        const auto first = std::ranges::find_if(times, is_there);
        const auto last = std::find_if(times.rbegin(), times.rend(), is_there);
        return {{"colour", colour},
                {"bins", bins},
                {"pixels", count},
                {"clipped", times.back()},
                {"mean", mean},
                {"deviation", std::sqrt(std::max(0.0, squares / all - mean * mean))},
                {"min", count == 0 ? 0 : first - times.begin()},
                {"max", count == 0 ? 0 : times.rend() - last - 1}};
    }
};

std::size_t colour_of(int x, int y) { return x % 2 == 0 ? (y % 2 == 0 ? 0 : 1) : (y % 2 == 0 ? 1 : 2); }

std::string compressed(const char* ending, const cv::Mat& image, const std::vector<int>& settings) {
    std::vector<unsigned char> bytes;
    cv::imencode(ending, image, bytes, settings);
    return {bytes.begin(), bytes.end()};
}

/// A region as a monitor shows it; empty where the block is too short.
cv::Mat shown(const Block& block, const Region& region, const Showing& showing) {
    auto image = displayed(block, reduction_for(region.width, showing.width));
    if (image.empty()) return image;
    constexpr double kDnOfCode = 16, kClipped = 240;
    const double black = showing.black_dn / kDnOfCode;
    if (showing.neutral) cv::subtract(image, cv::Scalar::all(black), image);
    const auto gains = showing.neutral ? shades_of_grey(image, kClipped - black) : cv::Scalar::all(1);
    const int by = static_cast<int>(block.size_x) / image.cols;
    const cv::Rect all(0, 0, image.cols, image.rows);
    image = image(cv::Rect(region.x / by, region.y / by, std::max(1, region.width / by),
                           std::max(1, region.height / by)) &
                  all);
    if (image.cols > showing.width) {
        const int height = std::max(1, image.rows * showing.width / image.cols);
        cv::resize(image, image, {showing.width, height}, 0, 0, cv::INTER_AREA);
    }
    if (showing.neutral) cv::multiply(image, gains, image);
    return image;
}

/// Pixels to be counted: of a mosaic, or BGR.
struct Numbers {
    cv::Mat pixels;
    PixelDepth depth{};
    bool mosaic = false;

    /// `act(x, colour, number)`, where colours are red, green and blue; of each `stride` pairs of rows the
    /// first.
    void for_each(int stride, auto&& act) const {
        for (int y = 0; y < pixels.rows; y += y % 2 == 0 ? 1 : 2 * stride - 1) {
            if (!mosaic)
                bgr_row(y, act);
            else if (pixels.depth() == CV_8U)
                mosaic_row(y, pixels.ptr<std::uint8_t>(y), act);
            else
                mosaic_row(y, pixels.ptr<std::uint16_t>(y), act);
        }
    }

  private:
    void bgr_row(int y, auto&& act) const {
        const auto* at = pixels.ptr<std::uint8_t>(y);
        for (int x = 0; x < pixels.cols; ++x)
            for (std::size_t colour = 3; colour-- > 0;) act(x, colour, int{*at++});
    }
    void mosaic_row(int y, const auto* numbers, auto&& act) const {
        const auto even = colour_of(0, y), odd = colour_of(1, y);
        for (int x = 0; x + 1 < pixels.cols; x += 2) {
            act(x, even, numbers[x] >> depth.shift);
            act(x + 1, odd, numbers[x + 1] >> depth.shift);
        }
    }
};

Numbers numbers_of(const Block& block, const Region& region, const std::optional<Showing>& showing) {
    const bool mosaic = !showing && protocol::gvsp::is_raw(block.pixel_format);
    auto image = showing  ? shown(block, region, *showing)
                 : mosaic ? image_pixels(block)
                          : displayed(block, 1);
    if (image.empty()) throw Problem(kNotFound, "", "The last frame is too short to be shown.");
    if (!showing) image = image(rectangle(region));
    return {std::move(image), mosaic ? pixel_depth(block.pixel_format) : PixelDepth(), mosaic};
}

}  // namespace

std::optional<Region> clipped(const Region& region, const Block& block) {
    const int columns = static_cast<int>(block.size_x), rows = static_cast<int>(block.size_y);
    const auto even = [](int from, int most) { return std::clamp(from, 0, most) & ~1; };
    const int left = even(region.x, columns), top = even(region.y, rows);
    const int right = even(region.x + region.width + 1, columns),
              bottom = even(region.y + region.height + 1, rows);
    if (right - left < 2 || bottom - top < 2) return std::nullopt;
    return Region{left, top, right - left, bottom - top};
}

std::string encoded(const Block& block, const Region& region, const Showing& showing,
                    const std::string& format) {
    const auto image = shown(block, region, showing);
    if (image.empty()) return "";
    return format == "png" ? compressed(".png", image, {cv::IMWRITE_PNG_COMPRESSION, 1})
                           : compressed(".jpg", image, {cv::IMWRITE_JPEG_QUALITY, kQuality});
}

std::optional<std::string> digital_numbers(const Block& block, const Region& region) {
    const auto pixels = image_pixels(block);
    if (pixels.empty()) return std::nullopt;
    cv::Mat numbers;
    const auto depth = pixel_depth(block.pixel_format);
    pixels(rectangle(region)).convertTo(numbers, CV_16U, 1.0 / (1 << depth.shift));
    return std::string(reinterpret_cast<const char*>(numbers.data), numbers.total() * numbers.elemSize());
}

Json statistics(const Block& block, const Region& region, const std::optional<Showing>& showing) {
    const auto numbers = numbers_of(block, region, showing);
    const int bits = numbers.depth.bits;
    std::array<Tally, 3> tallies;  // red, green, blue
    tallies.fill({std::vector<std::uint64_t>(std::size_t{1} << bits)});
    numbers.for_each(
        1, [&](int, std::size_t colour, int dn) { ++tallies[colour].times[static_cast<std::size_t>(dn)]; });
    return {{"bits", bits},
            {"region", {region.x, region.y, region.width, region.height}},
            {"colours",
             {tallies[0].to_json("red", bits), tallies[1].to_json("green", bits),
              tallies[2].to_json("blue", bits)}}};
}

std::string waveform(const Block& block, const Region& region, const std::optional<Showing>& showing) {
    const auto numbers = numbers_of(block, region, showing);
    const int columns = std::min(kWaveformColumns, numbers.pixels.cols), shift = numbers.depth.bits - 8;
    const int stride = std::max(1, numbers.pixels.rows / kWaveformRows);
    cv::Mat counts(kBins, columns, CV_32FC3, cv::Scalar::all(0));
    numbers.for_each(stride, [&](int x, std::size_t colour, int dn) {
        const int column = x * columns / numbers.pixels.cols;
        counts.at<cv::Vec3f>(kBins - 1 - (dn >> shift), column)[2 - static_cast<int>(colour)] += 1;
    });
    // What a 32nd of the column has shines brightest.
    const double places =
        static_cast<double>(numbers.pixels.total()) / stride / columns / (numbers.mosaic ? 4 : 1);
    cv::Mat image;
    counts.convertTo(image, CV_8UC3, 255 * 32 / places);
    return compressed(".png", image, {cv::IMWRITE_PNG_COMPRESSION, 1});
}

}  // namespace emulator::testbench
