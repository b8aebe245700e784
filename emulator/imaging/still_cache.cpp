#include "emulator/imaging/still_cache.h"

#include <algorithm>

#include "lens_model/blur/blur.h"

namespace emulator {
namespace {

using scenes::light::Rect;

/// Where all discs are wider, finer samples tell autofocus nothing.
constexpr double kDraftBlur_px = 16;
/// Sampling of the autofocus region: it compares frames among each other, so one sample per pixel is enough.
constexpr SamplingDensity kSharp{};
/// Motion sums of a thing that left the frame are dropped after so many frames.
constexpr std::uint64_t kFramesKept = 30;

std::size_t bytes_of(const scenes::MotionSums& motion_sums) {
    return scenes::motion_sums_bytes(motion_sums.width, motion_sums.height);
}

/// Blur of a point in best focus.
double least_blur_px(const scenes::World& world, const lens_model::Constants& constants,
                     const lens_model::State& lens, scenes::Span exposure) {
    constexpr int kGreen = 1;
    const auto disc_px = [&](double distance_m) {
        return lens_model::blur(constants, lens, distance_m, 0, kGreen).disc_um / lens_model::kPixelPitch_um;
    };
    const auto view = lens_model::view(constants, lens);
    double least_px = disc_px(scenes::ground_of(world, view, exposure).distance_m);
    for (const auto& seen : scenes::resting_items(world, view, exposure))
        least_px = std::min(least_px, disc_px(seen.distance_m));
    return least_px;
}

}  // namespace

void StillCache::look(const std::shared_ptr<const scenes::World>& world, const lens_model::State& lens,
                      bool lens_moves, scenes::Span exposure, Rect sharp, const std::stop_token& stop) {
    ++frames_;
    if (world_ != world) {
        complete_ = false;
        renderer_.reset();
        textures_ = {};
        world_ = world;
    }
    const auto version = scenes::still_version(*world_, exposure);
    if (!lens_moves || least_blur_px(*world_, profile_.lens, lens, exposure) > kDraftBlur_px) sharp = {};
    const bool same_renderer = complete_ && renderer_->lens() == lens && density_.draft == lens_moves;
    if (same_renderer && sharp_ == sharp && version_ == version) return;
    const bool same_place = renderer_ && !scenes::camera_moves(*world_, exposure) &&
                            scenes::camera_at(*world_, exposure.from) == renderer_->camera();
    if (!same_renderer || !same_place) sums_.clear();
    complete_ = false;
    sharp_ = sharp;
    version_ = version;
    if (lens_moves)
        take_draft(lens, exposure, stop);
    else
        take_full(lens, exposure, stop);
    complete_ = true;
}

void StillCache::take_draft(const lens_model::State& lens, scenes::Span exposure,
                            const std::stop_token& stop) {
    Kept kept;
    kept.textures = std::move(textures_);
    for (auto& still : stills_)
        if (still.use_count() == 1) kept.memory.push_back(std::move(*still));
    stills_.clear();
    const auto draft = std::make_shared<RenderJob>(profile_, world_, lens, exposure, kDraft, std::move(kept));
    if (threads_ == Threads::two) background_.begin_first(draft);
    draft->finish(stop);
    textures_ = std::move(draft->textures);
    take(*draft, kDraft);
}

void StillCache::take(RenderJob& picture, SamplingDensity density) {
    density_ = density;
    renderer_.emplace(picture.renderer);
    stills_.clear();
    for (auto& still : picture.stills) stills_.push_back(std::make_shared<Still>(std::move(still)));
    for (std::size_t lamp = 0; lamp < stills_.size(); ++lamp) {
        if (!sharp_.empty()) render_sharp(lamp);
        collect(lamp);
    }
}

void StillCache::render_sharp(std::size_t lamp) {
    auto& still = *stills_[lamp];
    const auto mosaic = renderer_->image(lamp, sharp_, kSharp, textures_, still.frame_mean);
    for (int y = 0; y < sharp_.height; ++y) {
        std::copy_n(mosaic.row(y), sharp_.width, still.alone.row(sharp_.y + y) + sharp_.x);
    }
}

void StillCache::collect(std::size_t lamp) {
    auto& still = *stills_[lamp];
    if (still.mosaic.samples.empty()) still.mosaic = scenes::light::Mosaic(kSensor.width, kSensor.height);
    if (still.flare.samples.empty())
        return sensor_model::exchange(still.alone, kSensor, renderer_->crosstalk(lamp), still.mosaic,
                                      kSensor);
    auto all = still.alone;
    add_flare(lamp, kSensor, all);
    sensor_model::exchange(all, kSensor, renderer_->crosstalk(lamp), still.mosaic, kSensor);
}

void StillCache::add_flare(std::size_t lamp, const Rect& where, scenes::light::Mosaic& light) const {
    for (int y = 0; y < where.height; ++y) {
        const float* flare = stills_[lamp]->flare.row(where.y + y) + where.x;
        float* to = light.row(y);
        for (int x = 0; x < where.width; ++x) to[x] += flare[x];
    }
}

/// Of a part of the picture all but a rim that lacks neighbours; the rim of the sensor stays.
scenes::Patch StillCache::collected(std::size_t lamp, scenes::Patch alone) const {
    if (!stills_[lamp]->flare.samples.empty()) add_flare(lamp, alone.where, alone.electrons);
    const auto& outer = alone.where;
    const int left = outer.x == 0 ? 0 : outer.x + 1, top = outer.y == 0 ? 0 : outer.y + 1;
    const int outer_right = outer.x + outer.width, outer_bottom = outer.y + outer.height;
    const int right = outer_right == kSensor.width ? outer_right : outer_right - 1;
    const int bottom = outer_bottom == kSensor.height ? outer_bottom : outer_bottom - 1;
    const Rect inner{left, top, right - left, bottom - top};
    scenes::Patch held{inner, scenes::light::Mosaic(inner.width, inner.height)};
    sensor_model::exchange(alone.electrons, outer, renderer_->crosstalk(lamp), held.electrons, inner);
    return held;
}

void StillCache::keep() {
    if (complete_ && !density_.draft) kept_.emplace(Picture{world_, *renderer_, version_, stills_});
}

void StillCache::take_full(const lens_model::State& lens, scenes::Span exposure,
                           const std::stop_token& stop) {
    if (kept_ && kept_->world == world_ && kept_->renderer.lens() == lens && kept_->version == version_) {
        density_ = kFull;
        renderer_.emplace(kept_->renderer);
        stills_ = kept_->stills;
        return;
    }
    if (!ahead_ || !ahead_->has_stills() || !ahead_->shows(world_, lens, version_))
        begin_ahead(world_, lens, exposure, true);
    const auto picture = ahead_;
    take_motion_sums(stop);
    take(*picture, kFull);
    if (sums_.empty()) renderer_->spare_memory();
}

void StillCache::expect(const std::shared_ptr<const scenes::World>& world, const lens_model::State& lens,
                        Time time) {
    if (threads_ == Threads::one || !world || scenes::camera_moves(*world, time)) return;
    const auto version = scenes::still_version(*world, time);
    const bool seen =
        complete_ && world_ == world && renderer_->lens() == lens && !density_.draft && version_ == version;
    const bool kept =
        kept_ && kept_->world == world && kept_->renderer.lens() == lens && kept_->version == version;
    if (ahead_ && ahead_->has_stills() && !seen && ahead_->shows(world, lens, version)) return;
    if (kept && !seen) return;
    begin_ahead(world, lens, time, !seen);
}

void StillCache::begin_ahead(const std::shared_ptr<const scenes::World>& world, const lens_model::State& lens,
                             scenes::Span exposure, bool with_stills) {
    Kept kept;
    if (!with_stills) {
        for (const auto& still : stills_) kept.frame_means.push_back(still->frame_mean);
    }
    if (world_ == world && renderer_ && renderer_->lens() == lens && !density_.draft) {
        for (const auto& [key, motion_sums] : sums_) kept.sums.insert(key);
    }
    ahead_ = std::make_shared<RenderJob>(profile_, world, lens, exposure, kFull, std::move(kept));
    if (threads_ == Threads::two) background_.begin(ahead_);
}

void StillCache::take_motion_sums(const std::stop_token& stop) {
    ahead_->finish(stop);
    for (auto& [key, motion_sums] : ahead_->sums)
        sums_.try_emplace(key, KeptSums{std::move(motion_sums), frames_, ++turns_});
    make_room(0);
    ahead_.reset();
}

std::size_t StillCache::missing_motion_sums(std::span<const scenes::Moving> things,
                                            std::span<const LampLight> lamps) const {
    std::size_t missing = 0;
    for (const auto& thing : things) {
        for (std::size_t lamp = 0; lamp < lamps.size(); ++lamp)
            missing += !lamps[lamp].pulses.empty() && !sums_.contains({thing.key, lamp, thing.upright});
    }
    return missing;
}

// Motion sums that were expected are taken, and if several are still missing both threads make them.
void StillCache::make_motion_sums(std::span<const scenes::Moving> things, std::span<const LampLight> lamps,
                                  Time time, const std::stop_token& stop) {
    if (density_.draft || renderer_->camera_moves() || missing_motion_sums(things, lamps) == 0) return;
    if (ahead_ && !ahead_->has_stills() && ahead_->shows(world_, renderer_->lens(), version_))
        take_motion_sums(stop);
    if (threads_ == Threads::one || missing_motion_sums(things, lamps) < 2) return;
    begin_ahead(world_, renderer_->lens(), time, false);
    take_motion_sums(stop);
}

const scenes::MotionSums& StillCache::motion_sums(const scenes::Moving& thing, std::size_t lamp) {
    const MotionSumsKey key{thing.key, lamp, thing.upright};
    auto found = sums_.find(key);
    if (found == sums_.end()) {
        make_room(renderer_->motion_sums_bytes(thing, density_));
        auto made = renderer_->motion_sums(thing, lamp, density_, stills_[lamp]->frame_mean);
        found = sums_.emplace(key, KeptSums{.motion_sums = std::move(made)}).first;
    }
    auto& kept = found->second;
    kept.used_at = frames_;
    kept.turn = ++turns_;
    return kept.motion_sums;
}

/// Drops what was used longest ago until so much fits in.
void StillCache::make_room(std::size_t bytes) {
    for (const auto& [key, kept] : sums_) bytes += bytes_of(kept.motion_sums);
    while (bytes > kMotionSumsBytes && !sums_.empty()) {
        const auto oldest =
            std::ranges::min_element(sums_, {}, [](const auto& entry) { return entry.second.turn; });
        bytes -= bytes_of(oldest->second.motion_sums);
        sums_.erase(oldest);
    }
}

void StillCache::forget_unused() {
    std::erase_if(sums_, [this](const auto& entry) { return entry.second.used_at + kFramesKept < frames_; });
}

std::vector<scenes::Patch> StillCache::moving(std::span<const LampLight> lamps, Time from, Time to,
                                              const std::stop_token& stop) {
    std::vector<scenes::LampExposure> exposures;
    for (std::size_t lamp = 0; lamp < lamps.size(); ++lamp) {
        for (const auto& pulse : lamps[lamp].pulses)
            exposures.push_back({lamp, &stills_[lamp]->alone, pulse.from, pulse.to, pulse.seconds});
    }
    const auto things = renderer_->moving(from, to);
    make_motion_sums(things, lamps, from, stop);
    std::vector<scenes::Placed> placed;
    placed.reserve(things.size());
    for (const auto& thing : things) placed.push_back(renderer_->placed(thing, density_));
    const auto motion_sums_of = [&](const scenes::Moving& thing,
                                    std::size_t lamp) -> const scenes::MotionSums& {
        check(stop);
        return motion_sums(thing, lamp);
    };
    auto patches = scenes::compose(
        *world_, renderer_->view(), placed, motion_sums_of, exposures, renderer_->falloff(),
        [this](std::size_t lamp, scenes::Patch alone) { return collected(lamp, std::move(alone)); });
    forget_unused();
    return patches;
}

}  // namespace emulator
