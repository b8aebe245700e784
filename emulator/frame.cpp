#include "emulator/frame.h"

#include <array>
#include <cmath>

#include "emulator/acquisition/frame_timing.h"
#include "emulator/isp/pack.h"
#include "sensor_model/quantum_efficiency.h"
#include "sensor_model/thermal.h"

namespace emulator {
namespace {

namespace light = scenes::light;

/// Two samples along each axis of a pixel resolve what the lens resolves.
constexpr int kSamplesPerPixel = 2;

light::Response response(const sensor_model::Chip& chip, const light::Spectrum& transmission) {
    std::array<light::Spectrum, 3> efficiency;
    for (int colour = 0; colour < 3; ++colour) {
        for (int i = 0; i < light::kWavelengths; ++i) {
            efficiency[static_cast<std::size_t>(colour)][i] =
                sensor_model::quantum_efficiency(colour, light::wavelength_nm(i));
        }
    }
    return light::response(efficiency, transmission, chip.pixel_pitch_um);
}

sensor_model::Settings sensor_settings(const FrameRequest& request, double temperature_c) {
    const auto& exposure = request.settings.exposure;
    return {.exposure_us = exposure.time_us,
            .gain_db = exposure.gain_db,
            .black_level_dn = exposure.black_level_dn,
            .region = acquisition::region(request.settings.image),
            .temperature_c = temperature_c};
}

double seconds(Time time) { return static_cast<double>(time.count()) * 1e-9; }

}  // namespace

lens_model::State lens_state(const FrameRequest& request, double temperature_c) {
    const auto& lens = request.settings.lens;
    return {.zoom_steps = static_cast<double>(lens.zoom),
            .focus_counts = static_cast<double>(lens.focus),
            .iris_steps = static_cast<double>(lens.iris),
            .ir_cut_position = lens.ir_cut ? 1.0 : 0.0,
            .temperature_c = temperature_c};
}

FrameSource::FrameSource(const Profile& profile, scenes::World world)
    : profile_(profile),
      world_(std::move(world)),
      pattern_(sensor_model::make_fixed_pattern(profile.chip, static_cast<std::uint64_t>(profile.seed))) {}

const FrameSource::Still& FrameSource::still(const lens_model::State& lens, Time time) {
    const auto version = scenes::still_version(world_, time);
    if (still_ && still_->lens == lens && still_->version == version) return *still_;
    const auto view = lens_model::view(profile_.lens, lens);
    const auto seen = response(profile_.chip, lens_model::transmission(profile_.lens, lens));
    const auto margin_px = lens_model::margin_px(profile_.lens, lens, world_.background.distance_m);
    const scenes::Raster raster{.margin_px = margin_px, .samples_per_pixel = kSamplesPerPixel};
    still_ = Still{.lens = lens, .version = version, .lamps = {}};
    for (std::size_t lamp = 0; lamp < world_.lamps.size(); ++lamp) {
        const auto radiance = scenes::render_still(world_, view, seen, lamp, raster, time);
        still_->lamps.push_back(lens_model::image(radiance, profile_.lens, lens));
    }
    return *still_;
}

sensor_model::RawFrame FrameSource::expose(const FrameRequest& request) {
    const auto chip_c = sensor_model::temperature_c(profile_.chip, profile_.housing_c, request.start);
    const auto& still_part = still(lens_state(request, profile_.housing_c), request.start);
    const auto exposure_s = request.settings.exposure.time_us * 1e-6;
    sensor_model::Exposure exposure;
    for (std::size_t lamp = 0; lamp < still_part.lamps.size(); ++lamp) {
        const auto level = light::mean_level(world_.lamps[lamp].waveform, seconds(request.start), exposure_s);
        exposure.stills.push_back({.electrons_per_s = &still_part.lamps[lamp], .exposure_s = exposure_s * level});
    }
    return sensor_model::expose(profile_.chip, pattern_, exposure, sensor_settings(request, chip_c),
                                {.camera_seed = static_cast<std::uint64_t>(profile_.seed),
                                 .frame = request.number,
                                 .start = request.start});
}

protocol::Bytes FrameSource::take(const FrameRequest& request) {
    return isp::pack(expose(request).dn, request.settings.image.pixel_format);
}

}  // namespace emulator
