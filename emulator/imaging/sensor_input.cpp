#include "emulator/imaging/sensor_input.h"

#include "emulator/acquisition/sensor_timing.h"
#include "protocol/time.h"
#include "sensor_model/thermal.h"

namespace emulator {
namespace {

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

sensor_model::Exposure sensor_light(StillCache& cache, std::span<const LampLight> lamps, Time from, Time to,
                                    const std::stop_token& stop) {
    sensor_model::Exposure light;
    const double exposed_s = protocol::seconds(to - from);
    for (std::size_t lamp = 0; lamp < lamps.size(); ++lamp) {
        const auto& of_colour = lamps[lamp].seconds;
        light.stills.push_back(
            {.electrons_per_s = &cache.still(lamp),
             .exposure_s = exposed_s,
             .level = {of_colour[0] / exposed_s, of_colour[1] / exposed_s, of_colour[2] / exposed_s},
             .pls = pls(cache, lamp, lamps[lamp])});
    }
    const double stored = pls_of_all(cache, lamps, exposed_s);
    for (auto& patch : cache.moving(lamps, from, to, stop)) {
        light.patches.push_back(
            {.where = patch.where, .electrons = std::move(patch.electrons), .pls = stored});
    }
    return light;
}

sensor_model::Settings sensor_settings(const Profile& profile, const FrameRequest& request) {
    const auto& exposure = request.settings.exposure;
    return {.exposure_us = exposure.time_us,
            .gain_db = exposure.gain_db,
            .black_level_dn = exposure.black_level_dn,
            .region = acquisition::region(request.settings.image),
            .temperature_c = sensor_model::temperature_c(profile.chip, request.housing_c, request.start),
            .row_s = acquisition::row_time(profile, request.settings).count()};
}

sensor_model::FrameSeed frame_seed(const FrameRequest& request) {
    return {.camera_seed = static_cast<std::uint64_t>(request.seed),
            .frame = request.frame,
            .acquisition = request.acquisition};
}

}  // namespace emulator
