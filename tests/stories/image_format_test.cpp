#include <doctest/doctest.h>

#include <cmath>

#include "tests/support/seeing_camera.h"

// What is read out of the sensor and how it is sent, seen on the frames that a client gets (manual 5.1).

using namespace support;

namespace {

constexpr std::uint32_t k8 = 0x0108'0009, k12p = 0x010C'0059, k12Packed = 0x010C'002B, k16 = 0x0110'002F,
                        k422 = 0x0210'0032, k411 = 0x020C'005A, k411Other = 0x020C'003C, kBgr = 0x0218'0015;

/// The first frame of a new camera: the same light and the same noise each time.
Photo first_frame(std::uint32_t format,
                  std::initializer_list<std::pair<std::string_view, double>> more = {}) {
    SeeingCamera seeing("colour_chart");
    seeing.set({{"PixelFormat", format}, {"Width", 1024}, {"Height", 768}, {"ExposureTime", 10'000}});
    seeing.set(more);
    return seeing.shoot();
}

std::vector<int> shifted(const Photo& photo, int by) {
    std::vector<int> codes;
    for (const auto& pixel : photo.pixels) codes.push_back(by < 0 ? pixel[0] >> -by : pixel[0] << by);
    return codes;
}

double y_of(const Colour& rgb) { return 0.299 * rgb[0] + 0.587 * rgb[1] + 0.114 * rgb[2]; }

double max_rate_hz(FakeClient& client) {
    return client.must_read(FakeClient::address_of("AcquisitionFrameRate") + 0x2000'0000) * 1e-5;
}

}  // namespace

TEST_CASE("every pixel format has its bits on the wire, and its name in the leader") {
    struct Row {
        std::uint32_t format;
        std::size_t bits;
    };
    for (const auto& row : {Row{k8, 8}, Row{k12p, 12}, Row{k12Packed, 12}, Row{k16, 16}, Row{k422, 16},
                            Row{k411, 12}, Row{k411Other, 12}, Row{kBgr, 24}}) {
        const auto& [format, bits] = row;
        CAPTURE(row.format);
        VirtualCamera camera;
        FakeClient client(camera);
        client.take_control();
        client.open_stream();
        CHECK(client.set("PixelFormat", format) == 0);
        CHECK(client.get("PayloadSize") == 528 * 64 * bits / 8);
        client.start();
        camera.run_for(100ms);
        REQUIRE(client.complete_blocks() > 0);
        const auto& block = client.blocks.at(1);
        CHECK(block.pixel_format() == format);
        CHECK(block.payload().size() == 528 * 64 * bits / 8);
    }
}

TEST_CASE("raw formats carry the same codes, 8 bits the upper ones and 16 bits with zeros below") {
    const auto codes = shifted(first_frame(k12p), 0);
    CHECK(shifted(first_frame(k12Packed), 0) == codes);
    CHECK(shifted(first_frame(k16), -4) == codes);
    for (const auto& pixel : first_frame(k16).pixels) REQUIRE(pixel[0] % 16 == 0);
    const auto upper = first_frame(k8);
    for (std::size_t i = 0; i < codes.size(); ++i) REQUIRE(upper.pixels[i][0] == codes[i] >> 4);
}

TEST_CASE("colour formats show the scene of the raw ones, pixel by pixel and in full range") {
    const auto plain = {std::pair<std::string_view, double>{"ColorTransformationEnable", 0}};
    const auto raw = first_frame(k8, plain), rgb = first_frame(kBgr, plain), yuv = first_frame(k422, plain);
    // A raw code of 8 bits was cut off below: half a code on the average.
    CHECK(distance(cells(raw, 32), cells(rgb, 32)) < 1);
    CHECK(distance(cells(raw, 32), cells(rgb, 32, true)) > 10);
    const auto colours = cells(rgb, 32), luma = cells(yuv, 32);
    for (std::size_t i = 0; i < colours.size(); ++i) {
        const auto y = y_of(colours[i]);
        CHECK(std::abs(luma[i][0] - y) < 1.5);
        CHECK(std::abs(luma[i][1] - (128 + 0.564 * (colours[i][2] - y))) < 1.5);
        CHECK(std::abs(luma[i][2] - (128 + 0.713 * (colours[i][0] - y))) < 1.5);
    }
}

TEST_CASE("the two 4:1:1 formats differ in the order of their bytes alone, and have every Y of 4:2:2") {
    const auto a = first_frame(k411), b = first_frame(k411Other), full = first_frame(k422);
    CHECK(a.pixels == b.pixels);
    for (std::size_t i = 0; i < full.pixels.size(); ++i) REQUIRE(a.pixels[i][0] == full.pixels[i][0]);
    for (std::size_t i = 0; i < full.pixels.size(); i += 4) {
        for (std::size_t other = i; other < i + 4; ++other) {
            REQUIRE(a.pixels[other][1] == a.pixels[i][1]);
            REQUIRE(a.pixels[other][2] == a.pixels[i][2]);
        }
        REQUIRE(full.pixels[i + 1][1] == full.pixels[i][1]);
    }
}

TEST_CASE("an image is the rectangle of the sensor that size and offsets say") {
    SeeingCamera seeing("colour_chart");
    seeing.set({{"OffsetAutoCenter", 0}, {"Width", 2048}, {"Height", 1536}, {"ExposureTime", 10'000}});
    const auto whole = cells(seeing.shoot(), 16);
    const auto part_of_whole = [&](std::size_t x, std::size_t y, std::size_t columns, std::size_t rows) {
        std::vector<Colour> part;
        for (std::size_t row = y / 16; row < (y + rows) / 16; ++row) {
            const auto start = whole.begin() + static_cast<std::ptrdiff_t>(row * 128 + x / 16);
            part.insert(part.end(), start, start + static_cast<std::ptrdiff_t>(columns / 16));
        }
        return part;
    };
    seeing.set({{"Width", 528}, {"Height", 320}, {"OffsetX", 1200}, {"OffsetY", 800}});
    const auto part = seeing.shoot();
    CHECK(part.width == 528);
    CHECK(part.height == 320);
    CHECK(seeing.client.blocks.at(seeing.client.blocks.begin()->first).offset_x() == 1200);
    CHECK(distance(cells(part, 16), part_of_whole(1200, 800, 528, 320)) < 0.5);
    CHECK(distance(cells(part, 16), part_of_whole(1200, 832, 528, 320)) > 2);
    CHECK(distance(cells(part, 16), part_of_whole(1232, 800, 528, 320)) > 2);

    // Offsets of four pixels do not turn the colours over.
    seeing.set({{"OffsetX", 1204}, {"OffsetY", 804}});
    CHECK(distance(cells(seeing.shoot(), 16), part_of_whole(1200, 800, 528, 320)) < 3);
}

TEST_CASE("fewer pixels may come more often, and fewer rows save more of the sensor's time than columns") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    const auto rate_of = [&](int width, int height) {
        CHECK(client.set("Width", width) == 0);
        CHECK(client.set("Height", height) == 0);
        return max_rate_hz(client);
    };
    CHECK(rate_of(2048, 768) > 1.9 * rate_of(2048, 1536));
    CHECK(rate_of(1024, 1536) > 1.9 * rate_of(2048, 1536));
    // The readout mode counts as well: half of the rows of the same field of view.
    const auto whole_hz = rate_of(2048, 1536);
    CHECK(client.set("DecimationVertical", 2) == 0);
    CHECK(max_rate_hz(client) > 1.5 * whole_hz);
    CHECK(client.set("DecimationVertical", 1) == 0);
    CHECK(rate_of(528, 4) == doctest::Approx(1 / (47 * 3.717e-6)).epsilon(0.001));  // what the sensor needs
    // Triggered as soon as the sensor is idle, with the same number of pixels in two shapes.
    const auto readout = [&](int width, int height) {
        emulator::ImageFormat image{.width = width, .height = height};
        return sensor_model::readout_time(camera.camera.profile.chip, emulator::acquisition::region(image));
    };
    CHECK(readout(2048, 768) < readout(1024, 1536));
}

TEST_CASE("skipping shows the same field of view in half the size, every colour in its place") {
    SeeingCamera seeing("colour_chart");
    seeing.set({{"Width", 2048}, {"Height", 1536}, {"ExposureTime", 10'000}});
    const auto whole = cells(seeing.shoot(), 32);
    const double whole_rate_hz = max_rate_hz(seeing.client);
    seeing.set({{"DecimationHorizontal", 2}, {"DecimationVertical", 2}});
    CHECK(seeing.client.get("WidthMax") == 1024);
    CHECK(seeing.client.get("HeightMax") == 768);
    const auto half = seeing.shoot();
    CHECK(half.width == 1024);
    CHECK(half.height == 768);
    CHECK(distance(cells(half, 16), whole) < 1);
    CHECK(max_rate_hz(seeing.client) > 3 * whole_rate_hz);

    seeing.set({{"DecimationVertical", 1}, {"Height", 1536}});
    const auto narrow = seeing.shoot();
    CHECK(narrow.width == 1024);
    CHECK(narrow.height == 1536);
    CHECK(std::abs(narrow.mean()[0] - half.mean()[0]) < 0.5);
}

TEST_CASE("an image lies in the middle until its offsets are set, and then where they say") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    CHECK(client.get("OffsetAutoCenter") == 1);
    CHECK(client.get("OffsetX") == (2048 - 528) / 2);
    CHECK(client.get("OffsetY") == (1536 - 64) / 2);
    CHECK(client.set("OffsetX", 0) == 0);  // It is the camera's, as long as it centres.
    CHECK(client.get("OffsetX") == (2048 - 528) / 2);
    client.set("Width", 1024);
    CHECK(client.get("OffsetX") == 512);
    CHECK(client.set("OffsetAutoCenter", 0) == 0);
    CHECK(client.get("OffsetX") == 512);
    CHECK(client.set("OffsetX", 12) == 0);
    CHECK(client.get("OffsetX") == 12);
    CHECK(client.set("OffsetAutoCenter", 1) == 0);
    CHECK(client.get("OffsetX") == 512);
}

TEST_CASE("an offset that does not fit becomes the largest that does") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    client.open_stream();
    client.set("OffsetAutoCenter", 0);
    CHECK(client.set("OffsetX", 1520) == 0);
    CHECK(client.set("OffsetY", 1532) == 0);
    CHECK(client.get("OffsetX") == 1520);
    CHECK(client.get("OffsetY") == 1536 - 64);
    CHECK(client.set("Width", 2000) == 0);
    CHECK(client.get("OffsetX") == 48);
    CHECK(client.set("Height", 1536) == 0);
    CHECK(client.get("OffsetY") == 0);
    client.set("Height", 4);
    client.start();
    camera.run_for(100ms);
    REQUIRE(client.complete_blocks() > 0);
    CHECK(client.blocks.at(1).offset_x() == 48);
    // An offset is no parameter of the buffer: it may move while frames come.
    CHECK(client.set("OffsetX", 1000) == 0);
    CHECK(client.get("OffsetX") == 48);
    CHECK(client.set("OffsetX", 8) == 0);
    camera.run_for(100ms);
    CHECK(client.blocks.rbegin()->second.offset_x() == 8);
    for (const std::uint32_t beyond : {1000u, 1001u, 5000u, 0xFFFF'FFFFu}) {
        CHECK(client.write(FakeClient::address_of("OffsetX"), beyond) == 0);
        CHECK(client.get("OffsetX") == 48);
    }
    CHECK(client.set("OffsetX", 2) == 0x8002);
    CHECK(client.get("OffsetX") == 48);
}

TEST_CASE("the largest offsets that a client reads follow size and readout mode") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    const auto largest = [&](const char* name) {
        return client.must_read(FakeClient::address_of(name) + 0x2000'0000);
    };
    for (const int automatic : {0, 1}) {
        client.set("OffsetAutoCenter", automatic);
        for (const double skip : {1.0, 2.0}) {
            client.set("DecimationHorizontal", skip);
            client.set("DecimationVertical", skip);
            for (const double width : {528.0, 784.0, 1024.0, 2048.0 / skip}) {
                REQUIRE(client.set("Width", width) == 0);
                CHECK(largest("OffsetX") == 2048 / skip - width);
            }
            for (const double height : {4.0, 500.0, 768.0, 1536.0 / skip}) {
                REQUIRE(client.set("Height", height) == 0);
                CHECK(largest("OffsetY") == 1536 / skip - height);
            }
        }
    }
}

TEST_CASE("while offsets are automatic a write of them is acknowledged, and the automatic value stays") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    client.open_stream();
    for (const bool runs : {false, true}) {
        if (runs) client.start();
        for (const std::uint32_t value : {0u, 100u, 1520u, 3u, 100'000u}) {
            CHECK(client.write(FakeClient::address_of("OffsetX"), value) == 0);
            CHECK(client.write(FakeClient::address_of("OffsetY"), value) == 0);
            CHECK(client.get("OffsetX") == (2048 - 528) / 2);
            CHECK(client.get("OffsetY") == (1536 - 64) / 2);
        }
    }
    CHECK(client.must_read(FakeClient::address_of("OffsetX") + 0x3000'0000) == 1);
    CHECK_FALSE(camera.camera.registers().set_by_name("OffsetX", "100").empty());
    client.set("OffsetAutoCenter", 0);
    CHECK(client.get("OffsetX") == (2048 - 528) / 2);
}

TEST_CASE("flips mirror the picture and keep the colours in their places") {
    SeeingCamera seeing("colour_chart");
    seeing.set({{"Width", 1024}, {"Height", 768}, {"ExposureTime", 10'000}});
    const auto straight = seeing.shoot();
    for (const bool x : {false, true}) {
        for (const bool y : {false, true}) {
            CAPTURE(x);
            CAPTURE(y);
            seeing.set({{"ReverseX", x}, {"ReverseY", y}});
            const auto flipped = seeing.shoot();
            CHECK(flipped.pixel_format == k8);
            CHECK(distance(cells(flipped, 16), cells(straight, 16, x, y)) < 1.5);
            if (x || y) CHECK(distance(cells(flipped, 16), cells(straight, 16)) > 10);
            for (std::size_t colour = 0; colour < 3; ++colour)
                CHECK(std::abs(flipped.mean()[colour] - straight.mean()[colour]) < 0.2);
        }
    }
}
