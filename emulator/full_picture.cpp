#include "emulator/full_picture.h"

#include <unistd.h>

#include <algorithm>

namespace emulator {
namespace {

using scenes::light::Rect;

/// Some tiles of blur, whose cores are 104 or 80 px wide, are made twice where parts meet.
constexpr int kPart_px = 832;
constexpr int kLeavesTheProcessor = 5;

std::vector<Rect> parts_of(const Rect& whole) {
    std::vector<Rect> parts;
    for (int y = 0; y < whole.height; y += kPart_px) {
        for (int x = 0; x < whole.width; x += kPart_px) {
            parts.push_back(
                {x, y, std::min(kPart_px, whole.width - x), std::min(kPart_px, whole.height - y)});
        }
    }
    return parts;
}

}  // namespace

FullPicture::FullPicture(const Profile& profile, const scenes::World& world, const lens_model::State& lens,
                         Time time, bool with_trails)
    : sight(profile, world, lens),
      world_(world),
      time_(time),
      with_trails_(with_trails),
      version_(scenes::still_version(world, time)) {}

void FullPicture::begin_aside() {
    idle_ = false;
    thread_ = std::jthread([this](const std::stop_token& stop) {
        (void)nice(kLeavesTheProcessor);  // of this thread alone
        while (!stop.stop_requested() && make_part()) {
        }
        idle_ = true;
    });
}

void FullPicture::finish() {
    while (make_part()) {
    }
    if (thread_.joinable()) thread_.join();
}

bool FullPicture::make_part() {
    std::call_once(prepared_, [this] { prepare(); });
    const auto part = next_part_++;
    if (part >= parts_.size()) return false;
    parts_[part]();
    return true;
}

void FullPicture::prepare() {
    prints_.prepare(world_, sight.response(), time_);
    stills.resize(world_.lamps.size());
    for (std::size_t lamp = 0; lamp < stills.size(); ++lamp) {
        auto& still = stills[lamp];
        still.parasitic = sight.parasitic(lamp);
        still.mosaic = scenes::light::Mosaic(kSensor.width, kSensor.height);
        still.frame_mean = sight.frame_mean(lamp, prints_);
        for (const Rect& part : parts_of(kSensor)) {
            parts_.emplace_back([this, lamp, &still, part] {
                const auto mosaic = sight.image(lamp, part, kFull, prints_, still.frame_mean);
                for (int y = 0; y < part.height; ++y)
                    std::copy_n(mosaic.row(y), part.width, still.mosaic.row(part.y + y) + part.x);
            });
        }
    }
    if (with_trails_) plan_trails();
}

void FullPicture::plan_trails() {
    for (const auto& thing : sight.moving(time_, time_)) {
        const bool upright = scenes::goes_upright(world_, thing);
        for (std::size_t lamp = 0; lamp < stills.size(); ++lamp) {
            auto& trail = trails[{thing.key, lamp, upright}];
            parts_.emplace_back([this, &trail, thing, upright, lamp] {
                trail = sight.trail(thing, upright, lamp, kFull, stills[lamp].frame_mean);
            });
        }
    }
}

}  // namespace emulator
