#include <doctest/doctest.h>

#include <cmath>

#include "emulator/testbench/scene_in_force.h"
#include "tests/pictures/live_camera.h"
#include "tests/support/source_dir.h"

// Changes of the scene, seen through lens and sensor: at a planned time, and fed as raw pictures.

namespace {

using namespace support;
using emulator::testbench::SceneInForce;
using nlohmann::json;
using scenes::targets::Picture;

emulator::testbench::Scene scene_of(const json& content) {
    return emulator::testbench::make_scene({"test", "test", content, {}});
}

/// 640 by 480 pixels of the middle of the sensor, in 8-bit codes of raw pixels.
emulator::Profile steady() {
    auto profile = measure::LiveCamera::small();
    profile.power_up.image.pixel_format = emulator::PixelFormat::BayerRG8;
    auto& automatic = profile.power_up.automatic;
    automatic.exposure.exposure = automatic.exposure.gain = false;
    automatic.balance.automatic = emulator::auto_functions::BalanceAuto::off;
    profile.power_up.exposure.time_us = 5000;
    profile.power_up.lens = {.zoom = 400, .focus = 9807};
    return profile;
}

struct LiveScene {
    explicit LiveScene(const json& content)
        : start(scene_of(content)),
          live(scenes::World(*start.world), steady()),
          scene(live.camera.camera, live.camera.scheduler, start) {}

    emulator::testbench::Scene start;
    measure::LiveCamera live;
    SceneInForce scene;
};

json screen() {
    return {{"light", {{"illuminance_lx", 900}}},
            {"items",
             {{{"kind", "picture"}, {"name", "screen"}, {"width_m", 0.3}, {"position_m", {0, 0, 1.5}}}}}};
}

double mean(const Bytes& codes, int from_x, int to_x) {
    double sum = 0, count = 0;
    for (int y = 200; y < 280; ++y)
        for (int x = from_x; x < to_x; ++x, ++count) sum += codes[static_cast<std::size_t>(y) * 640 + x];
    return sum / count;
}

}  // namespace

TEST_CASE("a scene that is changed at a time is in the frames from then on, in two runs alike to the bit") {
    const auto run = [] {
        LiveScene bench(screen());
        bench.live.run_frames(1);
        const auto at = bench.live.camera.now() + 150ms;
        REQUIRE(bench.scene.take(emulator::testbench::changed(
            bench.scene.plan(), {.at = at, .edit = [](scenes::SceneFile& file) {
                                     file.content["items"] = json::array();
                                     file.content["background"] = {{"reflectance", 0.8}};
                                 }})));
        bench.live.run_frames(8);
        std::vector<Bytes> frames;
        for (const auto& [id, block] : bench.live.client.blocks) frames.push_back(block.payload());
        std::vector<bool> changed;
        for (const auto& request : bench.live.camera.requests) changed.push_back(request.start >= at);
        for (std::size_t i = 0; i < frames.size(); ++i) {
            CAPTURE(i);
            CHECK((mean(frames[i], 0, 60) > 2 * mean(frames[0], 0, 60)) == static_cast<bool>(changed[i]));
        }
        CHECK_FALSE(changed.front());
        CHECK(changed[frames.size() - 1]);
        return frames;
    };
    CHECK(run() == run());
}

TEST_CASE(
    "a raw picture is in the next exposure's frame, with the blur of the lens and the noise of the sensor") {
    LiveScene bench(screen());
    bench.live.run_frames(1);
    const auto dark = mean(bench.live.newest(), 300, 340);
    // Left black, right half as bright as white, as linear light.
    Picture::Linear half(512, 384);
    for (int y = 0; y < half.height; ++y)
        for (int x = 256; x < half.width; ++x) half.at(x, y) = {0.5F, 0.5F, 0.5F};
    REQUIRE(bench.scene.feed("screen", std::make_shared<const std::vector<Picture::Frame>>(1, half)));
    const auto fed_at = bench.live.camera.now();
    bench.live.run_frames(3);
    const auto next = std::ranges::find_if(bench.live.camera.requests,
                                           [&](const auto& request) { return request.start >= fed_at; });
    REQUIRE(next != bench.live.camera.requests.end());
    const auto index = next - bench.live.camera.requests.begin();
    const auto frame = std::next(bench.live.client.blocks.begin(), index)->second.payload();

    const auto column = [&](int x) { return mean(frame, x & ~1, (x & ~1) + 2); };
    const double left = mean(frame, 200, 260), right = mean(frame, 380, 440);
    CHECK(left == doctest::Approx(dark).epsilon(0.2));
    CHECK(right > left + 30);
    // Blur: the edge takes several pixels.
    int between = 0;
    for (int x = 260; x < 380; x += 2)
        between += column(x) > left + 0.1 * (right - left) && column(x) < left + 0.9 * (right - left);
    CHECK(between >= 1);
    CHECK(between < 30);
    // Noise: pixels of one colour differ by about the root of their electrons.
    double sum = 0, squares = 0, count = 0;
    for (int y = 200; y < 280; y += 2)
        for (int x = 381; x < 441; x += 2, ++count) {
            const double code = frame[static_cast<std::size_t>(y) * 640 + x];
            sum += code, squares += code * code;
        }
    const double deviation = std::sqrt(squares / count - sum / count * sum / count);
    CHECK(deviation > 0.5);
    CHECK(deviation < 10);
}
