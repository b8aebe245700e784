#include "emulator/testbench/ground_truth.h"

#include <algorithm>

#include "emulator/acquisition/frame_timing.h"
#include "emulator/imaging/scene_renderer.h"
#include "emulator/testbench/truth/image_place.h"

namespace emulator::testbench {
namespace {

using sensor_model::Region;

scenes::Visible visible(const scenes::Box& box, const Region& r) {
    const double width = read_width(r), height = read_height(r);
    if (box.right <= 0 || box.bottom <= 0 || box.left >= width || box.top >= height)
        return scenes::Visible::none;
    const bool whole = box.left >= 0 && box.top >= 0 && box.right <= width && box.bottom <= height;
    return whole ? scenes::Visible::whole : scenes::Visible::part;
}

}  // namespace

scenes::Truth ground_truth(const scenes::Snapshot& snapshot, const scenes::light::View& view,
                           const ImageFormat& image) {
    auto truth = scenes::truth(snapshot, view);
    const auto region = acquisition::region(image);
    const auto to = image_place(region);
    for (auto& item : truth.items) {
        for (auto& corner : item.corners_px) corner = to.at(corner);
        item.centre_px = to.at(item.centre_px);
        item.velocity_px_s = {to.x.scale * item.velocity_px_s.x, to.y.scale * item.velocity_px_s.y};
        const auto a = to.at({item.box_px.left, item.box_px.top});
        const auto b = to.at({item.box_px.right, item.box_px.bottom});
        item.box_px = {std::min(a.x, b.x), std::min(a.y, b.y), std::max(a.x, b.x), std::max(a.y, b.y)};
        item.visible = visible(item.box_px, region);
    }
    return truth;
}

scenes::Time middle_of_light(const scenes::World& world, const Profile& profile,
                             const lens_model::State& lens, scenes::Time from, scenes::Time to,
                             std::span<const scenes::light::Interval> strobe_high) {
    const auto switched = [](const auto& lamp) { return lamp.waveform.is_switched(); };
    if (std::none_of(world.lamps.begin(), world.lamps.end(), switched)) return from + (to - from) / 2;
    const SceneRenderer renderer(profile, world, lens);
    std::vector<double> green;  // green signal of each lamp
    for (const auto& lamp : world.lamps)
        green.push_back(scenes::light::signal(lamp.irradiance, renderer.response())[1]);
    return emulator::middle_of_light(lighting(world, from, to, strobe_high), green, from, to);
}

}  // namespace emulator::testbench
