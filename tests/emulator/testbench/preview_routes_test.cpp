#include <doctest/doctest.h>

#include <opencv2/imgcodecs.hpp>

#include "emulator/testbench/image_pixels.h"
#include "emulator/testbench/preview/preview.h"
#include "emulator/testbench/preview/view.h"
#include "tests/emulator/testbench/testbench_camera.h"

using namespace testbench_camera;
using emulator::testbench::displayed;
using protocol::gvsp::Block;
using protocol::gvsp::PixelFormat;

namespace {

cv::Mat decoded(const Answer& answer) {
    REQUIRE(answer.status == 200);
    const std::vector<unsigned char> bytes(answer.bytes.begin(), answer.bytes.end());
    return cv::imdecode(bytes, cv::IMREAD_COLOR);
}

Json about(const Answer& answer) { return Json::parse(answer.headers.at("Gigemu-Picture")); }

/// A block of one colour: its bytes again and again.
Block even_block(PixelFormat format, const std::vector<std::uint8_t>& group) {
    constexpr std::uint32_t kWidth = 32, kHeight = 8;
    Block block{.pixel_format = format, .size_x = kWidth, .size_y = kHeight, .payload = {}};
    const auto bytes = protocol::gvsp::image_bytes(format, kWidth, kHeight);
    while (block.payload.size() < bytes)
        block.payload.insert(block.payload.end(), group.begin(), group.end());
    block.payload.resize(bytes);
    return block;
}

bool is_red(const cv::Mat& image) {
    const auto mean = cv::mean(image);
    return mean[0] < 3 && mean[1] < 3 && mean[2] > 250;
}

}  // namespace

TEST_CASE("preview: what is new comes coarsely, then whole, and a still scene never again") {
    TestbenchCamera bench({}, "flat_field");
    const Query small{{"width", "320"}};
    const auto first = bench.ask("GET", "/preview", "", small),
               second = bench.ask("GET", "/preview", "", small);
    CHECK(decoded(first).cols == 320);
    CHECK(about(first)["draft"] == true);
    CHECK(about(second)["draft"] == false);
    CHECK(about(second)["source"] == "preview");
    bench.camera.run_for(5s);
    const auto third = bench.ask("GET", "/preview", "", small);
    CHECK(about(third)["picture"] == about(second)["picture"]);
    const auto known = bench.router.answer({.method = "GET",
                                            .path = "/api/v1/camera/preview",
                                            .query = small,
                                            .known = third.headers.at("ETag")});
    CHECK(known.status == 304);
    CHECK(known.bytes.empty());
    bench.tell("PUT", "/features/GainAuto", R"({"value": "Off", "override": true})");
    bench.tell("PUT", "/features/Gain", R"({"value": 6, "override": true})");
    const auto brighter = bench.ask("GET", "/preview", "", small);
    CHECK(about(brighter)["picture"] != about(third)["picture"]);
    CHECK(cv::mean(decoded(brighter))[1] > 1.3 * cv::mean(decoded(third))[1]);
}

TEST_CASE("preview: a scene that moves is another picture at another time, and none while time stands") {
    TestbenchCamera bench;
    (void)bench.ask("GET", "/preview");
    const auto now = bench.ask("GET", "/preview"), again = bench.ask("GET", "/preview");
    CHECK(about(now)["moves"] == true);
    CHECK(about(again)["picture"] == about(now)["picture"]);
    bench.camera.run_for(100ms);
    CHECK(about(bench.ask("GET", "/preview"))["picture"] != about(now)["picture"]);
}

TEST_CASE("preview: it leaves no trace in the camera") {
    TestbenchCamera looked_at, alone;
    for (auto* bench : {&looked_at, &alone}) {
        bench->arm();
        bench->camera.run_for(20ms);
        if (bench == &looked_at) (void)bench->ask("GET", "/preview");
        bench->tell("POST", "/lines/trigger_in/train",
                    R"({"period_us": 50000, "width_us": 100, "count": 4})");
        for (int i = 0; i < 5; ++i) {
            bench->camera.run_for(50ms);
            if (bench == &looked_at) (void)bench->ask("GET", "/preview/statistics");
        }
    }
    CHECK(looked_at.get("/signals") == alone.get("/signals"));
    CHECK(looked_at.get("/signals")["signals"].size() > 20);
    CHECK(looked_at.get("")["counts"] == alone.get("")["counts"]);
    CHECK(looked_at.get("/features") == alone.get("/features"));
}

TEST_CASE("preview: a streamed block is shown as it was sent, and its numbers can be read") {
    TestbenchCamera bench({}, "flat_field");
    bench.client.start();
    bench.camera.run_for(100ms);
    REQUIRE(bench.bench.sending());
    (void)bench.bench.preview()->ask(bench.bench);
    auto sent = even_block(PixelFormat::BayerRG8, {200, 100});
    sent.id = 77;
    bench.bench.on_submitted(sent);
    const auto picture = bench.bench.preview()->take(bench.bench.preview()->ask(bench.bench));
    REQUIRE(picture != nullptr);
    CHECK(picture->streamed);
    CHECK(picture->block.id == 77);
    CHECK(picture->block.payload == sent.payload);
    const Query part{
        {"picture", std::to_string(picture->number)}, {"format", "raw"}, {"x", "3"}, {"w", "3"}, {"h", "2"}};
    const auto raw = bench.ask("GET", "/preview", "", part);
    CHECK(about(raw)["region"] == Json({2, 0, 4, 2}));
    CHECK(raw.bytes.substr(0, 8) == std::string("\xC8\0\x64\0\xC8\0\x64\0", 8));
    const auto statistics =
        bench.ask("GET", "/preview/statistics", "", {{"picture", std::to_string(picture->number)}});
    CHECK(statistics.body["colours"][0]["mean"] == 200);
    CHECK(statistics.body["colours"][2]["mean"] == 100);
}

TEST_CASE("preview: digital numbers are counted, or what is displayed, and a waveform has their places") {
    using emulator::testbench::statistics, emulator::testbench::waveform, emulator::testbench::Showing;
    // Red and half of green are 200, blue and the other half 100.
    const auto block = even_block(PixelFormat::BayerRG8, {200, 100});
    const emulator::testbench::Region all{0, 0, 32, 8};
    const auto numbers = statistics(block, all, std::nullopt)["colours"];
    CHECK(numbers[0]["bins"][200] == 64);
    CHECK(numbers[1]["mean"] == 150);
    CHECK(numbers[1]["deviation"] == 50);
    CHECK(numbers[1]["pixels"] == 128);
    CHECK(numbers[2]["min"] == 100);
    CHECK(numbers[2]["max"] == 100);
    const auto shown = statistics(block, all, Showing{.width = 16})["colours"];
    CHECK(shown[1]["bins"][150] == 16 * 4);
    const auto png = waveform(block, all, std::nullopt);
    const auto image = cv::imdecode(std::vector<unsigned char>(png.begin(), png.end()), cv::IMREAD_COLOR);
    REQUIRE(image.size() == cv::Size(32, 256));
    const auto at = [&](int dn, int column) { return image.at<cv::Vec3b>(255 - dn, column); };
    CHECK(at(200, 0) == cv::Vec3b(0, 255, 255));
    CHECK(at(100, 1) == cv::Vec3b(255, 255, 0));
    CHECK(at(100, 0) == cv::Vec3b(0, 0, 0));
    CHECK(at(150, 1) == cv::Vec3b(0, 0, 0));
}

TEST_CASE("preview: neutral colours begin at the black level") {
    const auto shown = [](std::uint8_t code) {
        const auto png =
            emulator::testbench::encoded(even_block(PixelFormat::BGR8, {code, code, code}), {0, 0, 32, 8},
                                         {.neutral = true, .black_dn = 160}, "png");
        return cv::imdecode(std::vector<unsigned char>(png.begin(), png.end()), cv::IMREAD_COLOR)
            .at<cv::Vec3b>(0, 0)[0];
    };
    CHECK(shown(10) == 0);
    CHECK(shown(210) == 200);
}

TEST_CASE("automatics: what they measured last, and where they stand") {
    // Each frame is measured as if all of it were 760 DN above black.
    const auto even = [](const emulator::FrameRequest& request) {
        auto frame = pretended_frame(request);
        const scenes::light::Image<std::uint16_t> dn(64, 48, 1000);
        if (request.questions.statistics)
            frame.measured.statistics =
                emulator::auto_functions::measure(dn, {0, 0, 64, 48}, 240, emulator::isp::WhiteBalance());
        return frame;
    };
    TestbenchCamera bench({.sensor = even});
    CHECK(bench.get("/automatics")["seen"].is_null());
    CHECK(bench.client.set("ExposureAuto", 1) == 0);
    bench.client.start();
    bench.camera.run_for(1s);
    const auto now = bench.get("/automatics");
    CHECK(now["seen"]["mean_dn"] == Json({760, 760, 760}));
    CHECK(now["seen"]["grey"] == 1);
    CHECK(now["seen"]["clipped"] == 0);
    CHECK(now["exposure"]["reference"] == 128);
    CHECK(now["focus"]["phase"] == "idle");
    CHECK(bench.client.set("FocusAuto", 1) == 0);
    CHECK(bench.get("/automatics")["focus"]["phase"] == "searching");
}

TEST_CASE("scenarios: those of the examination, with what they are about") {
    TestbenchCamera bench;
    const auto list = bench.ask_at("GET", "/api/v1/scenarios").body["scenarios"];
    CHECK(list.size() > 40);
    int here = 0;
    for (const auto& one : list) {
        CHECK(!one["what"].get<std::string>().empty());
        here += one["needs_client"] == false;
    }
    CHECK(here > 10);
    const auto one = bench.ask_at("GET", "/api/v1/scenarios/heartbeat");
    CHECK(one.body["steps"].size() > 0);
    CHECK(bench.ask_at("GET", "/api/v1/scenarios/nothing").status == 404);
}

TEST_CASE("preview: every pixel format has the colour that it says") {
    CHECK(is_red(displayed(even_block(PixelFormat::BGR8, {0, 0, 255}), 1)));
    // Red in full-range BT.601: Y 76, Cb 85, Cr 255.
    CHECK(is_red(displayed(even_block(PixelFormat::YUV422_8, {76, 85, 76, 255}), 1)));
    CHECK(is_red(displayed(even_block(PixelFormat::YCbCr411_8, {76, 76, 85, 76, 76, 255}), 2)));
    CHECK(is_red(displayed(even_block(PixelFormat::YCbCr411_8_CbYYCrYY, {85, 76, 76, 255, 76, 76}), 1)));
    auto mosaic = even_block(PixelFormat::BayerRG8, {0});
    for (std::size_t y = 0; y < 8; y += 2)
        for (std::size_t x = 0; x < 32; x += 2) mosaic.payload[y * 32 + x] = 255;
    CHECK(is_red(displayed(mosaic, 1)));
    CHECK(is_red(displayed(mosaic, 2)));
    mosaic.payload.pop_back();
    CHECK(displayed(mosaic, 1).empty());
}

TEST_CASE("preview: what it does not have is refused") {
    TestbenchCamera bench({}, "flat_field");
    CHECK(bench.ask("GET", "/preview", "", {{"x", "4000"}}).status == 400);
    CHECK(bench.ask("GET", "/preview", "", {{"width", "4"}}).status == 400);
    CHECK(bench.ask("GET", "/preview", "", {{"format", "gif"}}).status == 400);
    CHECK(bench.ask("GET", "/preview", "", {{"picture", "999"}}).status == 404);
}

TEST_CASE("page: its files come packed or plain, once, and need no token") {
    TestbenchCamera bench;
    const emulator::testbench::Router guarded("39265001", bench.access, {.token = "secret"});
    const auto plain = guarded.answer({.method = "GET", .path = "/"});
    CHECK(plain.status == 200);
    CHECK(plain.bytes.starts_with("<!doctype html>"));
    const auto packed = guarded.answer({.method = "GET", .path = "/", .unpacks = true});
    CHECK(packed.headers.at("Content-Encoding") == "gzip");
    CHECK(packed.bytes.starts_with("\x1f\x8b"));
    CHECK(guarded.answer({.method = "GET", .path = "/", .known = plain.headers.at("ETag")}).status == 304);
    CHECK(guarded.answer({.method = "GET", .path = "/page/nothing.js"}).status == 404);
    CHECK(bench.ask_at("PUT", "/").status == 405);
    CHECK(guarded.answer({.method = "GET", .path = "/api/v1/camera/preview"}).status == 401);
}

TEST_CASE("user set: what was changed since power-up differs, and nothing else") {
    TestbenchCamera bench;
    const auto before = bench.get("/user_set");
    CHECK(before["user_set"] == "Default");
    bench.tell("PUT", "/features/ReverseX", R"({"value": true, "override": true})");
    const auto after = bench.get("/user_set");
    REQUIRE(after["differs"].size() == before["differs"].size() + 1);
    CHECK(after["differs"].dump().find(R"("feature":"ReverseX","value":true,"saved":false)") !=
          std::string::npos);
}

TEST_CASE("network: control and heartbeat are those of the client") {
    TestbenchCamera bench;
    const auto network = bench.get("/network");
    CHECK(network["control"]["controller"] == bench.get("")["controller"]);
    CHECK(network["control"]["left_ms"].get<double>() > 0);
    CHECK(network["link"]["speed_mbps"] == 1000);
    bench.tell("POST", "/faults", R"({"fault": "cable_out"})");
    CHECK(bench.get("/network")["link"]["speed_mbps"] == 0);
}

TEST_CASE("lens: a motor has a target and the time that it takes") {
    TestbenchCamera bench;
    CHECK(bench.client.set("Zoom", 900) == 0);
    const auto zoom = bench.get("/lens")["motors"][0];
    CHECK(zoom["target"] == 900);
    CHECK(zoom["left_s"].get<double>() > 0.1);
    bench.camera.run_for(10s);
    CHECK(bench.get("/lens")["motors"][0]["left_s"] == 0.0);
    CHECK(std::abs(bench.get("/lens")["motors"][0]["position"].get<double>() - 900) < 5);
}
