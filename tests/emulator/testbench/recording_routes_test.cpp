#include <doctest/doctest.h>
#include <unistd.h>

#include <fstream>
#include <opencv2/imgcodecs.hpp>

#include "emulator/isp/pack.h"
#include "emulator/testbench/recording_desk.h"
#include "tests/emulator/testbench/testbench_camera.h"

using namespace testbench_camera;
using emulator::testbench::frame_file;
using emulator::testbench::FrameForm;
using protocol::gvsp::Block;
using protocol::gvsp::PixelFormat;

// Recordings over HTTP: what is written where, and what is refused.

namespace {

namespace fs = std::filesystem;

struct RecordingCamera : TestbenchCamera {
    RecordingCamera() {
        fs::create_directories(path);
        desk = std::make_unique<emulator::testbench::RecordingDesk>(path);
        bench.record_by(desk.get());
    }
    ~RecordingCamera() {
        desk.reset();
        fs::remove_all(path);
    }
    [[nodiscard]] std::string text_of(const std::string& name) const {
        std::ifstream in(path / name, std::ios::binary);
        return {std::istreambuf_iterator<char>(in), {}};
    }
    fs::path path = fs::temp_directory_path() / ("gigemu-desk-" + std::to_string(getpid()));
    std::unique_ptr<emulator::testbench::RecordingDesk> desk;
};

Block block_of(PixelFormat format, std::uint32_t width, std::uint32_t height, Bytes payload) {
    Block block;
    block.pixel_format = format;
    block.size_x = width;
    block.size_y = height;
    block.payload = std::move(payload);
    return block;
}

cv::Mat decoded(const std::optional<std::string>& file) {
    REQUIRE(file.has_value());
    const std::vector<unsigned char> bytes(file->begin(), file->end());
    return cv::imdecode(bytes, cv::IMREAD_UNCHANGED);
}

}  // namespace

TEST_CASE("recording: without a folder nothing is recorded, and each route that would says so") {
    TestbenchCamera on;
    for (const auto& [method, path, body] :
         {std::tuple{"POST", "/recording", R"({"name": "a"})"}, std::tuple{"DELETE", "/recording", ""},
          std::tuple{"POST", "/recording/frames", R"({"name": "a"})"},
          std::tuple{"DELETE", "/recording/frames", ""}, std::tuple{"GET", "/recordings/a.pcapng", ""}}) {
        const auto answer = on.ask(method, path, body);
        CHECK(answer.status == 409);
        CHECK(answer.body["detail"].get<std::string>().find("--record-dir") != std::string::npos);
    }
    CHECK(on.get("/recording")["running"] == false);
    CHECK(on.get("/recording/frames")["running"] == false);
    CHECK(on.get("/recordings")["recordings"].empty());
}

TEST_CASE("recording: packets are recorded from POST to DELETE, and the file is listed and served") {
    RecordingCamera on;
    const auto begun = on.tell("POST", "/recording", R"({"name": "run", "packets": "all"})");
    CHECK(begun["running"] == true);
    CHECK(begun["file"] == "run.pcapng");
    CHECK(begun["packets"] == "all");
    const Bytes content{1, 2, 3};
    on.desk->recorder().take({.from = {1, 2}, .to = {3, 4}, .content = {content}});
    CHECK(on.get("/recording")["count"] == 1);
    CHECK(on.ask("POST", "/recording", R"({"name": "other"})").status == 409);
    const auto ended = on.tell("DELETE", "/recording");
    CHECK(ended["running"] == false);
    CHECK(ended["ended"] == "stopped");
    CHECK(ended["lost"] == 0);
    const auto list = on.get("/recordings")["recordings"];
    REQUIRE(list.size() == 1);
    CHECK(list[0]["name"] == "run.pcapng");
    CHECK(list[0]["bytes"] == ended["bytes"]);
    CHECK(on.ask("GET", "/recordings/run.pcapng").bytes == on.text_of("run.pcapng"));
    CHECK(on.ask("POST", "/recording", R"({"name": "run"})").status == 409);
    CHECK(on.ask("GET", "/recordings/none.pcapng").status == 404);
}

TEST_CASE("recording: bad requests name their key and write nothing") {
    RecordingCamera on;
    for (const auto* route : {"/recording", "/recording/frames"})
        for (const auto& [body, key] :
             {std::pair{R"({})", "name"}, std::pair{R"({"name": ""})", "name"},
              std::pair{R"({"name": "../a"})", "name"}, std::pair{R"({"name": "a/b"})", "name"},
              std::pair{R"({"name": ".a"})", "name"}, std::pair{R"({"name": 1})", "name"},
              std::pair{R"({"name": "a", "max_mb": 0})", "max_mb"},
              std::pair{R"({"name": "a", "max_mb": 1000001})", "max_mb"}}) {
            const auto answer = on.ask("POST", route, body);
            CHECK(answer.status == 400);
            CHECK(answer.body["key"] == key);
        }
    CHECK(on.ask("POST", "/recording", R"({"name": "a", "packets": "some"})").status == 400);
    CHECK(on.ask("POST", "/recording/frames", R"({"name": "a", "count": 0})").status == 400);
    CHECK(on.ask("POST", "/recording/frames", R"({"name": "a", "count": 100001})").status == 400);
    CHECK(on.ask("POST", "/recording/frames", R"({"name": "a", "format": "gif"})").status == 400);
    CHECK(fs::is_empty(on.path));
}

TEST_CASE("recording: the next frames are written with their truth, and no more than were asked for") {
    RecordingCamera on;
    on.client.start();
    on.camera.run_for(300ms);
    on.tell("POST", "/recording/frames", R"({"name": "frame", "count": 2, "format": "png"})");
    for (const std::uint64_t id : {1, 2, 3}) {
        auto block =
            block_of(PixelFormat::BayerRG8, 4, 2, {1, 2, 3, 4, 5, 6, 7, static_cast<std::uint8_t>(id)});
        block.id = id;
        on.bench.on_submitted(block);
    }
    const auto state = on.tell("DELETE", "/recording/frames");
    CHECK(state["written"] == 2);
    CHECK(state["lost"] == 0);
    std::vector<std::string> names;
    const auto list = on.get("/recordings");
    for (const auto& file : list["recordings"]) names.push_back(file["name"]);
    CHECK(names == std::vector<std::string>{"frame_000001.json", "frame_000001.png", "frame_000002.json",
                                            "frame_000002.png"});
    const auto truth = Json::parse(on.text_of("frame_000002.json"));
    CHECK(truth["frame"]["block_id"] == 2);
    CHECK(truth["file"] == "frame_000002.png");
    CHECK(truth["items"].size() > 0);
    CHECK(decoded(on.text_of("frame_000002.png")).at<std::uint8_t>(1, 3) == 2);
    CHECK(on.ask("POST", "/recording/frames", R"({"name": "frame"})").status == 409);
}

TEST_CASE("recording: frames end when their bytes are used up") {
    RecordingCamera on;
    on.tell("POST", "/recording/frames", R"({"name": "big", "count": 10, "format": "raw", "max_mb": 1})");
    for (int i = 0; i < 3; ++i)
        on.bench.on_submitted(block_of(PixelFormat::BayerRG8, 1000, 600, Bytes(600'000)));
    const auto state = on.tell("DELETE", "/recording/frames");
    CHECK(state["written"] == 1);
    CHECK(state["bytes"] < 1'000'000);
}

TEST_CASE("frame files: PNG and TIFF give back the pixels of 8, 12 and 16 bits, and of BGR") {
    scenes::light::Image<std::uint16_t> codes(8, 6);
    for (std::size_t i = 0; i < codes.samples.size(); ++i)
        codes.samples[i] = static_cast<std::uint16_t>(i * 87 % 4096);
    for (const auto form : {FrameForm::png, FrameForm::tiff})
        for (const auto format : {PixelFormat::BayerRG8, PixelFormat::BayerRG12p,
                                  PixelFormat::BayerRG12Packed, PixelFormat::BayerRG16}) {
            auto payload = emulator::isp::pack(codes, format);
            payload.resize(payload.size() + 100);  // chunks
            const auto image = decoded(frame_file(block_of(format, 8, 6, payload), form));
            REQUIRE(image.rows == 6);
            REQUIRE(image.cols == 8);
            for (int i = 0; i < 48; ++i) {
                const auto code = codes.samples[static_cast<std::size_t>(i)];
                if (format == PixelFormat::BayerRG8)
                    CHECK(image.at<std::uint8_t>(i / 8, i % 8) == code >> 4);
                else
                    CHECK(image.at<std::uint16_t>(i / 8, i % 8) == code << 4);
            }
        }
    const auto colour = decoded(frame_file(block_of(PixelFormat::BGR8, 1, 1, {10, 20, 30}), FrameForm::png));
    CHECK(colour.at<cv::Vec3b>(0, 0) == cv::Vec3b(10, 20, 30));
}

TEST_CASE("frame files: YUV has no picture, raw is the payload, and a payload that is too short is refused") {
    CHECK(!frame_file(block_of(PixelFormat::YUV422_8, 2, 1, Bytes(4)), FrameForm::png));
    CHECK(!frame_file(block_of(PixelFormat::BayerRG8, 4, 4, Bytes(15)), FrameForm::png));
    CHECK(frame_file(block_of(PixelFormat::YUV422_8, 2, 1, {1, 2, 3, 4}), FrameForm::raw) ==
          std::string("\1\2\3\4"));
}
