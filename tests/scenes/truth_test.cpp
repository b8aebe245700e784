#include <doctest/doctest.h>

#include "tests/scenes/scene_support.h"

using namespace scenes;
using namespace scenes::testing;

namespace {

World card(const std::string& pose) {
    return scene_of(R"({"light": {}, "background": {"reflectance": 0, "distance_m": 9},
        "items": [{"name": "card", "kind": "uniform", "reflectance": 1, "size_m": [0.5, 0.3], )" +
                    pose + "}]}");
}

const std::string kPoses[] = {
    R"("position_m": [0, 0, 2])",
    R"("position_m": [0.7, -0.5, 2], "rotation_deg": [0, 0, 25])",
    R"("position_m": [-0.75, 0.5, 2], "rotation_deg": [20, -35, 10])",
};

/// The coverage of the card at the places of a line across an edge, from outside to inside; where it passes
/// one half.
double crossing_px(const light::Radiance& radiance, Point from, Point toward) {
    const double length = std::hypot(toward.x - from.x, toward.y - from.y);
    const auto cover = [&](double t) {
        const light::Layer& layer = radiance.layers.back();
        const int n = radiance.samples_per_pixel;
        const int x =
            static_cast<int>(std::floor((from.x + t / length * (toward.x - from.x)) * n)) - layer.where.x;
        const int y =
            static_cast<int>(std::floor((from.y + t / length * (toward.y - from.y)) * n)) - layer.where.y;
        if (x < 0 || y < 0 || x >= layer.where.width || y >= layer.where.height) return 0.0F;
        return layer.coverage.at(x, y);
    };
    for (double t = -4; t < 4; t += 0.02)
        if (cover(t) >= 0.5F) return t;
    return 99;
}

}  // namespace

TEST_CASE("true corners lie on the corners of the picture, and true sides on its edges, to half a pixel") {
    for (const std::string& pose : kPoses) {
        const World world = card(pose);
        const light::View view = wide_view();
        const auto radiance = render_still(world, view, response(), 0, Raster{{0, 0, 2048, 1536}, 0, 2});
        const TruthItem item = truth(world, view, {}).items.at(0);
        REQUIRE(item.visible == Visible::whole);
        for (std::size_t i = 0; i < 4; ++i) {
            // From the corner toward the middle: the edge is met at once; the tip of a corner is not half
            // covered.
            CHECK(std::abs(crossing_px(radiance, item.corners_px[i], item.centre_px)) < 1);
            // A side's middle after distortion, found from its place on the card.
            const Plane plane = plane_at(item.pose);
            const Point sides[] = {{0, -0.15}, {0.25, 0}, {0, 0.15}, {-0.25, 0}};
            const auto middle = pixel_of(view, camera_from_plane(plane, sides[i]));
            CHECK(std::abs(crossing_px(radiance, *middle, item.centre_px)) < 0.5);
        }
    }
}

TEST_CASE(
    "nothing is drawn outside of its true box, and the box is no larger than what is drawn by a pixel") {
    for (const std::string& pose : kPoses)
        for (const light::View& view : {wide_view(), plain_view(5)}) {
            const World world = card(pose);
            const auto radiance = render_still(world, view, response(), 0, Raster{{0, 0, 2048, 1536}, 0, 1});
            const TruthItem item = truth(world, view, {}).items.at(0);
            const light::Layer& layer = radiance.layers.back();
            Box drawn{1e9, 1e9, -1e9, -1e9};
            for (int y = 0; y < layer.where.height; ++y)
                for (int x = 0; x < layer.where.width; ++x) {
                    const float most = std::max(
                        {layer.coverage.at(x, y), layer.signal[0].at(x, y), layer.signal[2].at(x, y)});
                    if (most <= 0) continue;
                    const double left = layer.where.x + x, top = layer.where.y + y;
                    drawn = {std::min(drawn.left, left), std::min(drawn.top, top),
                             std::max(drawn.right, left + 1), std::max(drawn.bottom, top + 1)};
                }
            CHECK(drawn.left >= std::floor(item.box_px.left) - 1e-6);
            CHECK(drawn.top >= std::floor(item.box_px.top) - 1e-6);
            CHECK(drawn.right <= std::ceil(item.box_px.right) + 1e-6);
            CHECK(drawn.bottom <= std::ceil(item.box_px.bottom) + 1e-6);
            CHECK(drawn.left <= item.box_px.left + 1.5);
            CHECK(drawn.bottom >= item.box_px.bottom - 1.5);
        }
}

TEST_CASE("a thing is in the frame as a whole, in part or not at all") {
    const auto visible = [](const std::string& pose) {
        return truth(card(pose), plain_view(19), {}).items.at(0).visible;
    };
    CHECK(visible(R"("position_m": [0, 0, 2])") == Visible::whole);
    CHECK(visible(R"("position_m": [0.3, 0, 2])") == Visible::part);
    CHECK(visible(R"("position_m": [3, 0, 2])") == Visible::none);
}

TEST_CASE("what comes closer says so, and leaves the truth when it is behind the lens") {
    const World world = card(R"("position_m": [0, 0, 2], "velocity_m_s": [0, 0, -1])");
    const auto at = [&](double time_s) {
        return truth(world, plain_view(6.5),
                     std::chrono::duration_cast<Time>(std::chrono::duration<double>(time_s)));
    };
    CHECK(at(0.5).items.at(0).distance_m == doctest::Approx(1.5));
    CHECK(at(0.5).items.at(0).velocity_m_s.z == -1);
    CHECK(at(2.5).items.empty());
}

TEST_CASE("a part says its serial number and its defects, and its codes whose they are") {
    const World world = scene(
        "conveyor", {"conveyor.scratch_share=1", "conveyor.serial_prefix=ZX", "conveyor.first_serial=0"});
    const Truth all = truth(world, plain_view(14.7), std::chrono::seconds(75));
    int parts = 0, codes = 0;
    for (const TruthItem& item : all.items) {
        if (item.kind == "part") {
            ++parts;
            CHECK(item.defects.back() == "scratch");
            CHECK("ZX" + item.name.substr(5) == item.content);
        } else if (item.kind == "qr") {
            ++codes;
            CHECK("gigemu:ZX" + item.parent.substr(5) == item.content);
        }
    }
    CHECK(parts >= 3);
    CHECK(codes == parts);
}
