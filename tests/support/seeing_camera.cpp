#include "tests/support/seeing_camera.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "emulator/imaging/frame_source.h"
#include "tests/support/measure_bench.h"

namespace support {
namespace {

/// Frames of a scene are a function of the request alone, so one source serves all cameras in front of it.
struct SceneSource {
    SceneSource(const std::string& scene, const std::vector<std::string>& overrides,
                const emulator::Profile& of)
        : profile(of),
          world(std::make_shared<const scenes::World>(measure::scene_named(scene, overrides))),
          source(profile) {}
    const emulator::Profile profile;
    const std::shared_ptr<const scenes::World> world;
    emulator::FrameSource source;
};

SceneSource& scene_source(const std::string& scene, const std::vector<std::string>& overrides,
                          const emulator::Profile& profile) {
    static std::map<std::string, SceneSource> sources;
    // Lenses differ from camera to camera in where the iris closes.
    auto key = scene + ' ' + std::to_string(profile.lens.iris_closed_steps);
    for (const auto& override : overrides) key += ' ' + override;
    return sources.try_emplace(key, scene, overrides, profile).first->second;
}

VirtualCameraOptions options(SceneSource& scene_source, const emulator::Profile& profile) {
    VirtualCameraOptions options{.profile = profile};
    options.profile.suggested = scene_source.world->camera.lens_alone();
    options.sensor = [&scene_source](const emulator::FrameRequest& request) {
        return scene_source.source.take(request);
    };
    return options;
}

/// Bits of every pixel, lowest first, as they follow each other.
std::vector<int> packed_codes(const Bytes& bytes, int bits, std::size_t count) {
    std::vector<int> codes(count);
    std::size_t at = 0;
    for (auto& code : codes) {
        for (int bit = 0; bit < bits; ++bit, ++at) code |= (bytes[at / 8] >> (at % 8) & 1) << bit;
    }
    return codes;
}

/// Two pixels in three bytes: their upper bits, and between these both lower ones.
std::vector<int> codes_12packed(const Bytes& bytes, std::size_t count) {
    std::vector<int> codes;
    for (std::size_t i = 0; codes.size() < count; i += 3) {
        codes.push_back(bytes[i] << 4 | (bytes[i + 1] & 0xF));
        codes.push_back(bytes[i + 2] << 4 | bytes[i + 1] >> 4);
    }
    return codes;
}

/// Where a group of pixels has its Y, Cb and Cr.
struct Group {
    std::vector<std::size_t> y;
    std::size_t cb, cr, bytes;
};

std::vector<std::array<int, 3>> yuv(const Bytes& bytes, const Group& group) {
    std::vector<std::array<int, 3>> pixels;
    for (std::size_t at = 0; at < bytes.size(); at += group.bytes) {
        for (const auto y : group.y)
            pixels.push_back({bytes[at + y], bytes[at + group.cb], bytes[at + group.cr]});
    }
    return pixels;
}

std::vector<std::array<int, 3>> bgr(const Bytes& bytes) {
    std::vector<std::array<int, 3>> pixels;
    for (std::size_t at = 0; at < bytes.size(); at += 3)
        pixels.push_back({bytes[at + 2], bytes[at + 1], bytes[at]});
    return pixels;
}

}  // namespace

Photo photo(const ReceivedBlock& block) {
    Photo photo{.pixel_format = block.pixel_format(),
                .width = static_cast<int>(block.size_x()),
                .height = static_cast<int>(block.size_y()),
                .raw = block.pixel_format() >> 24 == 1,
                .pixels = {}};
    const auto bytes = block.payload();
    const auto count = static_cast<std::size_t>(photo.width) * static_cast<std::size_t>(photo.height);
    const auto take = [&](const std::vector<int>& codes) {
        for (const int code : codes) photo.pixels.push_back({code, 0, 0});
    };
    switch (photo.pixel_format) {
        case 0x0108'0009:
            take(packed_codes(bytes, 8, count));
            break;
        case 0x0110'002F:
            take(packed_codes(bytes, 16, count));
            break;
        case 0x010C'0059:
            take(packed_codes(bytes, 12, count));
            break;
        case 0x010C'002B:
            take(codes_12packed(bytes, count));
            break;
        case 0x0218'0015:
            photo.pixels = bgr(bytes);
            break;
        case 0x0210'0032:
            photo.pixels = yuv(bytes, {.y = {0, 2}, .cb = 1, .cr = 3, .bytes = 4});
            break;
        case 0x020C'005A:
            photo.pixels = yuv(bytes, {.y = {0, 1, 3, 4}, .cb = 2, .cr = 5, .bytes = 6});
            break;
        case 0x020C'003C:
            photo.pixels = yuv(bytes, {.y = {1, 2, 4, 5}, .cb = 0, .cr = 3, .bytes = 6});
            break;
        default:
            FAIL("no pixel format of this camera: ", photo.pixel_format);
    }
    REQUIRE(photo.pixels.size() == count);
    return photo;
}

Colour Photo::mean(int x, int y, int columns, int rows) const {
    Colour sum{}, count{};
    for (int row = y; row < y + rows; ++row) {
        for (int column = x; column < x + columns; ++column) {
            const auto& pixel = pixels[static_cast<std::size_t>(row * width + column)];
            const auto mosaic = static_cast<std::size_t>((row & 1) + (column & 1));
            for (std::size_t channel = 0; channel < 3; ++channel) {
                if (raw && channel != mosaic) continue;
                sum[channel] += pixel[raw ? 0 : channel];
                ++count[channel];
            }
        }
    }
    return {sum[0] / count[0], sum[1] / count[1], sum[2] / count[2]};
}

double Photo::deviation(std::size_t channel) const {
    const double middle = mean()[channel];
    double sum = 0, count = 0;
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            if (raw && static_cast<std::size_t>((y & 1) + (x & 1)) != channel) continue;
            const auto off = pixels[static_cast<std::size_t>(y * width + x)][raw ? 0 : channel] - middle;
            sum += off * off;
            ++count;
        }
    }
    return std::sqrt(sum / count);
}

std::vector<Colour> cells(const Photo& photo, int size, bool flip_x, bool flip_y) {
    std::vector<Colour> all;
    const int columns = photo.width / size, rows = photo.height / size;
    for (int row = 0; row < rows; ++row) {
        for (int column = 0; column < columns; ++column) {
            const int x = flip_x ? columns - 1 - column : column, y = flip_y ? rows - 1 - row : row;
            all.push_back(photo.mean(x * size, y * size, size, size));
        }
    }
    return all;
}

double distance(const std::vector<Colour>& first, const std::vector<Colour>& second) {
    REQUIRE(first.size() == second.size());
    double sum = 0;
    for (std::size_t i = 0; i < first.size(); ++i) {
        for (std::size_t channel = 0; channel < 3; ++channel)
            sum += std::abs(first[i][channel] - second[i][channel]);
    }
    return sum / static_cast<double>(3 * first.size());
}

SeeingCamera::SeeingCamera(const std::string& scene, const std::vector<std::string>& overrides,
                           const emulator::Profile& profile)
    : camera(options(scene_source(scene, overrides, profile), profile)), client(camera) {
    camera.camera.show(scene_source(scene, overrides, profile).world, camera.now());
    client.take_control();
    client.keep_alive();
    client.open_stream(9000);
}

Photo SeeingCamera::shoot() {
    client.blocks.clear();
    client.start();
    while (client.complete_blocks() == 0) {
        camera.run_for(1ms);
        REQUIRE(camera.now() < 1000s);
    }
    client.stop();
    auto taken = photo(client.blocks.begin()->second);
    camera.run_for(200ms);
    return taken;
}

void SeeingCamera::set(std::initializer_list<std::pair<std::string_view, double>> values) {
    for (const auto& wanted : values) {
        CAPTURE(wanted.first);
        CHECK(client.set(wanted.first, wanted.second) == 0);
    }
}

}  // namespace support
