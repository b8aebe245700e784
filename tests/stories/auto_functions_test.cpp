#include <doctest/doctest.h>

#include "tests/stories/auto_function_camera.h"

// Exposure, gain and iris that the camera sets by itself, as a client sees them: manual 5.3 and 5.4.7.

using namespace stories;

TEST_CASE("at power-up exposure, gain and white balance are automatic, and the iris is not") {
    VirtualCamera camera({.profile = {}});
    FakeClient client(camera);
    CHECK(client.get("ExposureAuto") == 1);
    CHECK(client.get("GainAuto") == 1);
    CHECK(client.get("BalanceWhiteAuto") == 1);
    CHECK(client.get("IrisAuto") == 0);
    CHECK(client.get("ExposureAutoReference") == 128);
    CHECK(client.get("ExposureAutoHighlightReduction") == 0);
    CHECK(client.get("ExposureAutoUpperLimitAuto") == 1);
    CHECK(client.get("AutoFunctionsROIEnable") == 0);
    CHECK(client.get("AutoFocusROIEnable") == 0);
}

TEST_CASE("what is automatic cannot be written, and its limits only while it is") {
    AutoFunctionCamera auto_camera(simulated_scene::scene(20'000, 2, 1));
    auto& client = auto_camera.client;
    struct Row {
        const char* automatic;
        int on;
        std::vector<const char*> locked_while_on, locked_while_off;
    };
    const Row kRows[] = {
        {"ExposureAuto", 1, {"ExposureTime"}, {"ExposureAutoLowerLimit", "ExposureAutoUpperLimit"}},
        {"GainAuto", 1, {"Gain"}, {"GainAutoLowerLimit", "GainAutoUpperLimit"}},
        {"IrisAuto", 1, {"Iris"}, {}},
        {"BalanceWhiteAuto",
         1,
         {"BalanceRatio", "BalanceWhiteTemperature", "BalanceWhiteTemperaturePreset"},
         {}},
        {"BalanceWhiteAuto", 2, {"BalanceRatio"}, {}},
    };
    client.set("BalanceWhiteMode", 1);
    client.set("ExposureAutoUpperLimitAuto", 0);
    for (const auto& row : kRows) {
        CAPTURE(row.automatic);
        for (const bool on : {true, false}) {
            CHECK(client.set(row.automatic, on ? row.on : 0) == 0);
            for (const auto* name : row.locked_while_on) {
                CAPTURE(name);
                const double value = client.get(name);
                CHECK(client.set(name, value) == (on ? kWriteProtect : 0));
                CHECK(client.get(name) == value);
            }
            for (const auto* name : row.locked_while_off)
                CHECK(client.set(name, client.get(name)) == (on ? 0 : kWriteProtect));
        }
    }
}

TEST_CASE("the mean of the picture comes to the reference, whatever that is, and stays there") {
    AutoFunctionCamera auto_camera(simulated_scene::scene(20'000, 2, 2));
    for (const int reference : {128, 60, 200}) {
        CAPTURE(reference);
        CHECK(auto_camera.client.set("ExposureAutoReference", reference) == 0);
        CHECK(std::abs(auto_camera.brightness_after(25) - reference) <= 2);
        const double exposure_us = auto_camera.client.get("ExposureTime");
        CHECK(std::abs(auto_camera.brightness_after(30) - reference) <= 2);
        CHECK(auto_camera.client.get("ExposureTime") == exposure_us);
    }
}

TEST_CASE("frames that are on their way when the light changes do not make the exposure swing") {
    for (const Time work : {0ms, 20ms, 70ms}) {
        CAPTURE(work.count());
        auto scene = simulated_scene::scene(8'000, 2, 3);
        const auto look = [&](const emulator::FrameRequest& request) {
            std::mt19937 random(7);
            const auto& made = request.settings.exposure;
            return auto_functions::measure(request.questions,
                                           scene.expose({made.time_us, made.gain_db}, 32, random),
                                           request.settings, {}, {});
        };
        VirtualCamera camera(
            {.profile = AutoFunctionCamera::profile(),
             .sensor =
                 [&](const auto& request) {
                     return emulator::MadeFrame{pretended_frame(request).payload, look(request)};
                 },
             .frame_work = work});
        FakeClient client(camera);
        client.take_control();
        client.keep_alive();
        client.open_stream();
        client.start();
        camera.run_for(10s);
        const auto light = [&] { return client.get("ExposureTime") * std::pow(10, client.get("Gain") / 20); };
        const double before = light();
        for (double& value : scene.dn_s) value *= 1.5;
        double least = before;
        for (int i = 0; i < 200; ++i) {
            camera.run_for(50ms);
            least = std::min(least, light());
        }
        CHECK(light() == doctest::Approx(before / 1.5).epsilon(0.03));
        CHECK(least > 0.8 * light());
    }
}

TEST_CASE("brightness is raised by exposure first and gain last, and taken back in the reverse order") {
    AutoFunctionCamera auto_camera(simulated_scene::scene(60'000, 1, 4));
    CHECK(std::abs(auto_camera.brightness_after(25) - 128) <= 2);
    CHECK(auto_camera.client.get("ExposureTime") < 33'333);
    CHECK(auto_camera.client.get("Gain") == 0);
    for (double& value : auto_camera.scene.dn_s) value /= 20;
    CHECK(std::abs(auto_camera.brightness_after(40) - 128) <= 2);
    CHECK(auto_camera.client.get("ExposureTime") == 33'333);
    CHECK(auto_camera.client.get("Gain") > 3);
    for (double& value : auto_camera.scene.dn_s) value *= 20;
    CHECK(std::abs(auto_camera.brightness_after(40) - 128) <= 2);
    CHECK(auto_camera.client.get("Gain") == 0);
}

TEST_CASE("an automatic iris opens before gain is raised, and its motor takes its time") {
    AutoFunctionCamera auto_camera(simulated_scene::scene(3'000'000, 1, 5));
    auto_camera.client.set("ExposureAutoLowerLimit", 1000);
    auto_camera.client.set("IrisAuto", 1);
    CHECK(std::abs(auto_camera.brightness_after(60) - 128) <= 2);
    CHECK(auto_camera.client.get("Iris") < 200);
    CHECK(auto_camera.client.get("Gain") == 0);
    const double closed = auto_camera.client.get("Iris");
    for (double& value : auto_camera.scene.dn_s) value /= 30;
    CHECK(std::abs(auto_camera.brightness_after(60) - 128) <= 2);
    CHECK(auto_camera.client.get("Iris") > closed);
    CHECK(auto_camera.client.get("ExposureTime") > 30'000);
    CHECK(auto_camera.client.get("Gain") == 0);
    CHECK(auto_camera.camera.requests.back().lens.state(auto_camera.camera.now(), 25).iris_steps ==
          auto_camera.client.get("Iris"));
    for (double& value : auto_camera.scene.dn_s) value /= 300;
    CHECK(std::abs(auto_camera.brightness_after(80) - 128) <= 2);
    CHECK(auto_camera.client.get("Iris") == 255);
    CHECK(auto_camera.client.get("Gain") > 0);
}

TEST_CASE("the limits hold from the next frame on") {
    AutoFunctionCamera auto_camera(simulated_scene::scene(5'000, 1, 6));
    auto& client = auto_camera.client;
    auto_camera.brightness_after(25);
    CHECK(client.get("ExposureTime") == 33'333);
    client.set("ExposureAutoUpperLimitAuto", 0);
    CHECK(client.set("ExposureAutoUpperLimit", 5000) == 0);
    CHECK(client.set("GainAutoUpperLimit", 12) == 0);
    auto_camera.brightness_after(10);
    CHECK(client.get("ExposureTime") == 5000);
    CHECK(client.get("Gain") == 12);
    for (std::size_t i = auto_camera.camera.requests.size() - 5; i < auto_camera.camera.requests.size();
         ++i) {
        CHECK(auto_camera.camera.requests[i].settings.exposure.time_us <= 5000);
        CHECK(auto_camera.camera.requests[i].settings.exposure.gain_db <= 12);
    }
    for (double& value : auto_camera.scene.dn_s) value *= 1e4;
    client.set("ExposureAutoLowerLimit", 700);
    client.set("GainAutoLowerLimit", 3);
    auto_camera.brightness_after(20);
    CHECK(client.get("ExposureTime") == 700);
    CHECK(client.get("Gain") == 3);
}

TEST_CASE("limits can be written in any order; where they cross, the lower one counts") {
    AutoFunctionCamera auto_camera(simulated_scene::scene(20'000, 1, 6));
    auto& client = auto_camera.client;
    client.set("ExposureAutoUpperLimitAuto", 0);
    CHECK(client.set("ExposureAutoUpperLimit", 2000) == 0);
    CHECK(client.set("ExposureAutoLowerLimit", 8000) == 0);
    CHECK(client.set("GainAutoUpperLimit", 1) == 0);
    CHECK(client.set("GainAutoLowerLimit", 3) == 0);
    CHECK(client.get("ExposureAutoUpperLimit") == 2000);
    CHECK(client.get("GainAutoUpperLimit") == 1);
    auto_camera.brightness_after(20);
    CHECK(client.get("ExposureTime") == 8000);
    CHECK(client.get("Gain") == 3);
    CHECK(client.set("ExposureAutoLowerLimit", 19) != 0);
    CHECK(client.set("GainAutoUpperLimit", 48.1) != 0);
    CHECK(client.get("ExposureAutoLowerLimit") == 8000);
}

TEST_CASE(
    "the automatic upper limit is the period of the frame rate, and frames are not slowed down for light") {
    AutoFunctionCamera auto_camera(simulated_scene::scene(2'000, 1, 7));
    auto& client = auto_camera.client;
    for (const double rate_hz : {12.0, 30.0, 100.0}) {
        CAPTURE(rate_hz);
        CHECK(client.set("AcquisitionFrameRate", rate_hz) == 0);
        CHECK(client.get("ExposureAutoUpperLimit") == std::floor(1e6 / rate_hz));
        CHECK(client.set("ExposureAutoUpperLimit", 1000) == kWriteProtect);
        auto_camera.brightness_after(20);
        CHECK(client.get("ExposureTime") == std::floor(1e6 / rate_hz));
    }
    CHECK(client.set("ExposureAutoUpperLimitAuto", 0) == 0);
    CHECK(client.set("ExposureAutoUpperLimit", 60'000) == 0);
    CHECK(client.set("AcquisitionFrameRate", 30) == 0);
    CHECK(client.get("ExposureAutoUpperLimit") == 60'000);
    CHECK(client.set("ExposureAutoUpperLimitAuto", 1) == 0);
    CHECK(client.get("ExposureAutoUpperLimit") == 33'333);
}

TEST_CASE("highlight reduction darkens a picture of which much would clip") {
    AutoFunctionCamera auto_camera(simulated_scene::scene(60'000, 9, 8));
    const double plain = auto_camera.brightness_after(40);
    CHECK(std::abs(plain - 128) <= 2);
    CHECK(auto_camera.client.set("ExposureAutoHighlightReduction", 1) == 0);
    const double reduced = auto_camera.brightness_after(40);
    CHECK(reduced < plain - 5);
    auto request = auto_camera.camera.requests.back();
    request.questions = {.statistics = true};
    CHECK(auto_camera.look(request).statistics->clipped_share < 0.15);
    CHECK(auto_camera.client.set("ExposureAutoHighlightReduction", 0) == 0);
    CHECK(std::abs(auto_camera.brightness_after(40) - plain) <= 3);
}

TEST_CASE("turned off, an automatic leaves what it has found") {
    AutoFunctionCamera auto_camera(simulated_scene::scene(20'000, 2, 9));
    auto& client = auto_camera.client;
    auto_camera.brightness_after(25);
    for (const auto* name : {"ExposureAuto", "GainAuto", "BalanceWhiteAuto"}) client.set(name, 0);
    const double exposure_us = client.get("ExposureTime"), gain_db = client.get("Gain");
    for (double& value : auto_camera.scene.dn_s) value *= 5;
    auto_camera.brightness_after(20);
    CHECK(client.get("ExposureTime") == exposure_us);
    CHECK(client.get("Gain") == gain_db);
    CHECK(client.set("ExposureTime", 1234) == 0);
    auto_camera.brightness_after(5);
    CHECK(client.get("ExposureTime") == 1234);
    CHECK_FALSE(auto_camera.camera.requests.back().questions.any());  // no measurement is requested any more
}

TEST_CASE("what a frame was exposed with travels with it although the exposure is automatic") {
    AutoFunctionCamera auto_camera(simulated_scene::scene(20'000, 2, 10));
    auto_camera.brightness_after(12);
    const auto& requests = auto_camera.camera.requests;
    bool changed = false;
    for (std::size_t i = 1; i < requests.size(); ++i) {
        changed |= requests[i].settings.exposure.time_us != requests[i - 1].settings.exposure.time_us;
        CHECK(requests[i].start >= requests[i - 1].end());
    }
    CHECK(changed);
}

TEST_CASE("in multi-frame output mode exposure and gain are those of the set, and the auto functions wait") {
    AutoFunctionCamera auto_camera(simulated_scene::scene(20'000, 2, 11));
    auto_camera.brightness_after(25);
    const double exposure_us = auto_camera.client.get("ExposureTime");
    CHECK(auto_camera.client.set("MultiFrameSetOutputModeEnable", 1) == 0);
    for (double& value : auto_camera.scene.dn_s) value *= 3;
    auto_camera.brightness_after(20);
    CHECK(auto_camera.client.get("ExposureTime") == exposure_us);
    CHECK(auto_camera.client.set("MultiFrameSetOutputModeEnable", 0) == 0);
    CHECK(std::abs(auto_camera.brightness_after(25) - 128) <= 2);
    CHECK(auto_camera.client.get("ExposureTime") < exposure_us);
}

TEST_CASE("triggered frames are measured like others") {
    AutoFunctionCamera auto_camera(simulated_scene::scene(20'000, 2, 12));
    auto_camera.client.set("TriggerMode", 1);
    auto_camera.client.start();
    for (int i = 0; i < 20; ++i) {
        auto_camera.client.set("TriggerSoftware", 1);
        auto_camera.camera.run_for(150ms);
    }
    CHECK(auto_camera.camera.requests.size() == 20);
    CHECK(std::abs(auto_camera.brightness() - 128) <= 2);
}
