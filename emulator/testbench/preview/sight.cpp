#include "emulator/testbench/preview/sight.h"

#include <algorithm>

#include "scenes/world.h"

namespace emulator::testbench {
namespace {

using acquisition::StrobeOperation, acquisition::StrobePolarity;
using scenes::light::Interval;

bool changes(const scenes::Item& item) {
    const auto* picture = std::get_if<scenes::targets::Picture>(&item.target);
    return scenes::moves(item) || (picture != nullptr && picture->frames->size() > 1);
}

bool changes(const scenes::light::Lamp& lamp) {
    return lamp.waveform.kind == scenes::light::Waveform::Kind::flicker;
}

bool changes(const scenes::World& world) {
    return (world.conveyor && world.conveyor->speed_m_s != 0) || scenes::moves(world.camera_pose) ||
           std::ranges::any_of(world.items, [](const auto& item) { return changes(item); }) ||
           std::ranges::any_of(world.lamps, [](const auto& lamp) { return changes(lamp); });
}

/// When STROBE_OUT is high about an exposure, if it were triggered.
std::vector<Interval> strobe_high(const Camera& camera, double exposure_s) {
    const auto& strobe = camera.settings.strobe;
    const Interval all{-scenes::light::kLongestDelay_s, exposure_s};
    if (camera.disturbance().strobe_dead) return {};
    if (!strobe.enabled) return strobe.gp_out ? std::vector{all} : std::vector<Interval>{};
    const double begin = static_cast<double>(strobe.delay_us) * 1e-6;
    const double length = strobe.operation == StrobeOperation::exposure
                              ? exposure_s
                              : static_cast<double>(strobe.duration_us) * 1e-6;
    const Interval pulse{begin, std::min(begin + length, exposure_s)};
    const bool lit = pulse.end_s > pulse.start_s;
    if (strobe.polarity == StrobePolarity::active_high)
        return lit ? std::vector{pulse} : std::vector<Interval>{};
    if (!lit) return {all};
    std::vector<Interval> high{{all.start_s, pulse.start_s}};
    if (pulse.end_s < exposure_s) high.push_back({pulse.end_s, exposure_s});
    return high;
}

bool same(std::span<const Interval> one, std::span<const Interval> other) {
    return std::ranges::equal(one, other, [](const Interval& a, const Interval& b) {
        return a.start_s == b.start_s && a.end_s == b.end_s;
    });
}

}  // namespace

bool Sight::has_view_of(const Sight& other) const {
    const auto lens = request.lens.state(request.middle(), request.housing_c);
    const auto others = other.request.lens.state(other.request.middle(), other.request.housing_c);
    return request.world == other.request.world && lens == others && !request.lens.moving(request.middle());
}

bool Sight::operator==(const Sight& other) const {
    return has_view_of(other) && request.settings == other.request.settings &&
           request.grown_hot_pixels == other.request.grown_hot_pixels &&
           same(request.strobe_high, other.request.strobe_high) &&
           (!(moves || other.moves) || request.stamp == other.request.stamp);
}

protocol::gvsp::Block block_of(const FrameRequest& request, protocol::Bytes payload) {
    const auto& image = request.settings.image;
    return {.timestamp_ticks = protocol::ticks(request.stamp),
            .pixel_format = image.pixel_format,
            .size_x = static_cast<std::uint32_t>(image.width),
            .size_y = static_cast<std::uint32_t>(image.height),
            .offset_x = static_cast<std::uint32_t>(image.offset_x),
            .offset_y = static_cast<std::uint32_t>(image.offset_y),
            .payload = std::move(payload)};
}

Sight sight_of(const Bench& bench) {
    const auto& camera = bench.camera();
    const auto now = bench.now();
    Sight sight{.request = {.settings = camera.settings,
                            .lens = camera.lens(),
                            .world = camera.world_at(now),
                            .start = now,
                            .stamp = camera.device.clock.stamp(now),
                            .seed = camera.profile.seed,
                            .housing_c = camera.housing_c(),
                            .grown_hot_pixels = camera.disturbance().grown_hot_pixels(now)}};
    auto& request = sight.request;
    request.strobe_high = strobe_high(camera, protocol::seconds(request.duration()));
    sight.moves = changes(*request.world) || request.lens.moving(request.middle());
    return sight;
}

}  // namespace emulator::testbench
