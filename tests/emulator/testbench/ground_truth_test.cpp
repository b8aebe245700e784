#include "emulator/testbench/ground_truth.h"

#include <doctest/doctest.h>

#include <cmath>

#include "emulator/acquisition/frame_timing.h"

using namespace emulator;
using sensor_model::Region;

namespace {

scenes::World world_of(const std::string& name) { return scenes::load(name, {}); }

scenes::Truth ground_truth(const scenes::World& world, const Profile& profile, const lens_model::State& lens,
                           const ImageFormat& image, scenes::Time time) {
    const auto view = lens_model::view(profile.lens, lens);
    return testbench::ground_truth(scenes::snapshot(world, view, time), view, image);
}

/// The first item that is wholly in the image.
const scenes::TruthItem* first_whole(const scenes::Truth& truth) {
    for (const auto& item : truth.items)
        if (item.visible == scenes::Visible::whole) return &item;
    return nullptr;
}

}  // namespace

TEST_CASE("the middle of every photosite is in the middle of the pixel that shows it") {
    const auto world = world_of("dot_grid");
    const auto corners = [&](const ImageFormat& image) {
        return ground_truth(world, {}, {}, image, {}).items.at(0).corners_px;
    };
    const auto sensor_corners = corners({});
    // Places of an image and of the sensor go by straight lines.
    const auto line = [](double at, double from_a, double to_a, double from_b, double to_b) {
        return to_a + (at - from_a) * (to_b - to_a) / (from_b - from_a);
    };
    for (const bool reverse : {false, true}) {
        for (const int skip : {1, 2}) {
            const ImageFormat format{.width = 1024 / skip,
                                     .height = 512 / skip,
                                     .offset_x = 40 / skip,
                                     .offset_y = 8 / skip,
                                     .reverse_x = reverse,
                                     .reverse_y = reverse,
                                     .decimation_x = skip,
                                     .decimation_y = skip};
            const Region region = acquisition::region(format);
            const auto image_corners = corners(format);
            const auto &a = sensor_corners[0], &b = sensor_corners[2];
            const auto &image_a = image_corners[0], &image_b = image_corners[2];
            CAPTURE(reverse);
            CAPTURE(skip);
            const double tolerance = skip == 1 ? 1e-9 : 0.25 + 1e-9;  // of the two that are read of four
            // The last column (row) of a flipped image repeats another one.
            for (int i = 0; i < read_width(region) - 1; ++i) {
                const double sensor = sensor_column_from_frame(region, i) + 0.5;
                const double image = line(sensor, a.x, image_a.x, b.x, image_b.x);
                REQUIRE(std::abs(image - (i + 0.5)) <= tolerance);
            }
            for (int i = 0; i < read_height(region) - 1; ++i) {
                const double sensor = sensor_row_from_frame(region, i) + 0.5;
                const double image = line(sensor, a.y, image_a.y, b.y, image_b.y);
                REQUIRE(std::abs(image - (i + 0.5)) <= tolerance);
            }
        }
    }
}

TEST_CASE("truth is in pixels of the image: a region moves it, a flip mirrors it, skipping halves it") {
    const auto world = world_of("dot_grid");
    const Profile profile;
    const lens_model::State lens;
    const ImageFormat full;
    const auto whole = ground_truth(world, profile, lens, full, {});
    REQUIRE(!whole.items.empty());
    const auto centre = whole.items[0].centre_px;

    ImageFormat part{.width = 1024, .height = 768, .offset_x = 400, .offset_y = 300};
    const auto moved = ground_truth(world, profile, lens, part, {}).items[0].centre_px;
    CHECK(moved.x == doctest::Approx(centre.x - 400));
    CHECK(moved.y == doctest::Approx(centre.y - 300));

    ImageFormat flipped;
    flipped.reverse_x = true;
    const auto mirrored = ground_truth(world, profile, lens, flipped, {}).items[0];
    CHECK(mirrored.centre_px.x == doctest::Approx(2047 - centre.x));
    CHECK(mirrored.centre_px.y == doctest::Approx(centre.y));
    CHECK(mirrored.box_px.left < mirrored.box_px.right);

    ImageFormat skipping{.width = 1024, .height = 768};
    skipping.decimation_x = skipping.decimation_y = 2;
    const auto half = ground_truth(world, profile, lens, skipping, {}).items[0].centre_px;
    CHECK(half.x == doctest::Approx((centre.x + 1) / 2));
    CHECK(half.y == doctest::Approx((centre.y + 1) / 2));
}

TEST_CASE("what a region leaves out is not visible, and a flipped belt runs the other way") {
    const auto world = world_of("conveyor");
    const Profile profile;
    lens_model::State lens;
    lens.zoom_steps = world.camera.zoom.value_or(0);
    ImageFormat image;
    const scenes::TruthItem* part = nullptr;
    scenes::Truth truth;
    for (scenes::Time time{}; part == nullptr && time < std::chrono::seconds(5);
         time += std::chrono::milliseconds(50)) {
        truth = ground_truth(world, profile, lens, image, time);
        part = first_whole(truth);
    }
    REQUIRE(part != nullptr);
    const auto index = static_cast<std::size_t>(part - truth.items.data());

    ImageFormat beside{.width = 528, .height = 4};
    beside.offset_y = part->box_px.top > 8 ? 0 : 1532;
    const auto gone = ground_truth(world, profile, lens, beside, truth.time).items[index];
    CHECK(gone.name == part->name);
    CHECK(gone.visible == scenes::Visible::none);

    ImageFormat flipped;
    flipped.reverse_x = true;
    const auto back = ground_truth(world, profile, lens, flipped, truth.time).items[index];
    CHECK(back.velocity_px_s.x == doctest::Approx(-part->velocity_px_s.x));
    CHECK(back.velocity_px_s.y == doctest::Approx(part->velocity_px_s.y));
}
