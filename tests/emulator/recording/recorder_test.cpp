#include <doctest/doctest.h>

#include <unistd.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

#include "emulator/recording/recorder.h"
#include "tests/support/wire.h"

using namespace support;
using emulator::recording::PcapngReader;
using emulator::recording::RecordedPacket;
using emulator::recording::Recorder;

// The recorder's thread and its file.

namespace {

namespace fs = std::filesystem;

struct RecordingFolder {
    RecordingFolder() { fs::create_directories(path); }
    ~RecordingFolder() { fs::remove_all(path); }
    fs::path path = fs::temp_directory_path() / ("gigemu-recorder-" + std::to_string(getpid()));

    [[nodiscard]] std::vector<Bytes> contents(const std::string& name) const {
        std::ifstream in(path / name, std::ios::binary);
        const Bytes file{std::istreambuf_iterator<char>(in), {}};
        std::vector<Bytes> found;
        PcapngReader reader(file);
        for (RecordedPacket packet; reader.next(packet);)
            found.emplace_back(packet.content.begin(), packet.content.end());
        CHECK(!reader.broken());
        return found;
    }
};

void put(Recorder& recorder, std::uint32_t number, bool stream, std::size_t bytes = 100) {
    const auto head = be32(number);
    const Bytes data(bytes - head.size(), 0x77);
    recorder.take(
        {.from = {1, 2}, .to = {3, 4}, .content = {head, data}, .inbound = false, .stream = stream});
}

constexpr std::uint64_t kMuch = 1 << 30;

}  // namespace

TEST_CASE("recorder: the file has all packets in their order once it is stopped") {
    const RecordingFolder folder;
    Recorder recorder;
    put(recorder, 99, false);
    recorder.start(
        {.file = folder.path / "all.pcapng", .packets = Recorder::Packets::all, .bytes_max = kMuch});
    CHECK(recorder.state().running);
    constexpr std::uint32_t kPackets = 20'000;
    for (std::uint32_t i = 0; i < kPackets; ++i) put(recorder, i, i % 7 != 0, 1400);
    recorder.stop();
    put(recorder, 99, false);
    const auto state = recorder.state();
    CHECK(!state.running);
    CHECK(state.end == Recorder::End::stopped);
    CHECK(state.packets == kPackets);
    CHECK(state.lost == 0);
    CHECK(state.bytes == fs::file_size(folder.path / "all.pcapng"));
    const auto contents = folder.contents("all.pcapng");
    REQUIRE(contents.size() == kPackets);
    for (std::uint32_t i = 0; i < kPackets; ++i) REQUIRE(number_at(contents[i], 0, 4) == i);
}

TEST_CASE("recorder: without the stream, its packets are passed over") {
    const RecordingFolder folder;
    Recorder recorder;
    recorder.start(
        {.file = folder.path / "c.pcapng", .packets = Recorder::Packets::control, .bytes_max = kMuch});
    for (std::uint32_t i = 0; i < 10; ++i) put(recorder, i, i % 2 == 0);
    recorder.stop();
    CHECK(folder.contents("c.pcapng").size() == 5);
    CHECK(recorder.state().lost == 0);
}

TEST_CASE("recorder: a file has no more than its bytes, and what does not fit into the queue is counted") {
    const RecordingFolder folder;
    Recorder recorder;
    recorder.start(
        {.file = folder.path / "full.pcapng", .packets = Recorder::Packets::all, .bytes_max = 2000});
    for (std::uint32_t i = 0; i < 100; ++i) put(recorder, i, true);
    CHECK(!recorder.running());
    recorder.stop();
    CHECK(recorder.state().end == Recorder::End::full);
    CHECK(fs::file_size(folder.path / "full.pcapng") <= 2000);
    CHECK(folder.contents("full.pcapng").size() == recorder.state().packets);
    CHECK(recorder.state().packets == (2000 - 80) / 172);
    recorder.start({.file = folder.path / "lost.pcapng",
                    .packets = Recorder::Packets::all,
                    .bytes_max = kMuch,
                    .queue_bytes = 1000});
    put(recorder, 1, true, 2000);
    put(recorder, 2, true, 2000);
    recorder.stop();
    CHECK(recorder.state().lost == 2);
    CHECK(recorder.state().packets == 0);
}

TEST_CASE("recorder: a file is never overwritten, and a link is not followed") {
    const RecordingFolder folder;
    std::ofstream(folder.path / "there.pcapng") << "precious";
    fs::create_symlink("/nowhere", folder.path / "link.pcapng");
    Recorder recorder;
    for (const auto* name : {"there.pcapng", "link.pcapng", "no_folder/x.pcapng"})
        CHECK_THROWS_AS(recorder.start({.file = folder.path / name, .bytes_max = kMuch}), std::system_error);
    CHECK(!recorder.running());
    std::string text;
    std::ifstream(folder.path / "there.pcapng") >> text;
    CHECK(text == "precious");
}

TEST_CASE("recorder: stamps follow the camera's clock as it runs") {
    using namespace std::chrono_literals;
    const std::chrono::steady_clock::time_point at{1s};
    const emulator::recording::StampMap map{.at = at, .ticks = 5'000'000'000, .ticks_per_ns = 0.5};
    CHECK(map.ticks_at(at) == 5'000'000'000);
    CHECK(map.ticks_at(at + 2ms) == 5'001'000'000);
    CHECK(map.ticks_at(at - 2ms) == 4'999'000'000);
}
