#include "emulator/testbench/ground_truth.h"

#include <algorithm>

#include "emulator/acquisition/frame_timing.h"
#include "emulator/imaging/scene_renderer.h"

namespace emulator::testbench {
namespace {

using scenes::light::Point;
using sensor_model::Region;

/// One axis: image pixels are `scale` times sensor pixels from `zero` on.
struct Axis {
    double scale = 1, zero = 0;
    [[nodiscard]] double at(double sensor) const { return scale * (sensor - zero); }
};

// Of every four photosites along a skipped axis the first two are read; a flipped image ends one photosite
// early, so that it begins with red.
Axis axis(int first, int skip, bool reverse, int read) {
    const Axis forward =
        skip == 1 ? Axis{1, static_cast<double>(first)} : Axis{0.5, static_cast<double>(first) - 1};
    if (!reverse) return forward;
    return {-forward.scale, forward.zero + (read - 1) / forward.scale};
}

struct Place {
    Axis x, y;
    [[nodiscard]] Point at(Point sensor) const { return {x.at(sensor.x), y.at(sensor.y)}; }
};

Place place(const Region& r) {
    return {axis(r.x, r.skip_x, r.reverse_x, read_width(r)),
            axis(r.y, r.skip_y, r.reverse_y, read_height(r))};
}

scenes::Visible visible(const scenes::Box& box, const Region& r) {
    const double width = read_width(r), height = read_height(r);
    if (box.right <= 0 || box.bottom <= 0 || box.left >= width || box.top >= height)
        return scenes::Visible::none;
    const bool whole = box.left >= 0 && box.top >= 0 && box.right <= width && box.bottom <= height;
    return whole ? scenes::Visible::whole : scenes::Visible::part;
}

}  // namespace

scenes::Truth ground_truth(const scenes::World& world, const Profile& profile, const lens_model::State& lens,
                           const ImageFormat& image, scenes::Time time) {
    auto truth = scenes::truth(world, lens_model::view(profile.lens, lens), time);
    const auto region = acquisition::region(image);
    const auto to = place(region);
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
    const SceneRenderer renderer(profile, world, lens);
    std::vector<double> green;  // green signal of each lamp
    for (const auto& lamp : world.lamps)
        green.push_back(scenes::light::signal(lamp.irradiance, renderer.response())[1]);
    return emulator::middle_of_light(lighting(world, from, to, strobe_high), green, from, to);
}

}  // namespace emulator::testbench
