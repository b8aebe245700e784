#include "tests/support/measure_bench.h"

#include <malloc.h>
#include <unistd.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <filesystem>
#include <fstream>

#include "emulator/camera/camera_hints.h"
#include "lens_model/optics/focus.h"
#include "lens_model/optics/iris.h"
#include "tests/support/lens_figures.h"

namespace measure {
namespace {

using scenes::light::Point;

emulator::Settings power_up(const scenes::CameraHints& hints) {
    emulator::Settings settings;
    settings.image.pixel_format = emulator::PixelFormat::BayerRG12p;
    emulator::apply(hints, settings);
    return settings;
}

/// Every change of the lens takes a few hundred megabytes for a moment. To fetch them from the system anew
/// each time would take a fifth of the time that these tests need.
const bool kKeepsMemory = mallopt(M_MMAP_MAX, 0) == 1 && mallopt(M_TRIM_THRESHOLD, 1 << 30) == 1;

/// Two pixels of 12 bits in three bytes, lowest bits first.
Picture decoded(const protocol::Bytes& bytes, const emulator::ImageFormat& format) {
    Picture picture{static_cast<int>(format.offset_x),
                    static_cast<int>(format.offset_y),
                    {static_cast<int>(format.width), static_cast<int>(format.height)}};
    auto& out = picture.dn.samples;
    assert(format.pixel_format == emulator::PixelFormat::BayerRG12p && bytes.size() == out.size() * 3 / 2);
    for (std::size_t i = 0; i < out.size() / 2; ++i) {
        const int low = bytes[3 * i], middle = bytes[3 * i + 1], high = bytes[3 * i + 2];
        out[2 * i] = low | (middle & 0xF) << 8;
        out[2 * i + 1] = middle >> 4 | high << 4;
    }
    return picture;
}

}  // namespace

Bench::Bench(const std::string& scene, const std::vector<std::string>& overrides,
             const emulator::Profile& profile)
    : Bench(scene_named(scene, overrides), profile) {}

Bench::Bench(scenes::World world, const emulator::Profile& profile)
    : settings(power_up(world.camera)),
      profile_(profile),
      world_(std::make_shared<const scenes::World>(std::move(world))),
      source_(profile_) {
    assert(kKeepsMemory);
}

void Bench::aim(Point at_px, int width, int height) {
    constexpr int kStep = 4;
    const auto offset = [](double middle, int size, int whole) {
        const int at = static_cast<int>(std::lround((middle - size / 2.0) / kStep)) * kStep;
        return std::clamp(at, 0, whole - size);
    };
    settings.image.offset_auto_center = false;
    settings.image.width = width, settings.image.height = height;
    settings.image.offset_x = offset(at_px.x, width, profile_.chip.width);
    settings.image.offset_y = offset(at_px.y, height, profile_.chip.height);
}

void Bench::focus_at(double distance_m) {
    const auto zoom = static_cast<double>(settings.lens.zoom);
    settings.lens.focus = std::llround(lens_model::counts_for_distance(profile_.lens, zoom, distance_m));
}

void Bench::stop_to(double f_number) {
    const auto zoom = static_cast<double>(settings.lens.zoom);
    settings.lens.iris = std::llround(lens_figures::iris_for_f_number(profile_.lens, zoom, f_number));
}

lens_model::State Bench::lens() const {
    return {.zoom_steps = static_cast<double>(settings.lens.zoom),
            .focus_counts = static_cast<double>(settings.lens.focus),
            .iris_steps = static_cast<double>(settings.lens.iris),
            .ir_cut_position = settings.lens.ir_cut ? 1.0 : 0.0,
            .temperature_c = profile_.housing_c};
}

protocol::Bytes Bench::payload(emulator::Time start, std::uint64_t number) {
    // All parts of the lens stand where the settings say.
    const emulator::FrameRequest request{.settings = settings,
                                         .lens = {profile_.lens, settings.lens},
                                         .world = world_,
                                         .start = start,
                                         .stamp = protocol::Timestamp(start),
                                         .frame = number,
                                         .seed = profile_.seed,
                                         .housing_c = profile_.housing_c,
                                         .strobe_high = strobe_high};
    return source_.take(request).payload;
}

Picture Bench::shoot(emulator::Time start) { return decoded(payload(start, frames_++), settings.image); }

Picture Bench::shoot_mean(int frames, emulator::Time start) {
    Picture mean = shoot(start);
    for (int i = 1; i < frames; ++i) {
        const Picture one = shoot(start);
        for (std::size_t p = 0; p < one.dn.samples.size(); ++p) mean.dn.samples[p] += one.dn.samples[p];
    }
    for (double& sample : mean.dn.samples) sample /= frames;
    return mean;
}

scenes::World scene_of(const std::string& json) {
    const auto file =
        std::filesystem::temp_directory_path() / ("gigemu_scene_" + std::to_string(getpid()) + ".json");
    std::ofstream(file) << json;
    auto world = scenes::load(file.string(), {}, {});
    std::filesystem::remove(file);
    return world;
}

scenes::World scene_named(const std::string& name, const std::vector<std::string>& overrides) {
    return scenes::load(name, overrides);
}

double mean_dn(const Picture& picture, int channel) {
    return mean_dn(picture, channel, {picture.x + picture.width() / 2.0, picture.y + picture.height() / 2.0},
                   1e9);
}

double mean_dn(const Picture& picture, int channel, Point about_px, double half_px) {
    double sum = 0, count = 0;
    for (int y = 0; y < picture.height(); ++y) {
        if (std::abs(picture.y + y + 0.5 - about_px.y) > half_px) continue;
        for (int x = 0; x < picture.width(); ++x) {
            if (picture.channel(x, y) != channel || std::abs(picture.x + x + 0.5 - about_px.x) > half_px)
                continue;
            sum += picture.dn.at(x, y);
            count += 1;
        }
    }
    return sum / count;
}

}  // namespace measure
