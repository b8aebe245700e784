#include "emulator/imaging/render_job.h"

#include <algorithm>

namespace emulator {
namespace {

using scenes::light::Rect;

/// Small parts stay in the processor's caches. But where blur is wide, what is drawn around each of them
/// counts for more.
constexpr int kTilesOfSmallPart = 2, kSmallPart_px = 208, kLargePart_px = 832, kDraftPart_px = 256;

int part_px(const SceneRenderer& renderer, std::size_t lamp, const scenes::light::Radiance& overview,
            SamplingDensity density) {
    if (density.draft) return kDraftPart_px;
    int tile = 1;
    for (const auto& layer : overview.layers) tile = std::max(tile, renderer.tile_px(lamp, layer.distance_m));
    return kTilesOfSmallPart * tile <= kSmallPart_px ? kTilesOfSmallPart * tile : kLargePart_px;
}

std::vector<Rect> parts_of(const Rect& whole, int size) {
    std::vector<Rect> parts;
    for (int y = 0; y < whole.height; y += size) {
        for (int x = 0; x < whole.width; x += size) {
            parts.push_back({x, y, std::min(size, whole.width - x), std::min(size, whole.height - y)});
        }
    }
    return parts;
}

}  // namespace

RenderJob::RenderJob(const Profile& profile, std::shared_ptr<const scenes::World> shown,
                     const lens_model::State& lens, scenes::Span during, SamplingDensity density, Kept kept)
    : world(std::move(shown)),
      renderer(profile, *world, lens, during),
      during_(during),
      density_(density),
      kept_(std::move(kept)),
      version_(scenes::still_version(*world, during)) {}

bool RenderJob::make_part() {
    std::call_once(prepared_, [this] { prepare(); });
    std::size_t part = 0;
    {
        const std::lock_guard lock(mutex_);
        if (begun_ == parts_.size()) return false;
        part = begun_++;
    }
    parts_[part]();
    const std::lock_guard lock(mutex_);
    ++made_;
    made_one_.notify_all();
    return true;
}

void RenderJob::finish(const std::stop_token& stop) {
    check(stop);
    while (make_part()) check(stop);
    std::unique_lock lock(mutex_);
    made_one_.wait(lock, [this] { return made_ == parts_.size(); });
}

void RenderJob::prepare() {
    stills = std::move(kept_.memory);
    textures = std::move(kept_.textures);
    stills.resize(world->lamps.size());
    if (has_stills()) {
        plan_stills();
    } else {
        for (std::size_t lamp = 0; lamp < stills.size(); ++lamp)
            stills[lamp].frame_mean = kept_.frame_means[lamp];
    }
    plan_motion_sums();
}

void RenderJob::plan_stills() {
    textures.prepare(*world, renderer.response(), during_.from);
    for (std::size_t lamp = 0; lamp < stills.size(); ++lamp) {
        auto& still = stills[lamp];
        still.pls = renderer.pls(lamp);
        if (still.alone.samples.empty()) still.alone = scenes::light::Mosaic(kSensor.width, kSensor.height);
        const auto overview = renderer.overview(lamp, textures);
        still.frame_mean = lens_model::frame_mean(overview);
        still.flare = renderer.flare(lamp, overview, textures);
        for (const Rect& part : parts_of(kSensor, part_px(renderer, lamp, overview, density_))) {
            parts_.emplace_back([this, lamp, &still, part] {
                const auto mosaic = renderer.image(lamp, part, density_, textures, still.frame_mean);
                for (int y = 0; y < part.height; ++y)
                    std::copy_n(mosaic.row(y), part.width, still.alone.row(part.y + y) + part.x);
            });
        }
    }
}

void RenderJob::plan_motion_sums() {
    if (renderer.camera_moves() || density_.draft) return;  // what moves is drawn for each exposure
    std::size_t bytes = 0;
    for (const auto& thing : renderer.moving(during_.from, during_.from)) {
        bytes += renderer.motion_sums_bytes(thing, kFull) * stills.size();
        if (bytes > kMotionSumsBytes) break;
        for (std::size_t lamp = 0; lamp < stills.size(); ++lamp) {
            const MotionSumsKey key{thing.key, lamp, thing.upright};
            if (kept_.sums.contains(key)) continue;
            auto& motion_sums = sums[key];
            parts_.emplace_back([this, &motion_sums, thing, lamp] {
                motion_sums = renderer.motion_sums(thing, lamp, kFull, stills[lamp].frame_mean);
            });
        }
    }
}

}  // namespace emulator
