#include "emulator/sight.h"

#include <algorithm>

#include "lens_model/vignetting.h"
#include "sensor_model/parasitic_light.h"
#include "sensor_model/quantum_efficiency.h"

namespace emulator {
namespace {

namespace light = scenes::light;

constexpr int kFalloffSteps = 32;
/// A thing under way that is blurred over more samples is drawn on larger ones.
constexpr int kTrailReach_samples = 96;
/// Grain for the mean of the whole.
constexpr int kMeanOf_px = 8;

light::Response response(const sensor_model::Chip& chip, const light::Spectrum& transmission) {
    std::array<light::Spectrum, 3> efficiency;
    for (std::size_t colour = 0; colour < efficiency.size(); ++colour) {
        for (int i = 0; i < light::kWavelengths; ++i) {
            efficiency[colour][i] =
                sensor_model::quantum_efficiency(static_cast<int>(colour), light::wavelength_nm(i));
        }
    }
    return light::response(efficiency, transmission, chip.pixel_pitch_um);
}

scenes::RelativeIllumination falloff(const lens_model::Constants& constants, const lens_model::State& lens) {
    scenes::RelativeIllumination steps;
    for (int i = 0; i <= kFalloffSteps; ++i) {
        const auto field = static_cast<double>(i) / kFalloffSteps;
        steps.push_back(static_cast<float>(lens_model::relative_illumination(constants, lens, field)));
    }
    return steps;
}

}  // namespace

Sight::Sight(const Profile& profile, const scenes::World& world, const lens_model::State& lens)
    : profile_(profile),
      world_(world),
      lens_(lens),
      view_(lens_model::view(profile.lens, lens)),
      response_(emulator::response(profile.chip, lens_model::transmission(profile.lens, lens))),
      falloff_(emulator::falloff(profile.lens, lens)) {}

double Sight::parasitic(std::size_t lamp) const {
    const auto& light = world_.lamps[lamp].irradiance;
    auto stored = light;
    for (int i = 0; i < light::kWavelengths; ++i)
        stored[i] *= sensor_model::parasitic_factor(profile_.chip, light::wavelength_nm(i));
    const auto all = light::signal(light, response_), part = light::signal(stored, response_);
    const double sum = all[0] + all[1] + all[2];
    return sum > 0 ? (part[0] + part[1] + part[2]) / sum : 1;
}

light::Radiance Sight::render(std::size_t lamp, light::Rect pixels, Grain grain,
                              const scenes::Prints& prints) const {
    light::Radiance wanted;
    wanted.samples_per_pixel = grain.samples_per_pixel;
    wanted.pixels_per_sample = grain.pixels_per_sample;
    wanted.pixels = pixels;
    wanted.infrared_share = light::infrared_share(world_.lamps[lamp].irradiance, response_);
    const scenes::Raster raster{.pixels = pixels,
                                .samples_per_pixel = grain.samples_per_pixel,
                                .pixels_per_sample = grain.pixels_per_sample};
    return scenes::render_still(world_, view_, response_, lamp, raster, prints, [&](double distance_m) {
        return lens_model::sampling(wanted, distance_m, profile_.lens, lens_);
    });
}

std::array<double, 3> Sight::frame_mean(std::size_t lamp, const scenes::Prints& prints) const {
    const scenes::Raster raster{.pixels = kSensor, .samples_per_pixel = 1, .pixels_per_sample = kMeanOf_px};
    return lens_model::frame_mean(scenes::render_still(world_, view_, response_, lamp, raster, prints));
}

light::Mosaic Sight::image(std::size_t lamp, light::Rect pixels, Grain grain, const scenes::Prints& prints,
                           const std::array<double, 3>& frame_mean) const {
    auto radiance = render(lamp, pixels, grain, prints);
    radiance.frame_mean = frame_mean;
    return lens_model::image(radiance, profile_.lens, lens_);
}

std::vector<scenes::Moving> Sight::moving(scenes::Time from, scenes::Time to) const {
    return scenes::moving(world_, view_, from, to, [this](double distance_m) {
        return lens_model::margin_px(profile_.lens, lens_, distance_m);
    });
}

scenes::Trail Sight::trail(const scenes::Moving& thing, bool upright, std::size_t lamp, Grain grain,
                           const std::array<double, 3>& frame_mean) const {
    const auto margin = lens_model::margin_px(profile_.lens, lens_, thing.distance_m);
    const bool draft = grain.is_draft();
    while (margin > kTrailReach_samples * grain.pixels_per_sample)
        grain = {.samples_per_pixel = 1, .pixels_per_sample = 2 * grain.pixels_per_sample};
    auto radiance = scenes::render_sprite(world_, thing, view_, response_, lamp,
                                          {.margin_px = margin,
                                           .samples_per_pixel = grain.samples_per_pixel,
                                           .pixels_per_sample = grain.pixels_per_sample,
                                           .exact = !draft});
    radiance.frame_mean = frame_mean;
    const auto quality = draft ? lens_model::Quality::coarse : lens_model::Quality::full;
    auto spread = lens_model::spread(radiance, profile_.lens, lens_, quality);
    return scenes::trail_of({.where = spread.where,
                             .samples_per_pixel = spread.samples_per_pixel,
                             .light = std::move(spread.light),
                             .coverage = std::move(spread.coverage)},
                            upright);
}

}  // namespace emulator
