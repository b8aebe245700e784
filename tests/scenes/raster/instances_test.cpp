#include "scenes/raster/instances.h"

#include <doctest/doctest.h>

#include "tests/scenes/scene_support.h"

using namespace scenes;
using namespace scenes::testing;

namespace {

constexpr light::Rect kWhole = light::kSensor;

Instances seen_in(const World& world, const light::View& view, Time time = {}, light::Rect part = kWhole) {
    return instances(snapshot(world, view, time), pixel_centres(view, part), part);
}

/// Every kind of outline there is: holes, strokes, discs, slants.
World mixed() {
    return scene_of(R"({"light": {}, "background": {"reflectance": 0.5, "distance_m": 9}, "items": [
        {"name": "far", "kind": "checkerboard", "columns": 7, "rows": 5, "square_m": 0.2,
         "position_m": [0.2, 0.1, 4], "rotation_deg": [5, 30, 10]},
        {"name": "words", "kind": "text", "text": "GIGEMU 265", "height_m": 0.2, "position_m": [0, 0.1, 2.5]},
        {"name": "near", "kind": "uniform", "reflectance": 0.2, "size_m": [0.3, 0.2],
         "position_m": [-0.3, -0.2, 1], "rotation_deg": [0, -40, 20]},
        {"name": "code", "kind": "qr", "text": "occluded", "width_m": 0.4, "position_m": [0.5, -0.3, 2]}]})");
}

}  // namespace

TEST_CASE("an item's instance mask differs from a rendering of it alone by no pixel that has no edge in it") {
    for (const light::View& view : {wide_view(), plain_view(5)}) {
        const World all = mixed();
        for (const Item& item : all.items) {
            World alone = all;
            alone.items = {item};
            const auto seen = seen_in(alone, view);
            const auto radiance = render_still(alone, view, response(), 0, Raster{kWhole, 0, 1});
            REQUIRE(radiance.layers.size() == 2);
            const light::Layer& drawn = radiance.layers.back();
            int wrong = 0, edge = 0, inside = 0;
            for (int y = 0; y < drawn.where.height; ++y)
                for (int x = 0; x < drawn.where.width; ++x) {
                    const int column = drawn.where.x + x, row = drawn.where.y + y;
                    if (column < 0 || row < 0 || column >= kWhole.width || row >= kWhole.height) continue;
                    const float cover = drawn.coverage.at(x, y);
                    const bool set = seen.item.at(column, row) == 0;
                    inside += set;
                    if (cover > 0 && cover < 1) ++edge;
                    if (cover == 0 || cover == 1) wrong += set != (cover == 1);
                }
            CAPTURE(item.name);
            CHECK(inside > 5000);
            CHECK(edge > 100);
            CHECK(wrong == 0);
        }
    }
}

TEST_CASE("a pixel belongs to what is drawn last there, and every pixel has the depth of its item's plane") {
    const World world = mixed();
    light::View view = wide_view();
    view.entrance_pupil_m = 0.04;
    const auto shot = snapshot(world, view, {});
    const auto seen = instances(shot, pixel_centres(view, kWhole), kWhole);
    std::array<int, 5> found{};
    for (int y = 0; y < kWhole.height; ++y)
        for (int x = 0; x < kWhole.width; ++x) {
            const int item = seen.item.at(x, y);
            const double z = seen.depth_m.at(x, y);
            ++found[static_cast<std::size_t>(item + 1)];
            if (item == Snapshot::kNone) {
                REQUIRE(z == doctest::Approx(9.04));
                continue;
            }
            // Back along the ray of the pixel onto the plane.
            const Point ray = light::tangent_from_pixel(view, {x + 0.5, y + 0.5});
            const Plane plane = plane_at(shot.items[static_cast<std::size_t>(item)].pose);
            const Vec3 at = Vec3{ray.x * z, ray.y * z, z - 0.04} - plane.centre_m;
            const Vec3 n{plane.u.y * plane.v.z - plane.u.z * plane.v.y,
                         plane.u.z * plane.v.x - plane.u.x * plane.v.z,
                         plane.u.x * plane.v.y - plane.u.y * plane.v.x};
            REQUIRE(std::abs(at.x * n.x + at.y * n.y + at.z * n.z) < 2e-5 * z);
        }
    for (const int pixels : found) CHECK(pixels > 1000);
    // Nobody is in front of the nearest, and the farthest is partly hidden.
    CHECK(found[3] == seen.covered_px[2]);
    CHECK(found[1] < seen.covered_px[0]);
}

TEST_CASE("a part of the sensor shows what the whole of it shows there") {
    const World world = mixed();
    const light::View view = wide_view();
    const auto whole = seen_in(world, view);
    for (const light::Rect part :
         {light::Rect{404, 302, 531, 77}, light::Rect{0, 0, 8, 1536}, light::Rect{2047, 1535, 1, 1}}) {
        const auto seen = seen_in(world, view, {}, part);
        for (int y = 0; y < part.height; ++y)
            for (int x = 0; x < part.width; ++x) {
                REQUIRE(seen.item.at(x, y) == whole.item.at(part.x + x, part.y + y));
                REQUIRE(seen.depth_m.at(x, y) == whole.depth_m.at(part.x + x, part.y + y));
            }
    }
}

TEST_CASE("nothing is infinitely far away where the background is") {
    World world = mixed();
    world.background.distance_m = std::numeric_limits<double>::infinity();
    world.items.clear();
    const auto seen = seen_in(world, plain_view(19));
    CHECK(seen.item.at(1000, 700) == Snapshot::kNone);
    CHECK(std::isinf(seen.depth_m.at(1000, 700)));
}

TEST_CASE("what moves is seen at its place, over what stands still, and a part with its codes over it") {
    const World world = scene("conveyor");
    const light::View view = plain_view(14.7);
    const Time time = std::chrono::seconds(75);
    const auto shot = snapshot(world, view, time);
    const auto seen = instances(shot, pixel_centres(view, kWhole), kWhole);
    int whole = 0;
    for (const TruthItem& item : truth(shot, view).items) {
        if (item.visible != Visible::whole || (item.kind != "qr" && item.kind != "data_matrix")) continue;
        ++whole;
        const auto x = static_cast<int>(item.centre_px.x), y = static_cast<int>(item.centre_px.y);
        CHECK(seen.item.at(x, y) == item.id);
        CHECK(shot.items[static_cast<std::size_t>(shot.parents[static_cast<std::size_t>(item.id)])]
                  .item->name == item.parent);
    }
    CHECK(whole >= 4);
}
