#include "emulator/imaging.h"

#include <algorithm>

#include "lens_model/vignetting.h"
#include "sensor_model/quantum_efficiency.h"

namespace emulator {
namespace {

namespace light = scenes::light;
using light::Rect;

constexpr Rect kFrame{0, 0, 2048, 1536};

/// Two samples along each axis of a pixel resolve what the lens resolves.
constexpr int kSamplesPerPixel = 2;
/// While the lens moves every frame is drawn anew, in a sixteenth of the time.
constexpr int kDraftPixelsPerSample = 4;
/// A thing that left the frame is not drawn again, so its trail is dropped after some frames.
constexpr std::uint64_t kFramesKept = 30;
constexpr int kFalloffSteps = 32;

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
    int margin = lens_model::margin_px(constants, lens, world.background.distance_m);
    for (const auto& item : world.items) {
        margin = std::max(margin, lens_model::margin_px(constants, lens, item.pose.position_m.z));
    }
    return margin;
}

}  // namespace

void Imaging::look(const lens_model::State& lens, bool lens_moves, Time time, Rect sharp) {
    ++frames_;
    const auto version = scenes::still_version(world_, time);
    if (!lens_moves) sharp = {};
    if (lens_ == lens && draft_ == lens_moves && sharp_ == sharp && version_ == version) return;
    if (lens_ != lens || draft_ != lens_moves) trails_.clear();
    if (lens_ != lens) {
        view_ = lens_model::view(profile_.lens, lens);
        response_ = response(profile_.chip, lens_model::transmission(profile_.lens, lens));
        falloff_ = falloff(profile_.lens, lens);
        lens_ = lens;
    }
    draft_ = lens_moves;
    sharp_ = sharp;
    version_ = version;
    stills_.resize(world_.lamps.size());
    for (std::size_t lamp = 0; lamp < stills_.size(); ++lamp) render_still(lamp, time);
}

light::Radiance Imaging::render(std::size_t lamp, Time time, Rect pixels, int pixels_per_sample) {
    const scenes::Raster raster{.pixels = pixels,
                                .margin_px = margin_px(world_, profile_.lens, *lens_),
                                .samples_per_pixel = pixels_per_sample > 1 ? 1 : kSamplesPerPixel,
                                .pixels_per_sample = pixels_per_sample};
    return scenes::render_still(world_, view_, response_, lamp, raster, time, prints_);
}

void Imaging::render_still(std::size_t lamp, Time time) {
    Still& still = stills_[lamp];
    auto radiance = render(lamp, time, kFrame, draft_ ? kDraftPixelsPerSample : 1);
    still.frame_mean = lens_model::frame_mean(radiance);
    radiance.frame_mean = still.frame_mean;
    lens_model::image_into(still.mosaic, radiance, radiance.pixels, profile_.lens, *lens_);
    if (sharp_.empty()) return;

    auto sharp = render(lamp, time, sharp_, 1);
    sharp.frame_mean = still.frame_mean;
    const auto mosaic = lens_model::image(sharp, profile_.lens, *lens_);
    for (int y = 0; y < sharp_.height; ++y) {
        std::copy_n(mosaic.row(y), sharp_.width, still.mosaic.row(sharp_.y + y) + sharp_.x);
    }
}

const scenes::Trail& Imaging::trail(const scenes::Moving& thing, std::size_t lamp) {
    const bool upright = scenes::goes_upright(world_, thing);
    auto& kept = trails_[{thing.key, lamp, upright}];
    if (kept.used_at == 0) {
        const auto margin = lens_model::margin_px(profile_.lens, *lens_, thing.distance_m);
        auto radiance =
            scenes::render_sprite(world_, thing, view_, response_, lamp, margin,
                                  draft_ ? 1 : kSamplesPerPixel, draft_ ? kDraftPixelsPerSample : 1);
        radiance.frame_mean = stills_[lamp].frame_mean;
        auto spread = lens_model::spread(radiance, profile_.lens, *lens_,
                                         draft_ ? lens_model::Quality::coarse : lens_model::Quality::full);
        kept.trail = scenes::trail_of({.where = spread.where,
                                       .samples_per_pixel = spread.samples_per_pixel,
                                       .light = std::move(spread.light),
                                       .coverage = std::move(spread.coverage)},
                                      upright);
    }
    kept.used_at = frames_;
    return kept.trail;
}

void Imaging::forget_unused() {
    std::erase_if(trails_,
                  [this](const auto& entry) { return entry.second.used_at + kFramesKept < frames_; });
}

std::vector<scenes::Patch> Imaging::moving(std::span<const scenes::Shine> shines, Time from, Time to) {
    const auto things = scenes::moving(world_, view_, from, to);
    std::vector<scenes::Placed> placed;
    for (const auto& thing : things) {
        scenes::Placed one{.thing = &thing, .trails = {}};
        for (std::size_t lamp = 0; lamp < shines.size(); ++lamp) one.trails.push_back(&trail(thing, lamp));
        placed.push_back(std::move(one));
    }
    auto patches = scenes::compose(world_, view_, placed, shines, falloff_);
    forget_unused();
    return patches;
}

}  // namespace emulator
