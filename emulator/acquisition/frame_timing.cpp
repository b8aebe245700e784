#include "emulator/acquisition/frame_timing.h"

#include <algorithm>
#include <cmath>

#include "emulator/acquisition/chunks.h"
#include "protocol/time.h"

namespace emulator::acquisition {
namespace {

constexpr double kLinkBytesPerSecond = 125e6 / 1.1;
constexpr double kLinkOverheadSeconds = 24e-6;

Time time_of(double seconds) { return Time(std::llround(seconds * 1e9)); }

}  // namespace

sensor_model::Region region(const ImageFormat& image) {
    const auto photosites = [](std::int64_t pixels, std::int64_t skip) {
        return static_cast<int>(pixels * skip);
    };
    return {.x = photosites(image.offset_x, image.decimation_x),
            .y = photosites(image.offset_y, image.decimation_y),
            .width = photosites(image.width, image.decimation_x),
            .height = photosites(image.height, image.decimation_y),
            .skip_x = static_cast<int>(image.decimation_x),
            .skip_y = static_cast<int>(image.decimation_y),
            .reverse_x = image.reverse_x,
            .reverse_y = image.reverse_y};
}

std::int64_t image_bytes(const ImageFormat& image) {
    return static_cast<std::int64_t>(protocol::gvsp::image_bytes(image.pixel_format,
                                                                 static_cast<std::uint32_t>(image.width),
                                                                 static_cast<std::uint32_t>(image.height)));
}

std::int64_t payload_bytes(const Settings& settings) {
    return image_bytes(settings.image) + static_cast<std::int64_t>(chunk_bytes(settings.chunks));
}

double link_time_s(const ImageFormat& image) {
    return static_cast<double>(image_bytes(image)) / kLinkBytesPerSecond + kLinkOverheadSeconds;
}

double min_frame_rate_hz(const Chip& chip, const ImageFormat& image, int longest_row_clocks) {
    const double rows = sensor_model::read_height(region(image)) + chip.blank_rows;
    return chip.line_clock_hz / (rows * longest_row_clocks);
}

double max_frame_rate_hz(const Chip& chip, const ImageFormat& image) {
    return 1 /
           std::max(link_time_s(image), protocol::seconds(sensor_model::readout_time(chip, region(image))));
}

Time frame_period(const Chip& chip, const Settings& settings) {
    const auto& image = settings.image;
    const auto& rate = settings.acquisition;
    double period_s = std::max(link_time_s(image), 1 / rate.frame_rate_hz);
    if (rate.throughput_limited) {
        const auto limit = static_cast<double>(rate.throughput_limit_bytes_per_s);
        period_s = std::max(period_s, static_cast<double>(image_bytes(image)) / limit);
    }
    const auto exposure = time_of(settings.exposure.time_us * 1e-6);
    return std::max(time_of(period_s), sensor_model::overlapped_period(chip, region(image), exposure));
}

}  // namespace emulator::acquisition
