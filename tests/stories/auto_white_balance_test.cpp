#include <doctest/doctest.h>

#include "tests/stories/auto_function_camera.h"

// White balance, and the part of the image that the auto functions look at: manual 5.9 and 5.12.

using namespace stories;

namespace {

std::array<double, 3> tint_of(const std::array<double, 3>& colour, FakeClient& client) {
    std::array<double, 3> balanced{};
    for (int i = 0; i < 3; ++i) {
        client.set("BalanceRatioSelector", i);
        balanced[static_cast<std::size_t>(i)] =
            colour[static_cast<std::size_t>(i)] * client.get("BalanceRatio");
    }
    return balanced;
}
double spread(const std::array<double, 3>& values) {
    return *std::ranges::max_element(values) / *std::ranges::min_element(values) - 1;
}

constexpr std::array<double, 3> kIncandescent{0.974, 1, 0.257}, kDaylight{0.57, 1, 0.543};

}  // namespace

TEST_CASE("the colour temperature can be written in temperature mode only") {
    AutoFunctionCamera auto_camera(simulated_scene::scene(20'000, 2, 1));
    auto& client = auto_camera.client;
    client.set("BalanceWhiteAuto", 0);
    CHECK(client.set("BalanceWhiteTemperature", 3000) == kWriteProtect);
    CHECK(client.set("BalanceWhiteTemperaturePreset", 2) == kWriteProtect);
    CHECK(client.set("BalanceWhiteMode", 1) == 0);
    CHECK(client.set("BalanceWhiteTemperature", 3000) == 0);
    CHECK(client.get("BalanceWhiteTemperaturePreset") == 2);
    const auto warm = tint_of({1, 1, 1}, client);
    CHECK(client.set("BalanceWhiteTemperaturePreset", 8) == 0);
    CHECK(client.get("BalanceWhiteTemperature") == 10'000);
    const auto cold = tint_of({1, 1, 1}, client);
    CHECK(warm[2] / warm[0] > 2 * cold[2] / cold[0]);
}

TEST_CASE("grey becomes grey, and once it is, a white balance of once is off again") {
    for (const int automatic : {1, 2}) {
        CAPTURE(automatic);
        AutoFunctionCamera auto_camera(simulated_scene::scene(40'000, 2, 13, kIncandescent));
        auto_camera.client.set("BalanceWhiteAuto", automatic);
        auto_camera.brightness_after(40);
        CHECK(auto_camera.client.get("BalanceWhiteAuto") == (automatic == 1 ? 1 : 0));
        CHECK(spread(tint_of(kIncandescent, auto_camera.client)) <= 0.02);

        // Another lamp: followed by continuous, and not by once.
        auto_camera.scene = simulated_scene::scene(40'000, 2, 13, kDaylight);
        auto_camera.brightness_after(40);
        CHECK((spread(tint_of(kDaylight, auto_camera.client)) <= 0.02) == (automatic == 1));
        if (automatic == 2) CHECK(auto_camera.client.set("BalanceRatio", 1.5) == 0);
    }
}

TEST_CASE("a white balance of once waits until it sees something") {
    AutoFunctionCamera auto_camera(simulated_scene::scene(0.001, 2, 14));
    auto_camera.client.set("BalanceWhiteAuto", 2);
    auto_camera.brightness_after(20);
    CHECK(auto_camera.client.get("BalanceWhiteAuto") == 2);
    auto_camera.scene = simulated_scene::scene(40'000, 2, 14, kDaylight);
    auto_camera.brightness_after(40);
    CHECK(auto_camera.client.get("BalanceWhiteAuto") == 0);
    CHECK(spread(tint_of(kDaylight, auto_camera.client)) <= 0.02);
}

TEST_CASE("grey world takes a blue carpet for grey, and temperature mode does not") {
    const std::array<double, 3> carpet{0.15, 0.5, 1};
    AutoFunctionCamera auto_camera(simulated_scene::scene(40'000, 1, 15, carpet));
    auto_camera.brightness_after(40);
    CHECK(spread(tint_of(carpet, auto_camera.client)) <= 0.02);
    auto_camera.client.set("BalanceWhiteMode", 1);
    auto_camera.brightness_after(40);
    CHECK(spread(tint_of(carpet, auto_camera.client)) > 0.5);
}

TEST_CASE("temperature mode finds the lamp within the range of its preset") {
    AutoFunctionCamera auto_camera(simulated_scene::scene(40'000, 1, 16, kDaylight));
    auto_camera.client.set("BalanceWhiteMode", 1);
    struct Row {
        int preset, lowest_k, highest_k;
    };
    for (const auto& row : {Row{0, 2500, 10'000}, Row{1, 2500, 4000}, Row{2, 4000, 5800}, Row{3, 5700, 7500},
                            Row{4, 7500, 10'000}}) {
        const auto& [preset, lowest_k, highest_k] = row;
        CAPTURE(row.preset);
        CHECK(auto_camera.client.set("BalanceWhiteAutoPreset", preset) == 0);
        auto_camera.brightness_after(20);
        const double found_k = auto_camera.client.get("BalanceWhiteTemperature");
        CHECK(found_k >= lowest_k);
        CHECK(found_k <= highest_k);
        if (preset == 0) CHECK(std::abs(found_k - 6500) <= 200);
    }
}

TEST_CASE("the auto functions measure in their region of the image") {
    // The upper half is eight times as bright as the lower one.
    auto scene = simulated_scene::scene(20'000, 0, 17);
    for (std::size_t i = 0; i < scene.dn_s.size() / 2; ++i) scene.dn_s[i] *= 8;
    AutoFunctionCamera auto_camera(scene);
    const auto light_for = [&](int preset) {
        auto_camera.client.set("AutoFunctionsROIPreset", preset);
        auto_camera.brightness_after(40);
        return auto_camera.client.get("ExposureTime") * std::pow(10, auto_camera.client.get("Gain") / 20);
    };
    CHECK(auto_camera.client.set("AutoFunctionsROIEnable", 1) == 0);
    const double top = light_for(5), bottom = light_for(4);
    CHECK(bottom / top == doctest::Approx(8).epsilon(0.1));
    CHECK(auto_camera.client.set("AutoFunctionsROIEnable", 0) == 0);
    const double all = light_for(5);
    CHECK(all > 1.2 * top);
    CHECK(all < 0.8 * bottom);
}

TEST_CASE("the region's rectangle is written with the custom preset only; other presets show theirs") {
    AutoFunctionCamera auto_camera(simulated_scene::scene(20'000, 0, 17));
    auto& client = auto_camera.client;
    client.set("Height", 256);
    struct Row {
        int preset, left, top, width, height;
    };
    for (const auto& row : {Row{0, 0, 0, 528, 256}, Row{2, 132, 64, 264, 128}, Row{3, 198, 96, 132, 64},
                            Row{4, 0, 128, 528, 128}, Row{5, 0, 0, 528, 128}}) {
        const auto& [preset, left, top, width, height] = row;
        CAPTURE(row.preset);
        client.set("AutoFunctionsROIPreset", preset);
        CHECK(client.get("AutoFunctionsROILeft") == left);
        CHECK(client.get("AutoFunctionsROITop") == top);
        CHECK(client.get("AutoFunctionsROIWidth") == width);
        CHECK(client.get("AutoFunctionsROIHeight") == height);
        CHECK(client.set("AutoFunctionsROILeft", 0) == kWriteProtect);
        CHECK(client.set("AutoFunctionsROIHeight", 16) == kWriteProtect);
    }
    client.set("AutoFunctionsROIPreset", 1);
    CHECK(client.set("AutoFunctionsROILeft", 100) == 0);
    CHECK(client.set("AutoFunctionsROIWidth", 64) == 0);
    CHECK(client.set("AutoFunctionsROIWidth", 15) != 0);
    CHECK(client.set("AutoFunctionsROIWidth", 65) != 0);
    CHECK(client.get("AutoFunctionsROILeft") == 100);
    CHECK(client.get("AutoFunctionsROIWidth") == 64);
}
