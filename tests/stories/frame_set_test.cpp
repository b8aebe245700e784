#include <doctest/doctest.h>

#include <cmath>

#include "tests/support/seeing_camera.h"

// Frame sets, and the chunks that tell their frames apart (manual 5.14, 5.18).

using namespace support;

namespace {

constexpr double kImage = 0, kExposureTime = 1, kGain = 2;
constexpr std::uint32_t kExposureChunk = 0x1337'0003, kGainChunk = 0x1337'0004, kImageChunk = 0x1337'0001;

/// Chunks by their id. Each has its tag behind it, so they are found from the end.
std::map<std::uint32_t, Bytes> chunks(const ReceivedBlock& block) {
    std::map<std::uint32_t, Bytes> found;
    auto rest = block.payload();
    while (rest.size() >= 8) {
        const auto id = static_cast<std::uint32_t>(number_at(rest, rest.size() - 8, 4));
        const auto length = number_at(rest, rest.size() - 4, 4);
        REQUIRE(length + 8 <= rest.size());
        const auto start = rest.end() - 8 - static_cast<std::ptrdiff_t>(length);
        found[id] = Bytes(start, rest.end() - 8);
        rest.erase(start, rest.end());
    }
    CHECK(rest.empty());
    return found;
}

double exposure_us(const ReceivedBlock& block) {
    return static_cast<double>(number_at(chunks(block).at(kExposureChunk), 0, 4));
}
double gain_db(const ReceivedBlock& block) {
    return static_cast<double>(number_at(chunks(block).at(kGainChunk), 0, 4)) / 10;
}

void set(FakeClient& client, std::initializer_list<std::pair<std::string_view, double>> values) {
    for (const auto& wanted : values) {
        CAPTURE(wanted.first);
        CHECK(client.set(wanted.first, wanted.second) == 0);
    }
}

void enable_chunks(FakeClient& client) {
    set(client, {{"ChunkModeActive", 1},
                 {"ChunkSelector", kExposureTime},
                 {"ChunkEnable", 1},
                 {"ChunkSelector", kGain},
                 {"ChunkEnable", 1}});
}

/// Blocks of the next second.
std::vector<ReceivedBlock> stream(VirtualCamera& camera, FakeClient& client) {
    client.blocks.clear();
    client.start();
    camera.run_for(1s);
    client.stop();
    camera.run_for(200ms);
    std::vector<ReceivedBlock> all;
    for (const auto& [id, block] : client.blocks) {
        REQUIRE(block.complete());
        all.push_back(block);
    }
    REQUIRE(all.size() > 8);
    return all;
}

constexpr double kExposures[] = {200, 400, 800, 1600}, kGains[] = {0, 6, 12, 3.5};

void fill_set(FakeClient& client) {
    for (std::size_t i = 0; i < 4; ++i) {
        const auto n = std::to_string(i);
        set(client, {{"MultiFrameSetOutputModeExposureTime" + n, kExposures[i]}});
    }
    set(client, {{"MultiFrameSetOutputModeCustomGain", 1}});
    for (std::size_t i = 0; i < 4; ++i)
        set(client, {{"MultiFrameSetOutputModeGain" + std::to_string(i), kGains[i]}});
    set(client, {{"MultiFrameSetOutputModeCustomGain", 0}});
}

}  // namespace

TEST_CASE("a frame set cycles through its two or four exposure times, and chunks tell which one it was") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    client.keep_alive();
    client.open_stream();
    enable_chunks(client);
    fill_set(client);
    set(client, {{"ExposureTime", 5000}, {"Gain", 9}});
    for (const std::size_t count : {2, 4}) {
        set(client, {{"MultiFrameSetOutputModeFrameCount", count}, {"MultiFrameSetOutputModeEnable", 1}});
        auto blocks = stream(camera, client);
        for (std::size_t i = 0; i < blocks.size(); ++i) {
            CHECK(exposure_us(blocks[i]) == kExposures[i % count]);
            CHECK(gain_db(blocks[i]) == 9);
        }
        set(client, {{"MultiFrameSetOutputModeCustomGain", 1}});
        blocks = stream(camera, client);
        for (std::size_t i = 0; i < blocks.size(); ++i) {
            CHECK(exposure_us(blocks[i]) == kExposures[i % count]);
            CHECK(gain_db(blocks[i]) == doctest::Approx(kGains[i % count]));
        }
        set(client, {{"MultiFrameSetOutputModeCustomGain", 0}, {"MultiFrameSetOutputModeEnable", 0}});
        for (const auto& block : stream(camera, client)) {
            CHECK(exposure_us(block) == 5000);
            CHECK(gain_db(block) == 9);
        }
    }
}

TEST_CASE("the frames of a set are as bright as their exposure times and gains make them") {
    SeeingCamera sight("flat_field");
    sight.set({{"PixelFormat", 0x0110'002F}, {"AcquisitionFrameRate", 20}});
    fill_set(sight.client);
    sight.set({{"MultiFrameSetOutputModeFrameCount", 4},
               {"MultiFrameSetOutputModeCustomGain", 1},
               {"MultiFrameSetOutputModeEnable", 1}});
    const auto blocks = stream(sight.camera, sight.client);
    const auto light = [&](std::size_t i) { return photo(blocks[i]).mean()[1] - 240 * 16; };
    for (std::size_t i = 0; i < 8; ++i) {
        const double expected = kExposures[i % 4] / kExposures[0] * std::pow(10, kGains[i % 4] / 20);
        CHECK(light(i) / light(0) == doctest::Approx(expected).epsilon(0.03));
    }
}

TEST_CASE("chunk mode changes the format of blocks, and back") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    client.keep_alive();
    client.open_stream();
    const auto payload_type = [](const ReceivedBlock& block) { return number_at(*block.leader, 2, 2); };
    const auto plain = stream(camera, client);
    CHECK(payload_type(plain[0]) == 1);
    CHECK(plain[0].payload().size() == 528 * 64);
    set(client, {{"ChunkModeActive", 1}});
    CHECK(client.get("PayloadSize") == 528 * 64 + 8);
    const auto chunked = stream(camera, client);
    CHECK(payload_type(chunked[0]) == 0x4001);
    CHECK(chunked[0].payload().size() == 528 * 64 + 8);
    CHECK(chunks(chunked[0]).at(kImageChunk).size() == 528 * 64);
    set(client, {{"ChunkModeActive", 0}});
    CHECK(client.get("PayloadSize") == 528 * 64);
    CHECK(payload_type(stream(camera, client)[0]) == 1);
}

TEST_CASE("each chunk is sent if it is enabled, and the image always is") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    client.keep_alive();
    client.open_stream();
    set(client, {{"ChunkModeActive", 1}});
    for (const bool exposure : {false, true}) {
        for (const bool gain : {false, true}) {
            set(client, {{"ChunkSelector", kExposureTime},
                         {"ChunkEnable", exposure},
                         {"ChunkSelector", kGain},
                         {"ChunkEnable", gain},
                         {"ChunkSelector", kImage},
                         {"ChunkEnable", 0}});
            CHECK(client.get("ChunkEnable") == 1);
            const auto found = chunks(stream(camera, client)[0]);
            CHECK(found.contains(kImageChunk));
            CHECK(found.contains(kExposureChunk) == exposure);
            CHECK(found.contains(kGainChunk) == gain);
        }
    }
}

TEST_CASE("exposure time and gain in the chunks are those of that very frame") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    client.keep_alive();
    client.open_stream();
    enable_chunks(client);
    client.start();
    for (int i = 0; i < 20; ++i) {
        set(client, {{"ExposureTime", 100 + i}, {"Gain", 0.1 * i}});
        camera.run_for(27ms);
    }
    client.stop();
    camera.run_for(200ms);
    REQUIRE(client.blocks.size() > 10);
    for (const auto& [id, block] : client.blocks) {
        const auto& taken = camera.requests[id - 1].settings.exposure;
        CHECK(exposure_us(block) == taken.time_us);
        CHECK(gain_db(block) == doctest::Approx(taken.gain_db));
    }
    CHECK(exposure_us(client.blocks.rbegin()->second) > exposure_us(client.blocks.at(1)) + 10);
}
