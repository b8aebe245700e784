#include "emulator/frame.h"

#include <cmath>

#include "emulator/acquisition/frame_timing.h"
#include "emulator/isp/pipeline.h"
#include "sensor_model/thermal.h"

namespace emulator {
namespace {

sensor_model::Settings sensor_settings(const FrameRequest& request, double temperature_c) {
    const auto& exposure = request.settings.exposure;
    return {.exposure_us = exposure.time_us,
            .gain_db = exposure.gain_db,
            .black_level_dn = exposure.black_level_dn,
            .region = acquisition::region(request.settings.image),
            .temperature_c = temperature_c};
}

double seconds(Time time) { return static_cast<double>(time.count()) * 1e-9; }

/// What each lamp gives during the exposure, by the camera's clock.
std::vector<scenes::Shine> shine(const Imaging& imaging, Time from, Time to) {
    std::vector<scenes::Shine> shines;
    const auto& lamps = imaging.world().lamps;
    for (std::size_t lamp = 0; lamp < lamps.size(); ++lamp) {
        scenes::Shine one{.still_e_s = &imaging.still(lamp), .from = from, .to = to};
        for (int colour = 0; colour < 3; ++colour) {
            const auto level =
                scenes::light::mean_level(lamps[lamp].waveform, from, seconds(to - from), {}, colour);
            one.seconds[static_cast<std::size_t>(colour)] = seconds(to - from) * level;
        }
        shines.push_back(one);
    }
    return shines;
}

/// What moves is lit by all lamps at a time: their mean, by how much each of them gives.
double parasitic_of_all(const Imaging& imaging, std::span<const scenes::Shine> shines) {
    double light = 0, stored = 0;
    for (std::size_t lamp = 0; lamp < shines.size(); ++lamp) {
        const double given = shines[lamp].seconds[1] * imaging.frame_mean(lamp)[1];
        light += given, stored += given * imaging.parasitic(lamp);
    }
    return light > 0 ? stored / light : 1;
}

}  // namespace

FrameSource::FrameSource(const Profile& profile, scenes::World world, Imaging::Threads threads)
    : profile_(profile),
      imaging_(profile, std::move(world), threads),
      pattern_(sensor_model::make_fixed_pattern(profile.chip, static_cast<std::uint64_t>(profile.seed))) {}

sensor_model::RawFrame FrameSource::expose(const FrameRequest& request) {
    // What the lens does during an exposure is seen as it is in the middle of it.
    const auto middle = request.middle(), exposed = request.end() - request.start;
    const auto& questions = request.questions;
    const bool moving = request.lens.moving(middle);
    if (moving && !questions.focus_runs) {
        const auto rest = request.lens.done() + std::chrono::microseconds(1);
        imaging_.expect(request.lens.state(rest, profile_.housing_c), request.stamp + (rest - request.start));
    }
    const auto sharp = questions.sharpness
                           ? automatics::drawn_for_focus(request.settings.automatic,
                                                         acquisition::region(request.settings.image),
                                                         questions.focus_tile)
                           : scenes::light::Rect{};
    imaging_.look(request.lens.state(middle, profile_.housing_c), moving || questions.focus_runs,
                  request.stamp, sharp);

    const auto end = request.stamp + exposed;
    const auto shines = shine(imaging_, request.stamp, end);
    sensor_model::Exposure exposure;
    const double exposed_s = seconds(exposed);
    for (const auto& one : shines) {
        const auto& of_colour = one.seconds;
        exposure.stills.push_back(
            {.electrons_per_s = one.still_e_s,
             .exposure_s = exposed_s,
             .level = {of_colour[0] / exposed_s, of_colour[1] / exposed_s, of_colour[2] / exposed_s},
             .parasitic = imaging_.parasitic(exposure.stills.size())});
    }
    const double parasitic = parasitic_of_all(imaging_, shines);
    for (auto& patch : imaging_.moving(shines, request.stamp, end)) {
        exposure.patches.push_back(
            {.where = patch.where, .electrons = std::move(patch.electrons), .parasitic = parasitic});
    }

    const auto chip_c = sensor_model::temperature_c(profile_.chip, profile_.housing_c, request.start);
    const sensor_model::FrameSeed seed{.camera_seed = static_cast<std::uint64_t>(profile_.seed),
                                       .frame = request.number,
                                       .start = request.start};
    return sensor_model::expose(profile_.chip, pattern_, exposure, sensor_settings(request, chip_c), seed);
}

MadeFrame FrameSource::take(const FrameRequest& request) {
    const auto& image = request.settings.image;
    auto processing = request.settings.isp;
    processing.black_level_dn = static_cast<int>(request.settings.exposure.black_level_dn);
    const auto raw = expose(request);
    return {request.internal ? protocol::Bytes{} : isp::process(raw.dn, processing, image.pixel_format),
            automatics::measure(request.questions, raw.dn, request.settings, acquisition::region(image),
                                profile_.chip)};
}

}  // namespace emulator
