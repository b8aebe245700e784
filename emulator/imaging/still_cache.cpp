#include "emulator/imaging/still_cache.h"

#include <algorithm>

#include "lens_model/blur/blur.h"

namespace emulator {
namespace {

using scenes::light::Rect;

/// Discs of so many pixels are four samples wide in a draft.
constexpr double kDraftBlur_px = 16;
/// What autofocus looks at: it compares frames of one kind, so a sample for each pixel is enough.
constexpr Grain kSharp{};
/// A thing that left the frame is not drawn again, so its trail is dropped after some frames.
constexpr std::uint64_t kFramesKept = 30;

std::size_t bytes_of(const scenes::Trail& trail) { return scenes::trail_bytes(trail.width, trail.height); }

/// How large a point is drawn that is best in focus.
double least_blur_px(const scenes::World& world, const lens_model::Constants& constants,
                     const lens_model::State& lens) {
    constexpr int kGreen = 1;
    const auto disc_px = [&](double distance_m) {
        return lens_model::blur(constants, lens, distance_m, 0, kGreen).disc_um / lens_model::kPixelPitch_um;
    };
    double least_px = disc_px(world.background.distance_m);
    for (const auto& item : world.items) least_px = std::min(least_px, disc_px(item.pose.position_m.z));
    return least_px;
}

}  // namespace

void Imaging::look(const lens_model::State& lens, bool lens_moves, Time time, Rect sharp,
                   const std::stop_token& stop) {
    ++frames_;
    const auto version = scenes::still_version(world_, time);
    if (!lens_moves || least_blur_px(world_, profile_.lens, lens) > kDraftBlur_px) sharp = {};
    const bool same_sight = complete_ && sight_->lens() == lens && grain_.is_draft() == lens_moves;
    if (same_sight && sharp_ == sharp && version_ == version) return;
    if (!same_sight) trails_.clear();
    complete_ = false;
    sharp_ = sharp;
    version_ = version;
    if (lens_moves) {
        if (!sight_ || sight_->lens() != lens) sight_.emplace(profile_, world_, lens);
        grain_ = kDraft;
        render_drafts(time, stop);
    } else {
        take_full(lens, time, stop);
    }
    complete_ = true;
}

void Imaging::render_drafts(Time time, const std::stop_token& stop) {
    prints_.prepare(world_, sight_->response(), time);
    stills_.resize(world_.lamps.size());
    for (std::size_t lamp = 0; lamp < stills_.size(); ++lamp) {
        check(stop);
        auto& still = stills_[lamp];
        auto radiance = sight_->render(lamp, kSensor, kDraft, prints_);
        still.frame_mean = lens_model::frame_mean(radiance);
        still.parasitic = sight_->parasitic(lamp);
        radiance.frame_mean = still.frame_mean;
        still.flare = sight_->flare(lamp, radiance, prints_);
        lens_model::image_into(still.alone, radiance, radiance.pixels, profile_.lens, sight_->lens());
        if (!sharp_.empty()) render_sharp(lamp);
        collect(lamp);
    }
}

void Imaging::render_sharp(std::size_t lamp) {
    auto& still = stills_[lamp];
    const auto mosaic = sight_->image(lamp, sharp_, kSharp, prints_, still.frame_mean);
    for (int y = 0; y < sharp_.height; ++y) {
        std::copy_n(mosaic.row(y), sharp_.width, still.alone.row(sharp_.y + y) + sharp_.x);
    }
}

void Imaging::collect(std::size_t lamp) {
    auto& still = stills_[lamp];
    if (still.mosaic.samples.empty()) still.mosaic = scenes::light::Mosaic(kSensor.width, kSensor.height);
    if (still.flare.samples.empty())
        return sensor_model::exchange(still.alone, kSensor, sight_->crosstalk(lamp), still.mosaic, kSensor);
    auto all = still.alone;
    add_flare(lamp, kSensor, all);
    sensor_model::exchange(all, kSensor, sight_->crosstalk(lamp), still.mosaic, kSensor);
}

void Imaging::add_flare(std::size_t lamp, const Rect& where, scenes::light::Mosaic& light) const {
    for (int y = 0; y < where.height; ++y) {
        const float* flare = stills_[lamp].flare.row(where.y + y) + where.x;
        float* to = light.row(y);
        for (int x = 0; x < where.width; ++x) to[x] += flare[x];
    }
}

/// Of a part of the picture all but a rim that lacks neighbours; the rim of the sensor stays.
scenes::Patch Imaging::collected(std::size_t lamp, scenes::Patch alone) const {
    if (!stills_[lamp].flare.samples.empty()) add_flare(lamp, alone.where, alone.electrons);
    const auto& outer = alone.where;
    const int left = outer.x == 0 ? 0 : outer.x + 1, top = outer.y == 0 ? 0 : outer.y + 1;
    const int outer_right = outer.x + outer.width, outer_bottom = outer.y + outer.height;
    const int right = outer_right == kSensor.width ? outer_right : outer_right - 1;
    const int bottom = outer_bottom == kSensor.height ? outer_bottom : outer_bottom - 1;
    const Rect inner{left, top, right - left, bottom - top};
    scenes::Patch held{inner, scenes::light::Mosaic(inner.width, inner.height)};
    sensor_model::exchange(alone.electrons, outer, sight_->crosstalk(lamp), held.electrons, inner);
    return held;
}

void Imaging::take_full(const lens_model::State& lens, Time time, const std::stop_token& stop) {
    if (!ahead_ || !ahead_->has_stills() || !ahead_->shows(lens, version_)) begin_ahead(lens, time, true);
    const auto picture = ahead_;
    take_trails(stop);
    grain_ = kFull;
    sight_.emplace(picture->sight);
    stills_ = std::move(picture->stills);
    for (std::size_t lamp = 0; lamp < stills_.size(); ++lamp) collect(lamp);
}

void Imaging::expect(const lens_model::State& lens, Time time) {
    if (threads_ == Threads::one) return;
    const auto version = scenes::still_version(world_, time);
    const bool seen = complete_ && sight_->lens() == lens && !grain_.is_draft() && version_ == version;
    if (ahead_ && ahead_->has_stills() && !seen && ahead_->shows(lens, version)) return;
    begin_ahead(lens, time, !seen);
}

void Imaging::begin_ahead(const lens_model::State& lens, Time time, bool with_stills) {
    Kept kept;
    if (!with_stills) {
        for (const auto& still : stills_) kept.frame_means.push_back(still.frame_mean);
    }
    if (sight_ && sight_->lens() == lens && !grain_.is_draft()) {
        for (const auto& [key, trail] : trails_) kept.trails.insert(key);
    }
    ahead_ = std::make_shared<FullPicture>(profile_, world_, lens, time, std::move(kept));
    if (threads_ == Threads::two) background_.begin(ahead_);
}

void Imaging::take_trails(const std::stop_token& stop) {
    ahead_->finish(stop);
    for (auto& [key, trail] : ahead_->trails)
        trails_.try_emplace(key, KeptTrail{std::move(trail), frames_, ++turns_});
    make_room(0);
    ahead_.reset();
}

std::size_t Imaging::missing_trails(std::span<const scenes::Moving> things,
                                    std::span<const LampLight> lamps) const {
    std::size_t missing = 0;
    for (const auto& thing : things) {
        const bool upright = scenes::goes_upright(world_, thing);
        for (std::size_t lamp = 0; lamp < lamps.size(); ++lamp)
            missing += !lamps[lamp].pulses.empty() && !trails_.contains({thing.key, lamp, upright});
    }
    return missing;
}

// Trails that were expected are taken, and if several are still missing both threads make them.
void Imaging::draw_trails(std::span<const scenes::Moving> things, std::span<const LampLight> lamps, Time time,
                          const std::stop_token& stop) {
    if (grain_.is_draft() || missing_trails(things, lamps) == 0) return;
    if (ahead_ && !ahead_->has_stills() && ahead_->shows(sight_->lens(), version_)) take_trails(stop);
    if (threads_ == Threads::one || missing_trails(things, lamps) < 2) return;
    begin_ahead(sight_->lens(), time, false);
    take_trails(stop);
}

const scenes::Trail& Imaging::trail(const scenes::Moving& thing, std::size_t lamp) {
    const bool upright = scenes::goes_upright(world_, thing);
    const TrailKey key{thing.key, lamp, upright};
    auto found = trails_.find(key);
    if (found == trails_.end()) {
        make_room(sight_->trail_bytes(thing, grain_));
        auto made = sight_->trail(thing, upright, lamp, grain_, stills_[lamp].frame_mean);
        found = trails_.emplace(key, KeptTrail{.trail = std::move(made)}).first;
    }
    auto& kept = found->second;
    kept.used_at = frames_;
    kept.turn = ++turns_;
    return kept.trail;
}

/// Drops what was used longest ago until so much fits in.
void Imaging::make_room(std::size_t bytes) {
    for (const auto& [key, kept] : trails_) bytes += bytes_of(kept.trail);
    while (bytes > kTrailBytes && !trails_.empty()) {
        const auto oldest =
            std::ranges::min_element(trails_, {}, [](const auto& entry) { return entry.second.turn; });
        bytes -= bytes_of(oldest->second.trail);
        trails_.erase(oldest);
    }
}

void Imaging::forget_unused() {
    std::erase_if(trails_,
                  [this](const auto& entry) { return entry.second.used_at + kFramesKept < frames_; });
}

std::vector<scenes::Patch> Imaging::moving(std::span<const LampLight> lamps, Time from, Time to,
                                           const std::stop_token& stop) {
    std::vector<scenes::Shine> shines;
    for (std::size_t lamp = 0; lamp < lamps.size(); ++lamp) {
        for (const auto& pulse : lamps[lamp].pulses)
            shines.push_back({lamp, &stills_[lamp].alone, pulse.from, pulse.to, pulse.seconds});
    }
    const auto things = sight_->moving(from, to);
    draw_trails(things, lamps, from, stop);
    std::vector<scenes::Placed> placed;
    for (const auto& thing : things) placed.push_back({&thing, sight_->trail_pixels(thing, grain_)});
    const auto trail_of = [&](const scenes::Moving& thing, std::size_t lamp) -> const scenes::Trail& {
        check(stop);
        return trail(thing, lamp);
    };
    auto patches = scenes::compose(
        world_, sight_->view(), placed, trail_of, shines, sight_->falloff(),
        [this](std::size_t lamp, scenes::Patch alone) { return collected(lamp, std::move(alone)); });
    forget_unused();
    return patches;
}

}  // namespace emulator
