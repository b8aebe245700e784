#include "emulator/testbench/replay/replay.h"
#include "tests/fuzz/fuzz.h"

// Recordings with some of their bytes changed: what is read lies within the file, comes to an end, and is
// played back without an answer that nobody gave.

namespace {

using namespace support;
using namespace emulator;
using protocol::Endpoint;

constexpr Endpoint kCamera{.ip = 0x0A000063, .port = 3956}, kClient{.ip = 0x0A000001, .port = 50000};

void append(Bytes& file, ByteView datagram, Endpoint from, Endpoint to, std::uint64_t ticks) {
    recording::append_packet(
        file, {.from = from, .to = to, .content = {datagram, {}}, .inbound = to == kCamera}, ticks, 1);
}

/// Commands of the standard and their answers, and what the source has of others.
Bytes recorded(fuzz::Source& source) {
    auto file = recording::pcapng_begin("camera");
    for (std::uint16_t id = 1; id <= 1 + source.number(1) % 6; ++id) {
        const auto code = static_cast<std::uint16_t>(0x80 + 2 * (source.number(1) % 4));
        const auto bytes = source.take(source.number(1) % 24);
        append(file, gvcp_command(code, id, Bytes(bytes.begin(), bytes.end())), kClient, kCamera, id * 1000u);
        const auto answer = be16(source.number(1) % 2 ? 0x8006 : 0) + be16(code + 1) + be16(4) + be16(id) +
                            be32(source.number(2));
        append(file, answer, kCamera, kClient, id * 1000u + 100);
    }
    for (auto left = source.number(1) % 6; left > 0; --left)
        file[source.number(2) % file.size()] = static_cast<std::uint8_t>(source.number(1));
    if (source.number(1) % 4 == 1) file.resize(source.number(2) % file.size());
    return file;
}

/// A camera that gives some answer, or none.
struct AnyCamera final : testbench::ReplayCamera {
    fuzz::Source& source;
    std::size_t asked = 0;

    explicit AnyCamera(fuzz::Source& of) : source(of) {}
    testbench::ReplayEnds ends_of(Endpoint) override {
        return {.ip = kClient.ip, .control_port = 1, .stream_port = 2, .message_port = 3};
    }
    std::optional<protocol::Bytes> ask(Endpoint, ByteView command) override {
        ++asked;
        if (source.number(1) % 4 == 1 || command.size() < 8) return std::nullopt;
        const auto bytes = source.take(source.number(1) % 16);
        return be16(source.number(1) % 2 ? 0x8006 : 0) + be16(number_at(command, 2, 2) + 1) +
               be16(bytes.size()) + be16(number_at(command, 6, 2)) + Bytes(bytes.begin(), bytes.end());
    }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::Source source(data, size);
    const auto file = recorded(source);
    recording::PcapngReader reader(file);
    recording::RecordedPacket packet;
    std::size_t packets = 0;
    while (reader.next(packet)) {
        fuzz::must(++packets <= file.size() / 12, "a recording comes to an end");
        const auto* begin = packet.content.data();
        fuzz::must(packet.content.empty() ||
                       (begin >= file.data() && begin + packet.content.size() <= file.data() + file.size()),
                   "what is read lies within the file");
    }
    const auto commands = testbench::recorded_commands(recording::PcapngReader(file));
    fuzz::must(commands.size() <= packets, "a command is a datagram");
    AnyCamera camera(source);
    const auto report = testbench::replay(commands, camera);
    fuzz::must(report.commands == commands.size() && report.played <= camera.asked,
               "what is played was asked");
    for (const auto& one : report.differences) {
        fuzz::must(one.number >= 1 && one.number <= commands.back().number, "a difference is of a command");
        fuzz::must(!testbench::sentence(one).empty(), "a difference is told");
    }
    return 0;
}
