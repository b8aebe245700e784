#include "emulator/imaging/scene_renderer.h"

#include <algorithm>

#include "lens_model/flare/flare.h"
#include "lens_model/optics/vignetting.h"
#include "sensor_model/parasitic_light.h"

namespace emulator {
namespace {

namespace light = scenes::light;

/// A thing under way that is blurred over more samples is drawn on larger ones; in tiles on those that its
/// blur works on.
constexpr int kMotionReach_samples = 96, kTileReach_samples = 48;
/// A thing that is drawn for one exposure has no more samples, larger ones if need be.
constexpr double kMotionSamplesMost = 16e6;

SamplingDensity coarser(SamplingDensity density) {
    if (density.samples_per_pixel > 1)
        density.samples_per_pixel = 1;
    else
        density.pixels_per_sample *= 2;
    return density;
}

lens_model::Quality quality(SamplingDensity density) {
    return density.draft ? lens_model::Quality::coarse : lens_model::Quality::full;
}

double samples_of(const light::Rect& pixels, SamplingDensity density) {
    const double along = static_cast<double>(density.samples_per_pixel) / density.pixels_per_sample;
    return along * along * pixels.width * pixels.height;
}

/// SamplingDensity for the mean of the whole.
constexpr int kMeanOf_px = 8;

light::Response response(const sensor_model::Chip& chip, const light::Spectrum& transmission) {
    std::array<light::Spectrum, 3> efficiency;
    for (int i = 0; i < light::kWavelengths; ++i) {
        const auto alone = sensor_model::efficiency_without_crosstalk(chip, light::wavelength_nm(i));
        for (std::size_t colour = 0; colour < alone.size(); ++colour) efficiency[colour][i] = alone[colour];
    }
    return light::response(efficiency, transmission, chip.pixel_pitch_um);
}

scenes::RelativeIllumination falloff(const lens_model::Constants& constants, const lens_model::State& lens) {
    scenes::RelativeIllumination steps;
    for (int i = 0; i <= scenes::kFalloffSteps; ++i) {
        const auto field = static_cast<double>(i) / scenes::kFalloffSteps;
        steps.push_back(static_cast<float>(lens_model::relative_illumination(constants, lens, field)));
    }
    return steps;
}

}  // namespace

SceneRenderer::SceneRenderer(const Profile& profile, const scenes::World& world,
                             const lens_model::State& lens, scenes::Span during)
    : profile_(profile),
      world_(world),
      lens_(lens),
      during_(during),
      view_(lens_model::view(profile.lens, lens)),
      still_(scenes::still_scene(world, view_, during)),
      resting_(scenes::camera_moves(world, during) ? scenes::resting_scene(world, view_, during) : still_),
      response_(emulator::response(profile.chip, lens_model::transmission(profile.lens, lens))),
      diffusion_(sensor_model::diffusion(profile.chip)),
      falloff_(emulator::falloff(profile.lens, lens)),
      transfers_(std::make_shared<SharedTransfers>()) {}

double SceneRenderer::pls(std::size_t lamp) const {
    const auto& light = world_.lamps[lamp].irradiance;
    auto stored = light;
    for (int i = 0; i < light::kWavelengths; ++i)
        stored[i] *= sensor_model::relative_pls(profile_.chip, light::wavelength_nm(i));
    const auto all = light::signal(light, response_), part = light::signal(stored, response_);
    const double sum = all[0] + all[1] + all[2];
    return sum > 0 ? (part[0] + part[1] + part[2]) / sum : 1;
}

sensor_model::Crosstalk SceneRenderer::crosstalk(std::size_t lamp) const {
    return sensor_model::crosstalk(profile_.chip,
                                   light::infrared_share(world_.lamps[lamp].irradiance, response_));
}

int SceneRenderer::margin_px(double distance_m) const {
    return lens_model::margin_px(profile_.lens, lens_, distance_m, diffusion_);
}

light::Radiance SceneRenderer::wanted(std::size_t lamp, light::Rect pixels, SamplingDensity density) const {
    light::Radiance wanted;
    wanted.samples_per_pixel = density.samples_per_pixel;
    wanted.pixels_per_sample = density.pixels_per_sample;
    wanted.pixels = pixels;
    wanted.infrared_share = light::infrared_share(world_.lamps[lamp].irradiance, response_);
    wanted.diffusion = diffusion_;
    return wanted;
}

int SceneRenderer::tile_px(std::size_t lamp, double distance_m) const {
    return lens_model::tile_px(wanted(lamp, kSensor, kFull), distance_m, profile_.lens, lens_);
}

light::Radiance SceneRenderer::render(std::size_t lamp, light::Rect pixels, SamplingDensity density,
                                      const scenes::TextureCache& textures) const {
    const auto wanted = this->wanted(lamp, pixels, density);
    const scenes::Raster raster{.pixels = pixels,
                                .samples_per_pixel = density.samples_per_pixel,
                                .pixels_per_sample = density.pixels_per_sample,
                                .draft = density.draft};
    auto radiance = scenes::render_still(
        world_, still_, view_, response_, lamp, raster, textures, [&](double distance_m) {
            return lens_model::sampling(wanted, distance_m, profile_.lens, lens_, quality(density));
        });
    radiance.diffusion = diffusion_;
    return radiance;
}

light::Radiance SceneRenderer::overview(std::size_t lamp, const scenes::TextureCache& textures) const {
    const scenes::Raster raster{
        .pixels = kSensor, .samples_per_pixel = 1, .pixels_per_sample = kMeanOf_px, .draft = true};
    return scenes::render_still(world_, resting_, view_, response_, lamp, raster, textures);
}

std::array<double, 3> SceneRenderer::frame_mean(std::size_t lamp,
                                                const scenes::TextureCache& textures) const {
    return lens_model::frame_mean(overview(lamp, textures));
}

/// Sources are found in the whole, and then measured pixel by pixel.
light::Mosaic SceneRenderer::flare(std::size_t lamp, const light::Radiance& whole,
                                   const scenes::TextureCache& textures) const {
    const double from = lens_model::bright_from(whole);
    light::Mosaic flare;
    for (const auto& found : lens_model::bright_sources(whole, from)) {
        if (flare.samples.empty()) flare = light::Mosaic(kSensor.width, kSensor.height);
        const auto near = scenes::render_still(world_, resting_, view_, response_, lamp,
                                               {.pixels = found.pixels}, textures);
        lens_model::add_flare(flare, kSensor, lens_model::bright_sources(near, from), from,
                              near.infrared_share, profile_.lens, lens_);
    }
    return flare;
}

light::Mosaic SceneRenderer::image(std::size_t lamp, light::Rect pixels, SamplingDensity density,
                                   const scenes::TextureCache& textures,
                                   const std::array<double, 3>& frame_mean) const {
    auto radiance = render(lamp, pixels, density, textures);
    radiance.frame_mean = frame_mean;
    const auto transfers = transfers_->source();
    return lens_model::image(radiance, profile_.lens, lens_, quality(density), &transfers);
}

std::vector<scenes::Moving> SceneRenderer::moving(scenes::Time from, scenes::Time to) const {
    return scenes::moving(world_, view_, from, to,
                          [this](double distance_m) { return margin_px(distance_m); });
}

scenes::Raster SceneRenderer::motion_sums_raster(const scenes::Moving& thing, SamplingDensity density) const {
    const auto margin = margin_px(thing.distance_m);
    const int most = thing.is_tile() ? kTileReach_samples : kMotionReach_samples;
    while (margin * density.samples_per_pixel > most * density.pixels_per_sample) density = coarser(density);
    while (thing.shown && samples_of(scenes::sprite_pixels(world_, thing, view_, {.margin_px = margin}),
                                     density) > kMotionSamplesMost)
        density = coarser(density);
    return {.margin_px = margin,
            .samples_per_pixel = density.samples_per_pixel,
            .pixels_per_sample = density.pixels_per_sample,
            .draft = density.draft};
}

scenes::Placed SceneRenderer::placed(const scenes::Moving& thing, SamplingDensity density) const {
    const auto raster = motion_sums_raster(thing, density);
    return {&thing, scenes::sprite_pixels(world_, thing, view_, raster),
            static_cast<double>(raster.samples_per_pixel) / raster.pixels_per_sample};
}

std::size_t SceneRenderer::motion_sums_bytes(const scenes::Moving& thing, SamplingDensity density) const {
    const auto raster = motion_sums_raster(thing, density);
    const auto pixels = scenes::sprite_pixels(world_, thing, view_, raster);
    const auto samples = [&](int px) { return px * raster.samples_per_pixel / raster.pixels_per_sample + 3; };
    return scenes::motion_sums_bytes(samples(pixels.width), samples(pixels.height));
}

scenes::MotionSums SceneRenderer::motion_sums(const scenes::Moving& thing, std::size_t lamp,
                                              SamplingDensity density,
                                              const std::array<double, 3>& frame_mean) const {
    auto radiance =
        scenes::render_sprite(world_, thing, view_, response_, lamp, motion_sums_raster(thing, density));
    radiance.diffusion = diffusion_;
    radiance.frame_mean = frame_mean;
    const auto transfers = transfers_->source();
    auto spread = lens_model::spread(radiance, profile_.lens, lens_, quality(density), &transfers);
    return scenes::motion_sums_of({.where = spread.where,
                                   .samples_per_pixel = spread.samples_per_pixel,
                                   .light = std::move(spread.light),
                                   .coverage = std::move(spread.coverage)},
                                  thing);
}

}  // namespace emulator
