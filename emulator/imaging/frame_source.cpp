#include "emulator/imaging/frame_source.h"

#include <cmath>

#include "emulator/acquisition/sensor_timing.h"
#include "emulator/isp/pipeline.h"
#include "protocol/time.h"
#include "sensor_model/thermal.h"

namespace emulator {
namespace {

sensor_model::Settings sensor_settings(const Profile& profile, const FrameRequest& request,
                                       double temperature_c) {
    const auto& exposure = request.settings.exposure;
    return {.exposure_us = exposure.time_us,
            .gain_db = exposure.gain_db,
            .black_level_dn = exposure.black_level_dn,
            .region = acquisition::region(request.settings.image),
            .temperature_c = temperature_c,
            .row_s = acquisition::row_time(profile, request.settings).count()};
}

/// How much of a lamp's light reaches the stored charge, while it goes on as it does after the exposure.
double pls(const StillCache& cache, std::size_t lamp, const LampLight& light) {
    return cache.pls(lamp) * light.level_after;
}

/// What moves is lit by all lamps at a time: their mean, by how much each of them gives.
double pls_of_all(const StillCache& cache, std::span<const LampLight> lamps, double exposed_s) {
    double light = 0, stored = 0;
    for (std::size_t lamp = 0; lamp < lamps.size(); ++lamp) {
        const double mean = cache.frame_mean(lamp)[1], given_s = lamps[lamp].seconds[1];
        const bool switched = cache.world().lamps[lamp].waveform.is_switched();
        light += given_s * mean;
        stored += (switched ? exposed_s : given_s) * mean * pls(cache, lamp, lamps[lamp]);
    }
    return light > 0 ? stored / light : 1;
}

}  // namespace

FrameSource::FrameSource(const Profile& profile, scenes::World world, StillCache::Threads threads)
    : profile_(profile),
      cache_(profile, std::move(world), threads),
      pattern_(sensor_model::make_fixed_pattern(profile.chip, static_cast<std::uint64_t>(profile.seed))) {}

sensor_model::RawFrame FrameSource::expose(const FrameRequest& request, const std::stop_token& stop) {
    check(stop);
    // What the lens does during an exposure is seen as it is in the middle of it.
    const auto middle = request.middle(), exposed = request.end() - request.start;
    const auto from = scene_time(request.stamp), to = from + exposed;
    const auto& questions = request.questions;
    const bool moving = request.lens.moving(middle);
    const auto sharp = questions.sharpness
                           ? auto_functions::drawn_for_focus(request.settings.automatic,
                                                             acquisition::region(request.settings.image),
                                                             questions.focus_tile)
                           : scenes::light::Rect{};
    cache_.look(request.lens.state(middle, profile_.housing_c), moving || questions.focus_runs, from, sharp,
                stop);

    const auto lamps = lighting(cache_.world(), from, to, request.strobe_high);
    sensor_model::Exposure exposure;
    const double exposed_s = protocol::seconds(exposed);
    for (std::size_t lamp = 0; lamp < lamps.size(); ++lamp) {
        const auto& of_colour = lamps[lamp].seconds;
        exposure.stills.push_back(
            {.electrons_per_s = &cache_.still(lamp),
             .exposure_s = exposed_s,
             .level = {of_colour[0] / exposed_s, of_colour[1] / exposed_s, of_colour[2] / exposed_s},
             .pls = pls(cache_, lamp, lamps[lamp])});
    }
    const double stored = pls_of_all(cache_, lamps, exposed_s);
    for (auto& patch : cache_.moving(lamps, from, to, stop)) {
        exposure.patches.push_back(
            {.where = patch.where, .electrons = std::move(patch.electrons), .pls = stored});
    }

    const auto chip_c = sensor_model::temperature_c(profile_.chip, profile_.housing_c, request.start);
    const sensor_model::FrameSeed seed{.camera_seed = static_cast<std::uint64_t>(profile_.seed),
                                       .frame = request.frame,
                                       .acquisition = request.acquisition};
    return sensor_model::expose(profile_.chip, pattern_, exposure, sensor_settings(profile_, request, chip_c),
                                seed);
}

MadeFrame FrameSource::take(const FrameRequest& request, const std::stop_token& stop) {
    const auto& image = request.settings.image;
    auto processing = request.settings.isp;
    processing.black_level_dn = static_cast<int>(request.settings.exposure.black_level_dn);
    const auto raw = expose(request, stop);
    check(stop);
    return {request.internal ? protocol::Bytes{} : isp::process(raw.dn, processing, image.pixel_format),
            auto_functions::measure(request.questions, raw.dn, request.settings, acquisition::region(image),
                                    profile_.chip)};
}

}  // namespace emulator
