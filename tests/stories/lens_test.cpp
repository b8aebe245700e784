#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "lens_model/optics/focus.h"
#include "tests/support/pin_recorder.h"
#include "tests/support/seeing_camera.h"

// The lens, driven through registers and judged by the frames that it makes (manual 5.4.1 to 5.4.4).

using namespace support;

namespace {

constexpr double kRaw8 = 0x0108'0009, kRaw16 = 0x0110'002F;
constexpr std::uint16_t kFocusMoved = 0x9005, kZoomMoved = 0x9006;

/// Longer than any move of the lens.
constexpr Time kArrival = 6s;

void move(SeeingCamera& seeing, std::initializer_list<std::pair<std::string_view, double>> to) {
    seeing.set(to);
    seeing.camera.run_for(kArrival);
}

/// The share of red pixels that are brighter than half of the brightest.
double bright_share(const Photo& photo) {
    std::vector<int> red;
    for (int y = 0; y < photo.height; y += 2)
        for (int x = 0; x < photo.width; x += 2) red.push_back(photo.code(x, y));
    std::ranges::sort(red);
    const int half = red[red.size() * 99 / 100] / 2;
    return static_cast<double>(red.end() - std::ranges::upper_bound(red, half)) /
           static_cast<double>(red.size());
}

/// The steepest step between red pixels in a row, averaged over rows.
double sharpness(const Photo& photo) {
    double sum = 0;
    for (int y = 0; y < photo.height; y += 2) {
        int steepest = 0;
        for (int x = 0; x + 2 < photo.width; x += 2)
            steepest = std::max(steepest, std::abs(photo.code(x + 2, y) - photo.code(x, y)));
        sum += steepest;
    }
    return sum / photo.height;
}

double counts(double zoom, double distance_m) {
    return std::round(lens_model::counts_for_distance({}, zoom, distance_m));
}

Colour light(SeeingCamera& seeing) {
    const auto mean = seeing.shoot().mean();
    return {mean[0] - 240 * 16, mean[1] - 240 * 16, mean[2] - 240 * 16};
}

}  // namespace

TEST_CASE("zooming in makes a thing larger by the ratio of the focal lengths, and narrows the view") {
    // A white board of 1.2 m by 0.9 m, 2.5 m away.
    SeeingCamera seeing("slanted_edge",
                        {"items.edge.dark=0.8", "items.edge.light=0.8", "background.reflectance=0.02"});
    seeing.set({{"PixelFormat", kRaw8}, {"Width", 2048}, {"Height", 1536}, {"ExposureTime", 2000}});
    move(seeing, {{"Zoom", 0}, {"Focus", counts(0, 2.5)}});
    const double wide = bright_share(seeing.shoot());
    move(seeing, {{"Zoom", 250}, {"Focus", counts(250, 2.5)}});
    const double near = bright_share(seeing.shoot());
    // 6.5 and 10.5 mm at 2.5 m (manual 6.2); 0.2 for the lens's distortion.
    CHECK(wide == doctest::Approx(1.2 * 6.5 / (2.5 * 7.066) * 0.9 * 6.5 / (2.5 * 5.299)).epsilon(0.05));
    CHECK(near / wide == doctest::Approx(std::pow(10.5 / 6.5, 2)).epsilon(0.05));
}

TEST_CASE("low focus values are sharp near by, high ones far away") {
    const double near_counts = counts(500, 1.2), far_counts = counts(500, 2.5);
    CHECK(near_counts < far_counts);
    for (const bool near : {false, true}) {
        SeeingCamera seeing("slanted_edge",
                            {near ? "items.edge.position_m=[0,0,1.2]" : "items.edge.position_m=[0,0,2.5]"});
        seeing.set({{"PixelFormat", kRaw16}, {"ExposureTime", 5000}});
        move(seeing, {{"Focus", near_counts}});
        const double at_near = sharpness(seeing.shoot());
        move(seeing, {{"Focus", far_counts}});
        const double at_far = sharpness(seeing.shoot());
        CHECK((near ? at_near / at_far : at_far / at_near) > 2);
    }
}

TEST_CASE("a sharp picture does not stay sharp when the lens zooms in, until it is focused again") {
    SeeingCamera seeing("slanted_edge");
    seeing.set({{"PixelFormat", kRaw16}, {"ExposureTime", 5000}});
    move(seeing, {{"Zoom", 300}, {"Focus", counts(300, 2.5)}});
    const double before = sharpness(seeing.shoot());
    move(seeing, {{"Zoom", 800}});
    const double zoomed = sharpness(seeing.shoot());
    move(seeing, {{"Focus", counts(800, 2.5)}});
    const double again = sharpness(seeing.shoot());
    CHECK(before > 2 * zoomed);
    CHECK(again > 2 * zoomed);
}

TEST_CASE("the iris lets through more light the higher its value, most at its maximum and none when closed") {
    SeeingCamera seeing("flat_field");
    seeing.set({{"PixelFormat", kRaw16}, {"ExposureTime", 5000}});
    CHECK(seeing.client.get("Iris") == 255);
    double before = light(seeing)[1];
    for (const double iris : {120, 60, 0}) {
        move(seeing, {{"Iris", iris}});
        const double now = light(seeing)[1];
        CHECK(now < 0.75 * before);
        before = now;
    }
    CHECK(std::abs(before) < 8);  // half a code of 12 bits
}

TEST_CASE("where the iris closes differs from camera to camera") {
    for (const double closed : {22.0, 44.0}) {
        auto profile = small_profile();
        profile.lens.iris_closed_steps = closed;
        SeeingCamera seeing("flat_field", {}, profile);
        seeing.set({{"PixelFormat", kRaw16}, {"ExposureTime", 100'000}});
        move(seeing, {{"Iris", 40}});
        CHECK((light(seeing)[1] > 100) == (closed < 40));
    }
}

TEST_CASE("without its infrared cut filter the camera sees the infrared of a lamp, and colours wash out") {
    SeeingCamera seeing("flat_field", {"light.spectrum=A"});
    seeing.set({{"PixelFormat", kRaw16}, {"ExposureTime", 1500}});
    CHECK(seeing.client.get("IRCutFilterEnable") == 1);
    const auto with = light(seeing);
    move(seeing, {{"IRCutFilterEnable", 0}});
    const auto without = light(seeing);
    for (std::size_t i = 0; i < 3; ++i) CHECK(without[i] > 2.5 * with[i]);
    CHECK(without[0] / without[2] < 0.8 * with[0] / with[2]);
    move(seeing, {{"IRCutFilterEnable", 1}});
    const auto again = light(seeing);
    for (std::size_t i = 0; i < 3; ++i) CHECK(again[i] == doctest::Approx(with[i]).epsilon(0.02));
}

TEST_CASE("zoom and focus take their time, and each sends one event when it has arrived") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    client.keep_alive();
    client.open_messages();
    client.open_stream();
    for (const int event : {emulator::Events::focus_move_completed, emulator::Events::zoom_move_completed}) {
        client.set("EventSelector", event);
        client.set("EventNotification", 1);
    }
    client.set("Zoom", 1000);
    client.set("Focus", 5000);
    client.start();
    camera.run_for(kArrival);
    REQUIRE(client.events.size() == 2);
    CHECK(client.events[0].id == kFocusMoved);
    CHECK(client.events[1].id == kZoomMoved);
    const auto arrived = client.events[1].at;
    CHECK(arrived > 4s);  // from end to end, and the ramps
    for (const auto& request : camera.requests)
        CHECK(request.lens.moving(request.start) == (request.start < arrived));

    // A new target on the way: only the last is arrived at. No move, no event.
    client.events.clear();
    client.set("Zoom", 0);
    camera.run_for(1s);
    client.set("Zoom", 500);
    client.set("Focus", 5000);
    client.set("Iris", 100);
    camera.run_for(kArrival);
    REQUIRE(client.events.size() == 1);
    CHECK(client.events[0].id == kZoomMoved);
}
