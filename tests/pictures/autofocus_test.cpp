#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <sstream>

#include "lens_model/optics/focus.h"
#include "lens_model/optics/iris.h"
#include "lens_model/optics/zoom.h"
#include "tests/pictures/live_camera.h"
#include "tests/support/source_dir.h"
#include "tests/support/sweep.h"

// Autofocus on true pictures: from any zoom and a start anywhere, on things of any kind at any distance.

using namespace measure;

namespace {

/// A card full of texture that is larger than the view, and a part of the sensor to look at.
struct Case {
    std::string kind;
    double distance_m = 1, zoom = 0, start_counts = 0, iris = 255, illuminance_lx = 0;
    int left = 0, top = 0, width = 0, height = 0;
};

Case any_case(std::uint32_t seed) {
    std::mt19937 random(seed);
    const auto part = [&] { return static_cast<double>(random() % 10'001) / 10'000; };
    const auto between = [&](double from, double to) { return from * std::pow(to / from, part()); };
    constexpr const char* kKinds[] = {"checkerboard", "siemens_star", "picture", "dot_grid", "qr"};
    Case c;
    c.kind = kKinds[seed % 5];
    c.zoom = std::floor(1000 * part());
    c.distance_m = between(std::max(0.1, 1.2 * lens_model::minimum_distance_m({}, c.zoom)), 30);
    c.start_counts = std::floor(10'000 * part());
    c.iris = std::floor(between(120, 255));
    c.illuminance_lx = between(300, 5000);
    c.width = 320 + 16 * static_cast<int>(random() % 20);
    c.height = 240 + 4 * static_cast<int>(random() % 60);
    c.left = 4 * static_cast<int>(random() % ((2048U - 640) / 4));
    c.top = 4 * static_cast<int>(random() % ((1536U - 480) / 4));
    return c;
}

scenes::World scene_for(const Case& c) {
    // What the sensor sees of the width at this distance.
    const double width_m = 1.25 * (c.distance_m + lens_model::entrance_pupil_m({}, c.zoom)) * 7.0656 /
                           lens_model::focal_length_at_infinity_mm({}, c.zoom);
    std::ostringstream item;
    if (c.kind == "checkerboard")
        item << R"("columns": 120, "rows": 90, "square_m": )" << width_m / 120;
    else if (c.kind == "siemens_star")
        item << R"("cycles": 90, "diameter_m": )" << width_m;
    else if (c.kind == "picture")
        item << R"("file": ")" << (support::source_dir() / "configs/scenes/picture.jpg").string()
             << R"(", "width_m": )" << width_m;
    else if (c.kind == "dot_grid")
        item << R"("columns": 80, "rows": 60, "pitch_m": )" << width_m / 80 << R"(, "diameter_m": )"
             << width_m / 160;
    else
        item << R"("text": "GIGEMU AUTOFOCUS 39GX265-Z20 0123456789 ABCDEFGHIJKLMNOPQRSTUVWXYZ", "width_m": )"
             << width_m;
    std::ostringstream json;
    json << R"({"light": {"spectrum": "D65", "illuminance_lx": )" << c.illuminance_lx
         << R"(}, "background": {"reflectance": 0.3, "distance_m": )" << c.distance_m
         << R"(}, "items": [{"kind": ")" << c.kind << R"(", )" << item.str() << R"(, "position_m": [0, 0, )"
         << c.distance_m << "]}]}";
    return scene_of(json.str());
}

struct Result {
    double off = 0;  // from the best focus for green, in depths of focus
    std::size_t frames = 0;
    double counts = 0, best_counts = 0;
};

Result focus(const Case& c) {
    auto profile = LiveCamera::small();
    auto& power_up = profile.power_up;
    power_up.lens = {
        .zoom = std::llround(c.zoom), .focus = std::llround(c.start_counts), .iris = std::llround(c.iris)};
    power_up.image.offset_auto_center = false;
    power_up.image.offset_x = c.left;
    power_up.image.offset_y = c.top;
    auto& automatic = power_up.automatic;
    automatic.focus_region_enabled = true;
    automatic.focus_region = {c.left + (640 - c.width) / 2, c.top + (480 - c.height) / 2, c.width, c.height};
    LiveCamera live(scene_for(c), profile);
    live.client.keeps_payload = false;

    live.client.set("FocusAuto", 1);
    const auto first = live.frames();
    while (live.client.get("FocusAuto") == 1 && live.frames() < first + 2000) live.run_frames(1);

    const auto state = live.camera.camera.lens().state(live.camera.now(), profile.housing_c);
    const double defocus_um = lens_model::defocus_um(profile.lens, state, c.distance_m, 1, false);
    const double depth_um = lens_model::f_number(profile.lens, state) * lens_model::kPixelPitch_um;
    return {.off = defocus_um / depth_um,
            .frames = live.frames() - first,
            .counts = state.focus_counts,
            .best_counts = lens_model::counts_for_distance(profile.lens, state.zoom_steps, c.distance_m)};
}

}  // namespace

TEST_CASE(
    "autofocus brings things within the depth of focus: five kinds, any zoom, distance, iris and start") {
    for (std::uint32_t seed = 0; seed < 5; ++seed) {
        CAPTURE(seed);
        const Result result = focus(any_case(seed));
        CHECK(std::abs(result.off) <= 1);
        CHECK(result.frames <= 480);
    }
}

// Half an hour of work, on demand: unit_tests --no-skip -tc="autofocus in 200 cases*"
TEST_CASE("autofocus in 200 cases ends within the depth of focus in 95 of 100" * doctest::skip()) {
    const auto cases = support::chosen_cases(200);
    int sharp = 0;
    std::vector<std::size_t> frames;
    for (std::uint32_t seed = cases.first; seed < cases.end; ++seed) {
        const Case c = any_case(seed);
        const Result result = focus(c);
        sharp += std::abs(result.off) <= 1;
        frames.push_back(result.frames);
        MESSAGE(seed, " ", c.kind, " at ", c.distance_m, " m, zoom ", c.zoom, ", iris ", c.iris, ", from ",
                c.start_counts, ": ", result.counts, " of ", result.best_counts, ", off by ", result.off,
                " depths in ", result.frames, " frames");
    }
    REQUIRE(!frames.empty());
    std::ranges::sort(frames);
    MESSAGE(sharp, " of ", frames.size(), " sharp; frames: median ", frames[frames.size() / 2], ", most ",
            frames.back());
    CHECK(sharp >= 0.95 * static_cast<double>(frames.size()));
}
