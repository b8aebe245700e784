#include "emulator/imaging.h"

#include <algorithm>

#include "lens_model/blur.h"

namespace emulator {
namespace {

using scenes::light::Rect;

/// Discs of so many pixels are four samples wide in a draft.
constexpr double kDraftBlur_px = 16;
/// What autofocus looks at: it compares frames of one kind, so a sample for each pixel is enough.
constexpr Grain kSharp{};
/// A thing that left the frame is not drawn again, so its trail is dropped after some frames.
constexpr std::uint64_t kFramesKept = 30;

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

void Imaging::look(const lens_model::State& lens, bool lens_moves, Time time, Rect sharp) {
    ++frames_;
    const auto version = scenes::still_version(world_, time);
    if (!lens_moves || least_blur_px(world_, profile_.lens, lens) > kDraftBlur_px) sharp = {};
    const bool same_sight = sight_ && sight_->lens() == lens && grain_.is_draft() == lens_moves;
    if (same_sight && sharp_ == sharp && version_ == version) return;
    if (!same_sight) trails_.clear();
    sharp_ = sharp;
    version_ = version;
    if (!lens_moves) return take_full(lens, time);

    if (!sight_ || sight_->lens() != lens) sight_.emplace(profile_, world_, lens);
    grain_ = kDraft;
    render_drafts(time);
}

void Imaging::render_drafts(Time time) {
    prints_.prepare(world_, sight_->response(), time);
    stills_.resize(world_.lamps.size());
    for (std::size_t lamp = 0; lamp < stills_.size(); ++lamp) {
        auto& still = stills_[lamp];
        auto radiance = sight_->render(lamp, kSensor, kDraft, prints_);
        still.frame_mean = lens_model::frame_mean(radiance);
        still.parasitic = sight_->parasitic(lamp);
        radiance.frame_mean = still.frame_mean;
        lens_model::image_into(still.mosaic, radiance, radiance.pixels, profile_.lens, sight_->lens());
        if (!sharp_.empty()) render_sharp(lamp);
    }
}

void Imaging::render_sharp(std::size_t lamp) {
    auto& still = stills_[lamp];
    const auto mosaic = sight_->image(lamp, sharp_, kSharp, prints_, still.frame_mean);
    for (int y = 0; y < sharp_.height; ++y) {
        std::copy_n(mosaic.row(y), sharp_.width, still.mosaic.row(sharp_.y + y) + sharp_.x);
    }
}

void Imaging::take_full(const lens_model::State& lens, Time time) {
    if (!ahead_ || !ahead_->shows(lens, version_)) {
        abandon_ahead();
        const bool with_trails = trails_.empty();
        ahead_ = std::make_unique<FullPicture>(profile_, world_, lens, time, with_trails);
        if (threads_ == Threads::two) ahead_->begin_aside();
    }
    ahead_->finish();
    grain_ = kFull;
    sight_.emplace(ahead_->sight);
    stills_ = std::move(ahead_->stills);
    for (auto& [key, trail] : ahead_->trails)
        trails_.insert_or_assign(key, KeptTrail{std::move(trail), frames_});
    ahead_.reset();
}

void Imaging::expect(const lens_model::State& lens, Time time) {
    if (threads_ == Threads::one || (ahead_ && ahead_->shows(lens, scenes::still_version(world_, time))))
        return;
    abandon_ahead();
    ahead_ = std::make_unique<FullPicture>(profile_, world_, lens, time, true);
    ahead_->begin_aside();
}

void Imaging::abandon_ahead() {
    abandoned_.remove_if([](const auto& picture) { return picture->idle(); });
    if (!ahead_) return;
    ahead_->abandon();
    abandoned_.push_back(std::move(ahead_));
}

const scenes::Trail& Imaging::trail(const scenes::Moving& thing, std::size_t lamp) {
    const bool upright = scenes::goes_upright(world_, thing);
    auto& kept = trails_[{thing.key, lamp, upright}];
    if (kept.used_at == 0) kept.trail = sight_->trail(thing, upright, lamp, grain_, stills_[lamp].frame_mean);
    kept.used_at = frames_;
    return kept.trail;
}

void Imaging::forget_unused() {
    std::erase_if(trails_,
                  [this](const auto& entry) { return entry.second.used_at + kFramesKept < frames_; });
}

std::vector<scenes::Patch> Imaging::moving(std::span<const scenes::Shine> shines, Time from, Time to) {
    const auto things = sight_->moving(from, to);
    std::vector<scenes::Placed> placed;
    for (const auto& thing : things) {
        scenes::Placed one{.thing = &thing, .trails = {}};
        for (std::size_t lamp = 0; lamp < shines.size(); ++lamp) one.trails.push_back(&trail(thing, lamp));
        placed.push_back(std::move(one));
    }
    auto patches = scenes::compose(world_, sight_->view(), placed, shines, sight_->falloff());
    forget_unused();
    return patches;
}

}  // namespace emulator
