#include <doctest/doctest.h>

#include <cmath>
#include <cstring>
#include <opencv2/imgcodecs.hpp>
#include <set>

#include "emulator/testbench/truth/moment.h"
#include "tests/emulator/testbench/testbench_camera.h"

using namespace testbench_camera;
using emulator::testbench::truth_since;

namespace {

cv::Mat png(const Answer& answer) {
    REQUIRE(answer.status == 200);
    REQUIRE(answer.type == "image/png");
    const std::vector<unsigned char> bytes(answer.bytes.begin(), answer.bytes.end());
    auto image = cv::imdecode(bytes, cv::IMREAD_UNCHANGED);
    REQUIRE(image.type() == CV_16UC1);
    return image;
}

/// The pixels of a mask by the definition of COCO's counts.
std::vector<bool> pixels_of(const Json& segmentation) {
    std::vector<bool> pixels;
    bool set = false;
    for (const auto& count : segmentation["counts"]) {
        pixels.insert(pixels.end(), count.get<std::size_t>(), set);
        set = !set;
    }
    return pixels;
}

/// A belt seen from near enough, and a few frames of it.
struct Belt : TestbenchCamera {
    Belt() {
        CHECK(client.set("Zoom", 400) == 0);
        camera.run_for(3s);
        client.start();
        camera.run_for(500ms);
        client.stop();
        camera.run_for(100ms);
        number = bench.frames().back().frame.number;
    }
    [[nodiscard]] Query frame() const { return {{"frame", std::to_string(number)}}; }
    std::uint64_t number = 0;
};

}  // namespace

TEST_CASE("truth routes: instances, masks and boxes are of one image, whatever part of it is read") {
    Belt belt;
    const auto instances = png(belt.ask("GET", "/truth/instances", "", belt.frame()));
    const auto masks = belt.get("/truth/masks", belt.frame());
    const auto truth = belt.get("/truth", belt.frame());
    CHECK(masks["time_ns"] == truth["time_ns"]);
    CHECK(instances.cols == truth["image"]["width"].get<int>());
    CHECK(instances.rows == truth["image"]["height"].get<int>());
    std::map<int, std::string> parents, names;
    std::map<std::string, int> ids;
    for (const auto& item : truth["items"]) {
        names[item["id"].get<int>()] = item["name"];
        parents[item["id"].get<int>()] = item["parent"];
        ids[item["name"].get<std::string>()] = item["id"];
    }
    REQUIRE(!masks["instances"].empty());
    for (const auto& one : masks["instances"]) {
        const int id = one["id"];
        CHECK(names.at(id) == one["name"]);
        const auto pixels = pixels_of(one["segmentation"]);
        REQUIRE(pixels.size() == static_cast<std::size_t>(instances.total()));
        std::size_t area = 0;
        for (int x = 0; x < instances.cols; ++x)
            for (int y = 0; y < instances.rows; ++y) {
                const int seen = instances.at<std::uint16_t>(y, x) - 1;
                const bool own =
                    seen == id || (seen >= 0 && ids.count(parents[seen]) != 0 && ids[parents[seen]] == id);
                REQUIRE(pixels[static_cast<std::size_t>(x * instances.rows + y)] == own);
                area += own;
            }
        CHECK(one["area"] == area);
        CHECK(one["visible"].get<double>() > 0);
        CHECK(one["visible"].get<double>() <= 1);
    }
}

TEST_CASE("truth routes: depth in metres and in units is the same, and that of the items") {
    Belt belt;
    auto query = belt.frame();
    const auto instances = png(belt.ask("GET", "/truth/instances", "", query));
    const auto units = png(belt.ask("GET", "/truth/depth", "", query));
    query.emplace("unit_m", "0.001");
    const auto coarse = png(belt.ask("GET", "/truth/depth", "", query));
    query.emplace("format", "raw");
    const auto raw = belt.ask("GET", "/truth/depth", "", query);
    CHECK(raw.type == "application/octet-stream");
    REQUIRE(raw.bytes.size() == 4 * units.total());
    std::map<int, double> distances;
    const auto truth = belt.get("/truth", belt.frame());
    for (const auto& item : truth["items"]) distances[item["id"].get<int>()] = item["distance_m"];
    for (int y = 0; y < units.rows; ++y)
        for (int x = 0; x < units.cols; ++x) {
            float z = 0;
            std::memcpy(&z, raw.bytes.data() + 4 * static_cast<std::size_t>(y * units.cols + x), 4);
            REQUIRE(std::abs(units.at<std::uint16_t>(y, x) - z / 1e-4) <= 0.51);
            REQUIRE(std::abs(coarse.at<std::uint16_t>(y, x) - z / 1e-3) <= 0.51);
            const int item = instances.at<std::uint16_t>(y, x) - 1;
            if (item >= 0) REQUIRE(z == doctest::Approx(distances.at(item)));
        }
}

TEST_CASE("truth routes: depth that is none or too far for its units is 0") {
    TestbenchCamera on_bench;
    on_bench.edit_scene([](nlohmann::json& content) {
        content.erase("background");
        content.erase("conveyor");
        content.erase("items");
    });
    CHECK(cv::countNonZero(png(on_bench.ask("GET", "/truth/depth"))) == 0);
    const auto raw = on_bench.ask("GET", "/truth/depth", "", {{"format", "raw"}});
    float z = 0;
    std::memcpy(&z, raw.bytes.data(), 4);
    CHECK((std::isinf(z) && z > 0));
    on_bench.edit_scene([](nlohmann::json& content) { content["background"]["distance_m"] = 1; });
    CHECK(cv::countNonZero(png(on_bench.ask("GET", "/truth/depth", "", {{"unit_m", "0.00001"}}))) == 0);
    CHECK(cv::countNonZero(png(on_bench.ask("GET", "/truth/depth", "", {{"unit_m", "1"}}))) > 0);
}

TEST_CASE("truth routes: a COCO data set has an image for each frame, and annotations that refer to it") {
    Belt belt;
    const auto answer = belt.ask("GET", "/truth/coco", "", {{"frames", "5"}});
    REQUIRE(answer.status == 200);
    const auto set = Json::parse(answer.bytes);
    REQUIRE(set["images"].size() == 5);
    CHECK(set["images"][4]["id"] == belt.number);
    std::map<int, std::string> categories;
    for (const auto& category : set["categories"])
        CHECK(categories.emplace(category["id"].get<int>(), category["name"]).second);
    CHECK(categories.at(1) == "uniform");
    CHECK(categories.rbegin()->second == "part");
    std::set<std::uint64_t> images, ids;
    for (const auto& image : set["images"]) CHECK(images.insert(image["id"].get<std::uint64_t>()).second);
    const auto masks = belt.get("/truth/masks", belt.frame())["instances"];
    std::size_t of_last = 0;
    for (const auto& one : set["annotations"]) {
        CHECK(ids.insert(one["id"].get<std::uint64_t>()).second);
        CHECK(images.contains(one["image_id"].get<std::uint64_t>()));
        CHECK(one["iscrowd"] == 0);
        if (one["image_id"] != belt.number) continue;
        const auto& mask = masks.at(of_last++);
        CHECK(one["segmentation"]["counts"] == mask["packed"]);
        CHECK(one["bbox"] == mask["bbox"]);
        CHECK(one["area"] == mask["area"]);
        CHECK(one["attributes"]["name"] == mask["name"]);
        CHECK(categories.at(one["category_id"].get<int>()) == mask["kind"]);
    }
    CHECK(of_last == masks.size());
}

TEST_CASE("truth routes: what cannot be is refused with its key") {
    Belt belt;
    const std::pair<const char*, Query> rows[] = {
        {"/truth/coco", {{"frames", "0"}}},
        {"/truth/coco", {{"frames", "1025"}}},
        {"/truth/coco", {{"frames", "all"}}},
        {"/truth/depth", {{"format", "jpeg"}}},
        {"/truth/depth", {{"unit_m", "0"}}},
        {"/truth/depth", {{"unit_m", "nan"}}},
        {"/truth/depth", {{"unit_m", "2"}}},
        {"/truth/masks", {{"frame", "-1"}}},
        {"/truth/instances", {{"time_ns", "99999999999999999"}}},
        {"/signals.vcd", {{"limit", "1"}}},
    };
    for (const auto& [path, query] : rows) {
        const auto answer = belt.ask("GET", path, "", query);
        const std::string asked = std::string(path) + " " + query.begin()->second;
        REQUIRE_MESSAGE(answer.status == 400, asked);
        CHECK_MESSAGE(answer.body["detail"].get<std::string>().find(query.begin()->first) == 0,
                      answer.body.dump());
    }
    for (const char* path : {"/truth/masks", "/truth/instances", "/truth/depth"}) {
        CHECK(belt.ask("GET", path, "", {{"frame", "999999"}}).status == 404);
        CHECK(belt.ask("GET", path, "", {{"frame", "1"}, {"block_id", "1"}}).status == 400);
    }
}

TEST_CASE(
    "truth of frames comes as their exposures end, each once, and none of a frame that was broken off") {
    TestbenchCamera all;
    CHECK(all.client.set("ExposureTime", 50'000) == 0);
    all.client.start();
    std::uint64_t next = 0;
    std::vector<std::uint64_t> told;
    const auto look = [&] {
        const auto excerpt = truth_since(all.bench, next, 2);
        CHECK(excerpt.lost == 0);
        next = excerpt.next;
        for (const auto& moment : excerpt.moments) told.push_back(moment.frame->frame.number);
    };
    all.camera.run_for(20ms);
    look();
    CHECK(told.empty());
    all.client.stop();
    all.client.start();  // breaks the first one off
    for (int i = 0; i < 100; ++i) {
        all.camera.run_for(7ms);
        look();
    }
    REQUIRE(told.size() > 5);
    for (std::size_t i = 0; i < told.size(); ++i) CHECK(told[i] == i + 1);
    CHECK(truth_since(all.bench, next + 5, 10).moments.empty());
    CHECK(truth_since(all.bench, next + 5, 10).next == next + 5);
}

TEST_CASE("truth of 1000 frames is kept, and what is not any more is counted") {
    TestbenchCamera all;
    CHECK(all.client.set("AcquisitionFrameRate", 100) == 0);
    all.client.start();
    while (all.bench.counts().frames_exposed < 1100) all.camera.run_for(1s);
    const auto excerpt = truth_since(all.bench, 10, 2000);
    CHECK(excerpt.moments.size() >= 1000);
    CHECK(excerpt.lost == excerpt.moments.front().frame->frame.number - 10);
}
