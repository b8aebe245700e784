#include "emulator/testbench/truth/camera_matrix.h"

#include <doctest/doctest.h>

#include <cmath>

#include "emulator/testbench/ground_truth.h"
#include "tests/scenes/scene_support.h"

using namespace emulator;
using scenes::light::Point;

namespace {

/// OpenCV's projectPoints, as its documentation writes it, in our pixels.
Point projected(const testbench::CameraMatrix& k, scenes::Vec3 p) {
    const double x = p.x / p.z, y = p.y / p.z, q = x * x + y * y;
    const auto [k1, k2, p1, p2, k3] = k.distortion;
    const double radial = 1 + q * (k1 + q * (k2 + q * k3));
    const double u = x * radial + 2 * p1 * x * y + p2 * (q + 2 * x * x);
    const double v = y * radial + p1 * (q + 2 * y * y) + 2 * p2 * x * y;
    return {k.fx * u + k.cx + 0.5, k.fy * v + k.cy + 0.5};
}

}  // namespace

TEST_CASE("the camera matrix puts every corner where truth has it, in every format and at every zoom") {
    const auto world =
        scenes::testing::scene_of(R"({"light": {}, "background": {"reflectance": 0.5}, "items": [
        {"kind": "uniform", "reflectance": 1, "size_m": [3, 2], "position_m": [0.1, 0, 3], "rotation_deg": [9, 30, 5]},
        {"name": "b", "kind": "uniform", "reflectance": 1, "size_m": [0.05, 0.02], "position_m": [0.01, 0.02, 3]}]})");
    const Profile profile;
    for (const double zoom : {0.0, 1.0, 500.0, 999.0, 1000.0})
        for (const bool flip : {false, true})
            for (const int skip : {1, 2}) {
                const lens_model::State lens{.zoom_steps = zoom, .focus_counts = 9900};
                const ImageFormat image{.width = 1024 / skip,
                                        .height = 512 / skip,
                                        .offset_x = 40 / skip,
                                        .offset_y = 8 / skip,
                                        .reverse_x = flip,
                                        .reverse_y = !flip,
                                        .decimation_x = skip,
                                        .decimation_y = skip};
                const auto view = lens_model::view(profile.lens, lens);
                const auto k = testbench::camera_matrix(view, image);
                const auto truth = testbench::ground_truth(scenes::snapshot(world, view, {}), view, image);
                REQUIRE(truth.items.size() == 2);
                CHECK((k.fx < 0) == flip);
                for (const auto& item : truth.items) {
                    const auto plane = scenes::plane_at(item.pose);
                    for (std::size_t i = 0; i < 4; ++i) {
                        const double u = (i == 0 || i == 3 ? -0.5 : 0.5) * item.width_m,
                                     v = (i < 2 ? -0.5 : 0.5) * item.height_m;
                        const auto place = scenes::camera_from_plane(plane, {u, v});
                        // The polynomial alone, as far as the lens follows it.
                        const double radius = view.focal_length_px * std::hypot(place.x, place.y) / place.z;
                        if (radius > 1.5 * view.corner_px) continue;
                        const auto at = projected(k, place);
                        CHECK(at.x == doctest::Approx(item.corners_px[i].x).epsilon(1e-9));
                        CHECK(at.y == doctest::Approx(item.corners_px[i].y).epsilon(1e-9));
                    }
                }
            }
}
