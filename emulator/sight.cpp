#include "emulator/sight.h"

#include <algorithm>

#include "lens_model/vignetting.h"
#include "sensor_model/parasitic_light.h"
#include "sensor_model/quantum_efficiency.h"

namespace emulator {
namespace {

namespace light = scenes::light;

constexpr int kFalloffSteps = 32;
/// What a bright light spreads beyond its blur must not end where one part of a picture meets the next.
constexpr int kFaintReach_px = 24;

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

/// The blur of the background and of every item must find what it takes from.
int margin_px(const scenes::World& world, const lens_model::Constants& constants,
              const lens_model::State& lens) {
    int margin =
        std::max(kFaintReach_px, lens_model::margin_px(constants, lens, world.background.distance_m));
    for (const auto& item : world.items) {
        margin = std::max(margin, lens_model::margin_px(constants, lens, item.pose.position_m.z));
    }
    return margin;
}

}  // namespace

Sight::Sight(const Profile& profile, const scenes::World& world, const lens_model::State& lens)
    : profile_(profile),
      world_(world),
      lens_(lens),
      view_(lens_model::view(profile.lens, lens)),
      response_(emulator::response(profile.chip, lens_model::transmission(profile.lens, lens))),
      falloff_(emulator::falloff(profile.lens, lens)),
      margin_px_(emulator::margin_px(world, profile.lens, lens)) {}

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
    const scenes::Raster raster{.pixels = pixels,
                                .margin_px = margin_px_,
                                .samples_per_pixel = grain.samples_per_pixel,
                                .pixels_per_sample = grain.pixels_per_sample};
    return scenes::render_still(world_, view_, response_, lamp, raster, prints);
}

scenes::Trail Sight::trail(const scenes::Moving& thing, bool upright, std::size_t lamp, Grain grain,
                           const std::array<double, 3>& frame_mean) const {
    const auto margin = lens_model::margin_px(profile_.lens, lens_, thing.distance_m);
    auto radiance = scenes::render_sprite(world_, thing, view_, response_, lamp, margin,
                                          grain.samples_per_pixel, grain.pixels_per_sample);
    radiance.frame_mean = frame_mean;
    const auto quality = grain.is_draft() ? lens_model::Quality::coarse : lens_model::Quality::full;
    auto spread = lens_model::spread(radiance, profile_.lens, lens_, quality);
    return scenes::trail_of({.where = spread.where,
                             .samples_per_pixel = spread.samples_per_pixel,
                             .light = std::move(spread.light),
                             .coverage = std::move(spread.coverage)},
                            upright);
}

}  // namespace emulator
