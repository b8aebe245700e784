#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <random>

#include "tests/pictures/live_camera.h"
#include "tests/support/sweep.h"

// Automatic exposure and white balance on true pictures, under lamps of all kinds: how near they come, how
// soon, and that they come to rest.

using namespace measure;

namespace {

double mean(const protocol::Bytes& codes) {
    double sum = 0;
    for (const auto code : codes) sum += code;
    return sum / static_cast<double>(codes.size());
}

/// Frames until all later ones are within 2 of the reference.
std::size_t settled_after(const LiveCamera& live, double reference) {
    std::size_t frame = 0, last_off = 0;
    for (const auto& entry : live.client.blocks) {
        ++frame;
        if (std::abs(mean(entry.second.payload()) - reference) > 2) last_off = frame;
    }
    return last_off;
}

struct Start {
    std::string scene;
    double illuminance_lx, exposure_us, gain_db;
    int reference;
};
Start any_start(std::uint32_t seed) {
    std::mt19937 random(seed);
    const auto part = [&] { return static_cast<double>(random() % 10'001) / 10'000; };
    constexpr const char* kScenes[] = {"picture", "colour_chart", "grey_steps", "depth_range"};
    Start start{
        .scene = kScenes[seed % 4], .illuminance_lx = 0, .exposure_us = 0, .gain_db = 0, .reference = 0};
    start.illuminance_lx = std::pow(10, 5 * part());
    start.exposure_us = std::floor(20 * std::pow(33'333.0 / 20, part()));
    start.gain_db = std::floor(480 * part()) / 10;
    start.reference = 80 + static_cast<int>(random() % 80);
    return start;
}

struct Reached {
    std::size_t frames = 0;
    bool served = true;  // the limits allow it
};
Reached expose(const Start& start) {
    auto world = scene_named(start.scene, std::vector<std::string>{"light.illuminance_lx=" +
                                                                   std::to_string(start.illuminance_lx)});
    auto profile = LiveCamera::small();
    profile.power_up.lens = {.zoom = std::llround(*world.camera.zoom),
                             .focus = std::llround(*world.camera.focus)};
    profile.power_up.exposure.time_us = start.exposure_us;
    profile.power_up.exposure.gain_db = start.gain_db;
    profile.power_up.automatic.exposure.reference = start.reference;
    LiveCamera live(std::move(world), profile);
    live.run_frames(40);
    const double exposure_us = live.client.get("ExposureTime"), gain_db = live.client.get("Gain");
    const bool at_an_end = (exposure_us == 33'333 && gain_db == 48) || (exposure_us == 100 && gain_db == 0);
    return {settled_after(live, start.reference), !at_an_end};
}

/// By how much the mean colours of a grey picture differ.
double tint(const protocol::Bytes& codes, int width) {
    std::array<double, 3> sum{}, count{};
    for (std::size_t i = 0; i < codes.size(); ++i) {
        const auto x = i % static_cast<std::size_t>(width), y = i / static_cast<std::size_t>(width);
        sum[(x & 1) + (y & 1)] += codes[i];
        count[(x & 1) + (y & 1)] += 1;
    }
    std::array<double, 3> signal{};
    for (std::size_t c = 0; c < 3; ++c) signal[c] = sum[c] / count[c] + 0.5 - 15;
    return *std::ranges::max_element(signal) / *std::ranges::min_element(signal) - 1;
}

const std::vector<std::string> kLamps{"A",      "D50",    "D55",    "D65",     "D75",    "E",
                                      "FL2",    "FL7",    "FL11",   "HP2",     "LED-B1", "LED-B2",
                                      "LED-B3", "LED-B4", "LED-B5", "LED-RGB1"};

LiveCamera grey_under(const std::string& lamp, const std::string& flicker = "") {
    const std::string light = flicker.empty() ? "" : R"(, "flicker": )" + flicker;
    return LiveCamera(scene_of(R"({"light": {"spectrum": ")" + lamp + R"(", "illuminance_lx": 2000)" + light +
                               R"(}, "background": {"reflectance": 0.4, "distance_m": 2}})"));
}

/// How many of the cases the limits of exposure time and gain allow.
std::uint32_t check_starts(support::Cases cases) {
    std::uint32_t served = 0;
    for (std::uint32_t seed = cases.first; seed < cases.end; ++seed) {
        const Start start = any_start(seed);
        const auto [frames, within_limits] = expose(start);
        MESSAGE(seed, " ", start.scene, " under ", start.illuminance_lx, " lx, from ", start.exposure_us,
                " us and ", start.gain_db, " dB, to ", start.reference, ": ", frames, " frames",
                std::string(within_limits ? "" : ", at its limits"));
        if (!within_limits) continue;
        ++served;
        CHECK(frames <= 20);
    }
    return served;
}

}  // namespace

TEST_CASE(
    "exposure comes within 2 of the reference in 20 frames, from any start, in any light that it can serve") {
    CHECK(check_starts({0, 4}) > 2);
}

TEST_CASE("exposure in 260 cases comes within 2 of the reference in 20 frames" * doctest::skip()) {
    const auto cases = support::chosen_cases(260);
    REQUIRE(cases.count() > 0);
    const auto served = check_starts(cases);
    if (cases.count() == 260) CHECK(served > 130);
}

TEST_CASE("white balance makes grey grey within 2 % under every lamp, and rests") {
    for (const auto& lamp : kLamps) {
        CAPTURE(lamp);
        auto live = grey_under(lamp);
        live.run_frames(40);
        CHECK(tint(live.newest(), 640) <= 0.02);
        const auto& requests = live.camera.requests;
        for (auto i = requests.size() - 10; i < requests.size(); ++i)
            CHECK(requests[i].settings.isp.white_balance == requests.back().settings.isp.white_balance);
    }
}

TEST_CASE(
    "after grey world the colour temperature is that of the light, within 10 mired, at both ends of its "
    "range") {
    struct Row {
        const char* spectrum;
        double temperature_k;
    };
    for (const auto& light : {Row{"blackbody", 2500},
                              {"blackbody", 2800},
                              {"blackbody", 4000},
                              {"daylight", 4000},
                              {"daylight", 6500},
                              {"daylight", 10'000}}) {
        const std::string spectrum = light.spectrum;
        const double temperature_k = light.temperature_k;
        CAPTURE(spectrum);
        CAPTURE(temperature_k);
        LiveCamera live(scene_of(R"({"light": {"spectrum": ")" + spectrum + R"(", "temperature_k": )" +
                                 std::to_string(temperature_k) +
                                 R"(, "illuminance_lx": 2000},
                                 "background": {"reflectance": 0.4, "distance_m": 2}})"));
        CHECK(live.client.get("BalanceWhiteMode") == 0);
        live.run_frames(20);
        CHECK(tint(live.newest(), 640) <= 0.02);
        const double found_k = live.client.get("BalanceWhiteTemperature");
        CHECK(std::abs(1e6 / found_k - 1e6 / temperature_k) <= 10);
    }
}

TEST_CASE("under lamps that flicker, exposure and white balance come to rest about the right mean") {
    for (const auto* flicker : {R"({"mains_hz": 50, "depth": [0.1]})", R"({"mains_hz": 50, "depth": [0.4]})",
                                R"({"mains_hz": 50, "depth": [0.9]})", R"({"mains_hz": 60, "depth": [0.9]})",
                                R"({"mains_hz": 50, "depth": [0.3], "lag_ms": [0, 0.5, 2]})"}) {
        for (const double rate_hz : {30.0, 36.0}) {
            CAPTURE(std::string(flicker));
            CAPTURE(rate_hz);
            auto live = grey_under("FL11", flicker);
            live.client.set("AcquisitionFrameRate", rate_hz);
            live.run_frames(90);
            const auto settled = live.camera.requests.size();
            live.run_frames(72);
            int changes = 0;
            const auto& requests = live.camera.requests;
            for (auto i = settled; i < requests.size(); ++i) {
                changes +=
                    requests[i].settings.exposure.time_us != requests[i - 1].settings.exposure.time_us ||
                    requests[i].settings.exposure.gain_db != requests[i - 1].settings.exposure.gain_db ||
                    requests[i].settings.isp.white_balance != requests[i - 1].settings.isp.white_balance;
            }
            CHECK(changes <= 2);
            double sum = 0;
            auto block = live.client.blocks.rbegin();
            for (int i = 0; i < 72; ++i, ++block) sum += mean(block->second.payload());
            CHECK(std::abs(sum / 72 - 128) <= 3);
        }
    }
}
