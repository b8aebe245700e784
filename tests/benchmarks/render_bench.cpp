#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/imaging/frame_source.h"
#include "lens_model/optics/focus.h"
#include "scenes/motion/snapshot.h"

// What a change of lens costs, scene by scene, at five zooms and three focus settings: the full picture,
// which both threads render, and a frame while a motor moves. `--quick` renders the ends and the middle of
// the zoom, in focus.
//
// `--motion` tells what frames of a scene with moving things cost, at both ends and in the middle of zoom and
// exposure.

namespace {

using emulator::StillCache;
using Clock = std::chrono::steady_clock;

const std::vector<std::string> kScenes{"flat_field", "colour_chart", "slanted_edge", "siemens_star",
                                       "grey_steps", "dot_grid",     "checkerboard", "depth_range",
                                       "conveyor",   "picture",      "point_lights", "lens_cap"};

struct Setting {
    std::string name;
    double zoom, focus;
};

/// Nearest, sharp on the nearest item of the scene, and infinity.
std::vector<Setting> settings(const emulator::Profile& profile, const scenes::World& world, double zoom) {
    double nearest_m = world.background.distance_m;
    const auto view = lens_model::view(profile.lens, {.zoom_steps = zoom});
    for (const auto& seen : scenes::resting_items(world, view, {}))
        nearest_m = std::min(nearest_m, seen.distance_m);
    const double least_m = lens_model::minimum_distance_m(profile.lens, zoom);
    return {
        {"near", zoom, 0},
        {"right", zoom, lens_model::counts_for_distance(profile.lens, zoom, std::max(nearest_m, least_m))},
        {"far", zoom, lens_model::infinity_counts(profile.lens, zoom)}};
}

double cpu_ms() {
    timespec time{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return 1e3 * static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_nsec);
}

/// By the clock on the wall, and of both cores.
struct Cost {
    double wall_ms = 0, cpu_ms = 0;
};

Cost cost_of(const auto& act) {
    const auto began = Clock::now();
    const double cpu_began = cpu_ms();
    act();
    return {std::chrono::duration<double, std::milli>(Clock::now() - began).count(), cpu_ms() - cpu_began};
}

Cost median(std::vector<Cost> costs) {
    std::ranges::sort(costs, {}, &Cost::cpu_ms);
    return costs[costs.size() / 2];
}

struct Costs {
    Cost full, draft;
};

/// Each look is at another lens state, so that nothing is kept from the one before.
Costs costs(const emulator::Profile& profile, const std::shared_ptr<const scenes::World>& world,
            const Setting& setting) {
    constexpr int kTimes = 3;
    StillCache cache(profile, StillCache::Threads::two);
    auto lens = lens_model::State{.zoom_steps = setting.zoom, .focus_counts = setting.focus};
    const auto look = [&](bool lens_moves) {
        lens.focus_counts += 0.001;
        return cost_of([&] { cache.look(world, lens, lens_moves, {}); });
    };
    std::vector<Cost> full, draft;
    for (int i = 0; i < kTimes; ++i) full.push_back(look(false));
    for (int i = 0; i < kTimes; ++i) draft.push_back(look(true));
    return {median(full), median(draft)};
}

constexpr double kRate_hz = 36;  // that of the whole frame

struct MotionCosts {
    double period_ms = 0;
    Cost first, middle, worst;  // of the first frame, and of those that follow it
};

/// A frame after each period, so far apart that the belt has moved on.
MotionCosts motion_costs(const emulator::Profile& profile, const std::shared_ptr<const scenes::World>& world,
                         const Setting& lens, double exposure_us) {
    auto settings = profile.power_up;
    settings.lens.zoom = std::llround(lens.zoom), settings.lens.focus = std::llround(lens.focus);
    settings.exposure.time_us = exposure_us;
    emulator::FrameSource source(profile, StillCache::Threads::two);
    emulator::FrameRequest request{
        .settings = settings, .lens = {profile.lens, settings.lens}, .world = world};
    MotionCosts costs{std::max(1e-3 * exposure_us, 1e3 / kRate_hz), {}, {}, {}};
    const auto take = [&] {
        const auto cost = cost_of([&] { (void)source.take(request); });
        request.start += std::chrono::nanoseconds(std::llround(1e6 * costs.period_ms));
        request.stamp = protocol::Timestamp(request.start);
        ++request.frame;
        return cost;
    };
    costs.first = take();
    std::vector<Cost> following;
    const auto frames = static_cast<int>(std::clamp(1500 / costs.period_ms, 2.0, 40.0));
    for (int i = 0; i < frames; ++i) following.push_back(take());
    costs.middle = median(following);
    costs.worst = *std::ranges::max_element(following, {}, &Cost::cpu_ms);
    return costs;
}

void print_motion(const emulator::Profile& profile, const std::string& scene) {
    const auto world = std::make_shared<const scenes::World>(scenes::load(scene, {}));
    std::printf(
        "| scene | zoom | focus | exposure, ms | period, ms | first, processor, ms | following, median "
        "| worst | worst, periods |\n|---|---|---|---|---|---|---|---|---|\n");
    for (const double zoom : {0.0, 400.0, 1000.0})
        for (const auto& setting : settings(profile, *world, zoom)) {
            if (setting.name == "far") continue;
            for (const double exposure_us : {20.0, 1e3, 20e3, 300e3, 30e6}) {
                const auto costs = motion_costs(profile, world, setting, exposure_us);
                std::printf("| %s | %.0f | %s | %g | %.0f | %.0f | %.0f | %.0f | %.2f |\n", scene.c_str(),
                            zoom, setting.name.c_str(), 1e-3 * exposure_us, costs.period_ms,
                            costs.first.cpu_ms, costs.middle.cpu_ms, costs.worst.cpu_ms,
                            costs.worst.cpu_ms / costs.period_ms);
                std::fflush(stdout);
            }
        }
}

}  // namespace

int main(int argc, char** argv) {
    std::vector<std::string> scenes(argv + 1, argv + argc);
    const bool quick = std::erase(scenes, "--quick") > 0;
    const bool motion = std::erase(scenes, "--motion") > 0;
    const emulator::Profile profile;
    if (motion) {
        for (const auto& scene : scenes) print_motion(profile, scene);
        return 0;
    }
    if (scenes.empty()) scenes = kScenes;
    Cost worst_full, worst_draft;
    const auto grow = [](Cost& worst, const Cost& cost) {
        worst = {std::max(worst.wall_ms, cost.wall_ms), std::max(worst.cpu_ms, cost.cpu_ms)};
    };
    std::printf(
        "| scene | zoom | focus | at rest, ms | processor, ms | moving, ms | processor, ms "
        "|\n|---|---|---|---|---|---|---|\n");
    for (const auto& scene : scenes) {
        const auto world = std::make_shared<const scenes::World>(scenes::load(scene, {}));
        const auto zooms =
            quick ? std::vector<double>{0, 500, 1000} : std::vector<double>{0, 250, 500, 750, 1000};
        for (const double zoom : zooms) {
            for (const auto& setting : settings(profile, *world, zoom)) {
                if (quick && setting.name != "right") continue;
                const auto [full, draft] = costs(profile, world, setting);
                std::printf("| %s | %.0f | %s | %.0f | %.0f | %.0f | %.0f |\n", scene.c_str(), zoom,
                            setting.name.c_str(), full.wall_ms, full.cpu_ms, draft.wall_ms, draft.cpu_ms);
                std::fflush(stdout);
                grow(worst_full, full), grow(worst_draft, draft);
            }
        }
    }
    std::printf("| worst | | | %.0f | %.0f | %.0f | %.0f |\n", worst_full.wall_ms, worst_full.cpu_ms,
                worst_draft.wall_ms, worst_draft.cpu_ms);
}
