#include <doctest/doctest.h>

#include <numbers>

#include "scenes/geometry/outline.h"
#include "scenes/raster/instances.h"
#include "tests/scenes/scene_support.h"

using namespace scenes;
using namespace scenes::testing;
using namespace std::chrono_literals;

// The camera's own pose and motion in the world: what it sees is what a camera at rest at the origin sees of
// a world that moves the other way.

namespace {

constexpr Raster kFrame{{0, 0, 2048, 1536}, 0, 1};

std::string card_at(const std::string& place, const std::string& more = "") {
    return R"({"light": {"spectrum": "D65"}, "background": {"reflectance": 0.2},
        "items": [{"name": "box", "kind": "uniform", "reflectance": 0.5, "size_m": [0.5, 0.3],
                   "position_m": )" +
           place + R"(, "rotation_deg": [12, -20, 31]}]
        )" +
           more + "}";
}

std::string posed(const std::string& pose) { return R"(, "camera_pose": )" + pose; }

/// What stands still in the picture of an exposure.
light::Mosaic still_of(const World& world, const light::View& view, Span during = {}) {
    TextureCache textures;
    textures.prepare(world, response(), during.from);
    return mosaic_of(
        render_still(world, still_scene(world, view, during), view, response(), 0, kFrame, textures));
}

/// Electrons of an exposure, a mean per second.
light::Mosaic shot(const World& world, const light::View& view, Time from, Time to) {
    auto frame = exposed(world, view, still_of(world, view, {from, to}), from, to, from, to);
    const double s = std::chrono::duration<double>(to - from).count();
    for (float& e : frame.samples) e /= static_cast<float>(s);
    return frame;
}

double total(const light::Mosaic& frame) {
    double sum = 0;
    for (const float v : frame.samples) sum += v;
    return sum;
}

/// The mean difference, as a share of what the brighter one has at most.
double apart(const light::Mosaic& a, const light::Mosaic& b) {
    double sum = 0, most = 0;
    for (std::size_t i = 0; i < a.samples.size(); ++i) {
        sum += std::abs(static_cast<double>(a.samples[i]) - b.samples[i]);
        most = std::max({most, static_cast<double>(a.samples[i]), static_cast<double>(b.samples[i])});
    }
    return most > 0 ? sum / static_cast<double>(a.samples.size()) / most : 0;
}

/// The mean of pictures at rest along an exposure.
light::Mosaic mean_of_stops(const World& world, const light::View& view, Time from, Time to, int stops) {
    light::Mosaic sum(2048, 1536);
    for (int i = 0; i < stops; ++i) {
        World stopped = world;
        stopped.camera_pose = {};
        stopped.camera_pose.pose = (camera_at(world, from + (2 * i + 1) * (to - from) / (2 * stops)));
        const auto one = still_of(stopped, view);
        for (std::size_t k = 0; k < one.samples.size(); ++k)
            sum.samples[k] += one.samples[k] / static_cast<float>(stops);
    }
    return sum;
}

/// Rotation about x, then y, then z, as a matrix of its own.
Vec3 rotated(Vec3 p, Vec3 deg) {
    constexpr double rad = std::numbers::pi / 180;
    const double cx = std::cos(deg.x * rad), sx = std::sin(deg.x * rad), cy = std::cos(deg.y * rad),
                 sy = std::sin(deg.y * rad), cz = std::cos(deg.z * rad), sz = std::sin(deg.z * rad);
    p = {p.x, cx * p.y - sx * p.z, sx * p.y + cx * p.z};
    p = {cy * p.x + sy * p.z, p.y, -sy * p.x + cy * p.z};
    return {cz * p.x - sz * p.y, sz * p.x + cz * p.y, p.z};
}

}  // namespace

TEST_CASE("camera pose: at the origin every picture is what it is without the key, to the bit") {
    for (const std::string name : {"checkerboard", "conveyor", "depth_range", "point_lights"}) {
        CAPTURE(name);
        const World plain = scene(name);
        const World at_origin =
            scene(name, {R"(camera_pose={"position_m": [0, 0, 0], "rotation_deg": [0, 0, 0]})"});
        CHECK(plain.camera_pose == at_origin.camera_pose);
        const auto view = wide_view();
        CHECK(still_of(plain, view) == still_of(at_origin, view));
        CHECK(still_version(at_origin, {1s, 2s}) == still_version(plain, {}));
    }
    const Pose tilted{{0.1, 0.2, 3}, {10, 200, -350}};
    CHECK(seen_from({}, tilted) == tilted);
}

TEST_CASE("camera pose: a camera that stands at d sees what one at the origin sees of things moved by -d") {
    const auto view = wide_view();
    const World moved =
        scene_of(card_at("[0.25, -0.125, 1.5]", posed(R"({"position_m": [0.5, 0.25, -0.5]})")));
    const World others = scene_of(card_at("[-0.25, -0.375, 2]"));
    CHECK(still_of(moved, view) == still_of(others, view));
    CHECK(truth(moved, view, {}).items.at(0).corners_px == truth(others, view, {}).items.at(0).corners_px);
    CHECK(truth(moved, view, {}).camera.position_m == Vec3{0.5, 0.25, -0.5});
    const auto shot_of = [&](const World& world) { return shot(world, view, 10ms, 30ms); };
    const auto flying = [](World world) {
        world.items[0].velocity_m_s = {0.5, 0.25, 0};
        return world;
    };
    CHECK(apart(shot_of(flying(moved)), shot_of(flying(others))) < 1e-7);
}

TEST_CASE("camera pose: turned by 90 degrees about its axis it sees the picture turned back") {
    const auto view = plain_view(6.5);
    const auto at = [&](const std::string& pose) {
        return render_still(scene_of(card_at("[0.1, 0.05, 1.2]", posed(pose))), view, response(), 0, kFrame);
    };
    const auto upright = at(R"({})"), turned = at(R"({"rotation_deg": [0, 0, 90]})");
    double worst = 0, most = 0;
    for (int y = 100; y < 1436; ++y)
        for (int x = 356; x < 1692; ++x) {
            // The camera's right is down in the world, and its down is left.
            const double one = seen(turned, 1, x, y);
            const double other = seen(upright, 1, 1024 - 1 - (y - 768), 768 + (x - 1024));
            worst = std::max(worst, std::abs(one - other)), most = std::max(most, one);
        }
    CHECK(worst < 2e-3 * most);
}

TEST_CASE(
    "camera pose: true places are those of a turned and moved frame, and the picture's edges lie there") {
    const auto view = wide_view();
    for (const std::string pose : {R"({"position_m": [-0.2, 0, 0.1], "rotation_deg": [0, 20, 0]})",
                                   R"({"position_m": [0.3, -0.4, -0.2], "rotation_deg": [-25, -10, 70]})",
                                   R"({"position_m": [0.1, 0.2, 3.2], "rotation_deg": [175, 4, -33]})"}) {
        CAPTURE(pose);
        const World world = scene_of(card_at("[0.05, 0.02, 1.4]", posed(pose)));
        const auto item = truth(world, view, {}).items.at(0);
        const Pose &camera = world.camera_pose.pose, &card = world.items[0].pose;
        const Vec3 seen = item.pose.position_m - Vec3{0, 0, view.entrance_pupil_m};
        CHECK(length(rotated(seen, camera.rotation_deg) + camera.position_m - card.position_m) < 1e-12);
        const Plane plane = plane_at(item.pose);
        for (const auto& [own, world_axis] : {std::pair{plane.u, Vec3{1, 0, 0}}, {plane.v, Vec3{0, 1, 0}}})
            CHECK(length(rotated(own, camera.rotation_deg) - rotated(world_axis, card.rotation_deg)) < 1e-12);
        // Half of each pixel ring about the outline is card: its area is that of the true corners.
        double area = 0;
        for (std::size_t i = 0; i < 4; ++i) {
            const auto &a = item.corners_px[i], &b = item.corners_px[(i + 1) % 4];
            area += 0.5 * (a.x * b.y - a.y * b.x);
        }
        REQUIRE(item.visible == Visible::whole);
        const auto picture = instances(snapshot(world, plain_view(6.5), {}),
                                       pixel_centres(plain_view(6.5), kFrame.pixels), kFrame.pixels);
        const auto plain = truth(world, plain_view(6.5), {}).items.at(0);
        double plain_area = 0, x_sum = 0, count = 0, expected_x = 0;
        for (std::size_t i = 0; i < 4; ++i) {
            const auto &a = plain.corners_px[i], &b = plain.corners_px[(i + 1) % 4];
            const double cross = a.x * b.y - a.y * b.x;
            plain_area += 0.5 * cross, expected_x += (a.x + b.x) * cross / 6;
        }
        for (int y = 0; y < 1536; ++y)
            for (int x = 0; x < 2048; ++x)
                if (picture.item.at(x, y) == 0) x_sum += x + 0.5, ++count;
        CHECK(count == doctest::Approx(std::abs(plain_area)).epsilon(0.002));
        CHECK(std::abs(x_sum / count - expected_x / plain_area) < 0.1);
        CHECK(area != 0);
    }
}

TEST_CASE("camera motion: things at rest smear as things that go the other way") {
    const auto view = plain_view(12);
    const World camera =
        scene_of(card_at("[0.02, 0.01, 1.4]", posed(R"({"velocity_m_s": [0.4, -0.1, 0.2]})")));
    World things = scene_of(card_at("[0.02, 0.01, 1.4]"));
    things.items[0].velocity_m_s = {-0.4, 0.1, -0.2};
    const auto one = shot(camera, view, 20ms, 70ms), other = shot(things, view, 20ms, 70ms);
    CHECK(total(one) == doctest::Approx(total(other)).epsilon(0.001));
    CHECK(apart(one, other) < 5e-4);
    CHECK(apart(one, still_of(things, view)) < 0.2);
    CHECK(shot(camera, view, 20ms, 70ms) == one);
    const auto a = truth(camera, view, 45ms).items.at(0), b = truth(things, view, 45ms).items.at(0);
    CHECK(length(a.velocity_m_s - b.velocity_m_s) < 1e-8);
    CHECK(std::abs(a.velocity_px_s.x - b.velocity_px_s.x) < 0.01);
    CHECK(length(a.pose.position_m - b.pose.position_m) < 1e-12);
}

TEST_CASE("camera motion: an exposure is the mean of what the camera sees on its way, however it turns") {
    const auto view = plain_view(8);
    for (const std::string motion : {R"({"spin_deg_s": [0, 60, 0]})", R"({"spin_deg_s": [-40, 0, 200]})",
                                     R"({"velocity_m_s": [0, 0, 4], "spin_deg_s": [0, 0, 0]})",
                                     R"({"path": [{"at_s": 0.02, "position_m": [0, 0, 0]},
                       {"at_s": 0.05, "position_m": [0.1, 0, 0], "rotation_deg": [0, -3, 0]},
                       {"at_s": 0.07, "position_m": [0.1, 0.1, 0.2], "rotation_deg": [2, -3, 10]}]})"}) {
        CAPTURE(motion);
        const World world = scene_of(card_at("[0.03, 0.02, 1.3]", posed(motion)));
        const auto got = shot(world, view, 30ms, 60ms);
        const auto wanted = mean_of_stops(world, view, 30ms, 60ms, 10);
        CHECK(total(got) == doctest::Approx(total(wanted)).epsilon(0.002));
        CHECK(apart(got, wanted) < 2e-3);
    }
}

TEST_CASE(
    "camera motion: a path goes straight from waypoint to waypoint, rests at its ends, and may repeat") {
    Motion path;
    path.path = {{1, {{0, 0, 0}, {}}}, {2, {{2, 0, 0}, {0, 90, 0}}}, {4, {{2, 0, 0}, {0, 90, 0}}}};
    CHECK(pose_at(path, 0s).position_m == Vec3{});
    CHECK(pose_at(path, 1500ms) == Pose{{1, 0, 0}, {0, 45, 0}});
    CHECK(pose_at(path, 99s) == path.path.back().pose);
    CHECK(rates_at(path, 1500ms).velocity_m_s == Vec3{2, 0, 0});
    CHECK(rates_at(path, 3s).velocity_m_s == Vec3{});
    CHECK(moves(path));
    CHECK(moves(path, {900ms, 1001ms}));
    CHECK_FALSE(moves(path, {0ms, 1s}));
    CHECK_FALSE(moves(path, {2s, 4s}));
    path.period_s = 4;
    CHECK(pose_at(path, 1000001500ms) == Pose{{1, 0, 0}, {0, 45, 0}});
    CHECK(moves(path, {5500ms, 5500ms}));
    // At rest for an exposure, the picture is still, and one for all exposures there.
    const std::string stops = R"({"path": [{"at_s": 1}, {"at_s": 2, "position_m": [0.1, 0, 0]}]})";
    const World world = scene_of(card_at("[0, 0, 1.4]", posed(stops)));
    CHECK(moving(world, plain_view(8), 3s, 4s).empty());
    CHECK(moving(world, plain_view(8), 1500ms, 1600ms).size() == 1);
    CHECK(still_version(world, {3s, 4s}) == still_version(world, {5s, 6s}));
    CHECK(still_version(world, {0s, 1ms}) != still_version(world, {5s, 6s}));
    CHECK(still_version(world, {1500ms, 1600ms}) != still_version(world, {1600ms, 1700ms}));
}

TEST_CASE("camera pose: what lies on another thing stays on it, from whatever side it is seen") {
    const std::string box_and_label = R"({"light": {"spectrum": "D65"}, "background": {"reflectance": 0},
        "items": [{"name": "box", "kind": "uniform", "reflectance": 0.1, "size_m": [2, 1], "position_m": [0, 0, 1.5]},
                  {"name": "label", "kind": "uniform", "reflectance": 0.8, "size_m": [0.1, 0.1],
                   "position_m": [0.6, 0.1, 1.5]},
                  {"name": "sign", "kind": "uniform", "reflectance": 0.8, "size_m": [0.1, 0.1],
                   "position_m": [-0.6, 0.1, 1.499]}]
        , "camera_pose": )";
    const auto view = plain_view(6.5);
    for (const double turn_deg : {-30.0, 0.0, 25.0}) {
        const World world =
            scene_of(box_and_label + R"({"rotation_deg": [3, )" + std::to_string(turn_deg) + ", 0]}}");
        const auto seen =
            instances(snapshot(world, view, {}), pixel_centres(view, kFrame.pixels), kFrame.pixels);
        std::array<int, 3> px{};
        for (const int item : seen.item.samples)
            if (item >= 0) ++px[static_cast<std::size_t>(item)];
        CHECK(px[0] > 0);
        CHECK(px[1] == seen.covered_px[1]);
        CHECK(px[2] == seen.covered_px[2]);
        CHECK(px[1] + px[2] > 0);
    }
}

TEST_CASE("camera pose: a tilted background ends at its horizon, and its depth is that of the plane") {
    const auto view = plain_view(6.5);
    const auto wall = [](const std::string& pose) {
        return scene_of(R"({"light": {"spectrum": "D65"}, "background": {"reflectance": 0.5, "distance_m": 2}
            , "camera_pose": )" +
                        pose + "}");
    };
    const World world = wall(R"({"rotation_deg": [0, 70, 0]})");
    const auto radiance = render_still(world, view, response(), 0, kFrame);
    const auto depth =
        instances(snapshot(world, view, {}), pixel_centres(view, kFrame.pixels), kFrame.pixels).depth_m;
    const double lit = seen(radiance, 1, 10, 768);
    CHECK(lit > 0);
    // The camera looks 70 degrees to the right: 20 more is along the wall.
    const double horizon_px = 1024 + view.focal_length_px * std::tan(20 * std::numbers::pi / 180);
    for (int x = 4; x < 2048; x += 20) {
        if (std::abs(x - horizon_px) < 2) continue;
        CHECK(seen(radiance, 1, x, 700) == doctest::Approx(x < horizon_px ? lit : 0));
        const double tangent = (x + 0.5 - 1024) / view.focal_length_px;
        const double angle = 70 * std::numbers::pi / 180 + std::atan(tangent);
        const double z = 2 / std::cos(angle) / std::sqrt(1 + tangent * tangent);
        if (x < horizon_px) CHECK(depth.at(x, 768) == doctest::Approx(z).epsilon(1e-4));
        if (x > horizon_px) CHECK(std::isinf(depth.at(x, 768)));
    }
    CHECK(total(still_of(wall(R"({"rotation_deg": [0, 180, 0]})"), view)) == 0);
    CHECK(total(still_of(wall(R"({"position_m": [0, 0, 2.5]})"), view)) == 0);
    CHECK(total(still_of(wall(R"({"position_m": [0, 0, 1]})"), view)) ==
          doctest::Approx(total(still_of(wall("{}"), view))));
}

TEST_CASE(
    "camera pose: at the ends of its ranges there is a picture of numbers, and nothing behind the lens") {
    const auto view = wide_view();
    const auto world_at = [](const std::string& pose) {
        return scene_of(card_at("[0, 0, 1.4]", posed(pose)));
    };
    const auto empty = total(still_of(scene_of(card_at("[0, 0, -5]")), view));
    CHECK(total(still_of(world_at(R"({"rotation_deg": [180, 0, 0]})"), view)) == doctest::Approx(empty));
    CHECK(truth(world_at(R"({"rotation_deg": [0, -180, 0]})"), view, {}).items.empty());
    CHECK(total(still_of(world_at(R"({"position_m": [0, 0, -10000]})"), view)) ==
          doctest::Approx(empty).epsilon(1e-5));
    // In the card, beside it, and across the plane of the lens.
    for (
        const std::string pose :
        {R"({"position_m": [0, 0, 1.4]})", R"({"position_m": [0.2, 0, 1.4], "rotation_deg": [0, 80, 0]})",
         R"({"position_m": [0, 0.1, 1.3999], "rotation_deg": [89, 0, 0]})",
         R"({"position_m": [0, 0, 1.3], "velocity_m_s": [0, 0, 1000]})",
         R"({"spin_deg_s": [100000, -100000, 100000]})",
         R"({"path": [{"at_s": 0, "position_m": [-10000, 0, 0]}, {"at_s": 0.0002, "position_m": [10000, 0, 0]}]})"}) {
        CAPTURE(pose);
        const World world = world_at(pose);
        const auto frame = shot(world, view, 0us, 200us);
        double least = 1e9, most = -1e9;
        bool numbers = true;
        for (const float v : frame.samples) {
            numbers = numbers && std::isfinite(v);
            least = std::min<double>(least, v), most = std::max<double>(most, v);
        }
        CHECK(numbers);
        CHECK(least >= -1e-3 * most);
        (void)truth(world, view, 100us);
        (void)instances(snapshot(world, view, 100us), pixel_centres(view, {0, 0, 256, 256}),
                        {0, 0, 256, 256});
    }
}
