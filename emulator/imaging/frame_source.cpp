#include "emulator/imaging/frame_source.h"

#include <utility>

#include "emulator/acquisition/sensor_timing.h"
#include "emulator/imaging/sensor_input.h"
#include "emulator/isp/pipeline.h"
#include "sensor_model/row_exposer.h"

namespace emulator {
namespace {

/// What is drawn pixel by pixel even while the lens moves: where autofocus looks.
scenes::light::Rect sharp_part(const FrameRequest& request) {
    if (!request.questions.sharpness) return {};
    return auto_functions::drawn_for_focus(request.settings.automatic,
                                           acquisition::region(request.settings.image),
                                           request.questions.focus_tile);
}

/// ISP: from digital numbers to the bytes of the pixel format.
protocol::Bytes payload(const isp::MosaicRows& rows, const Settings& settings) {
    auto processing = settings.isp;
    processing.black_level_dn = static_cast<int>(settings.exposure.black_level_dn);
    const auto format = settings.image.pixel_format;
    protocol::Bytes bytes(protocol::gvsp::image_bytes(format, static_cast<std::uint32_t>(rows.width),
                                                      static_cast<std::uint32_t>(rows.height)));
    isp::process(rows, processing, format, bytes.data());
    return bytes;
}

}  // namespace

FrameSource::FrameSource(const Profile& profile, StillCache::Threads threads)
    : profile_(profile), cache_(profile, threads) {}

const sensor_model::FixedPattern& FrameSource::pattern(std::int64_t seed, int grown_hot_pixels) {
    const auto camera_seed = static_cast<std::uint64_t>(seed);
    if (pattern_seed_ != seed) {
        pattern_ = sensor_model::make_fixed_pattern(profile_.chip, camera_seed);
        pattern_seed_ = seed;
        grown_ = 0;
    }
    if (std::exchange(grown_, grown_hot_pixels) != grown_hot_pixels)
        pattern_.defects.hot = sensor_model::hot_pixels(profile_.chip, camera_seed, grown_hot_pixels);
    return pattern_;
}

/// What reaches the sensor, and how it is read.
struct FrameSource::Light {
    sensor_model::Exposure exposure;
    sensor_model::Settings settings;
};

FrameSource::Light FrameSource::look(const FrameRequest& request, const std::stop_token& stop) {
    check(stop);
    // Scene and lens: electrons per second of what stands still. What the lens does during an exposure is
    // seen as it is in the middle of it.
    const bool draft = request.lens.moving(request.middle()) || request.questions.focus_runs;
    const auto from = scene_time(request.stamp), to = from + request.duration();
    cache_.look(request.world, request.lens.state(request.middle(), request.housing_c), draft, {from, to},
                sharp_part(request), stop);
    // Lamps: how long each of them shines on it.
    const auto lamps = lighting(*request.world, from, to, request.strobe_high);
    // Electrons, and what moves over them.
    return {sensor_light(cache_, lamps, from, to, stop), sensor_settings(profile_, request)};
}

MadeFrame FrameSource::take(const FrameRequest& request, const std::stop_token& stop) {
    const auto& settings = request.settings;
    const auto light = look(request, stop);
    check(stop);
    // Sensor: noise and digital numbers, row by row. The auto functions look at them.
    sensor_model::RowExposer sensor(profile_.chip, pattern(request.seed, request.grown_hot_pixels),
                                    light.exposure, light.settings, frame_seed(request));
    const auto& questions = request.questions;
    const int width = read_width(light.settings.region), height = read_height(light.settings.region);
    auto counter = auto_functions::statistics_counter(questions, settings, width, height);
    const int kept = questions.sharpness ? height : 1;
    if (dn_.width != width || dn_.height != kept) dn_ = {width, kept};
    const isp::MosaicRows rows{width, height, [&](int y) {
                                   auto* const dn = dn_.row(y % kept);
                                   sensor.expose(y, dn);
                                   if (counter) counter->add(y, dn);
                                   return dn;
                               }};
    MadeFrame made;
    if (request.internal)
        for (int y = 0; y < height; ++y) rows.row(y);
    else
        made.payload = payload(rows, settings);
    if (counter) made.measured.statistics = counter->statistics();
    made.measured.sharpness = auto_functions::sharpness(questions, dn_, settings,
                                                        acquisition::region(settings.image), profile_.chip);
    return made;
}

}  // namespace emulator
