#include <doctest/doctest.h>

#include <fstream>
#include <memory>

#include "emulator/testbench/replay/replay.h"
#include "emulator/testbench/replay/translation.h"
#include "protocol/gvcp/bootstrap.h"
#include "tests/support/fake_client.h"
#include "tests/support/source_dir.h"

using namespace support;
using emulator::testbench::Json;
using emulator::testbench::recorded_commands;
using emulator::testbench::ReplayEnds;

// A recording of one camera, played back to another one, both in virtual time.

namespace {

constexpr std::uint32_t kRecordedIp = 0x0A000001, kReplayIp = 0x0A000005;

/// Writes what GVCP says into a file.
struct WireTap final : emulator::GvcpWatch {
    explicit WireTap(VirtualCamera& camera) { camera.camera.gvcp().watch(*this); }
    void on_control(ByteView datagram, Endpoint from) override {
        add({.from = from, .to = VirtualCamera::kAddress, .content = {datagram}, .inbound = true});
    }
    void on_reply(const protocol::gvcp::Reply& reply) override {
        add({.from = VirtualCamera::kAddress, .to = reply.to, .content = {reply.datagram}});
    }
    void add(const emulator::net::TappedPacket& packet) {
        emulator::recording::append_packet(file, packet, 0, 0);
    }
    Bytes file = emulator::recording::pcapng_begin("camera");
};

struct Target final : emulator::testbench::ReplayCamera {
    explicit Target(const VirtualCameraOptions& options = {}) : camera(options) {}

    ReplayEnds ends_of(Endpoint recorded) override {
        const auto port = static_cast<std::uint16_t>(recorded.port + 100);
        clients[recorded.port] = std::make_unique<FakeClient>(
            camera, FakeClientOptions{.ip = kReplayIp, .control_port = port, .stream_port = 61000});
        return {.ip = kReplayIp, .control_port = port, .stream_port = 61000, .message_port = 62000};
    }
    std::optional<Bytes> ask(Endpoint recorded, ByteView command) override {
        const auto ack = clients.at(recorded.port)->raw(Bytes(command.begin(), command.end()));
        camera.run_for(60ms);
        if (!ack) return std::nullopt;
        const auto status = ack->id == wrong_request ? 0x8FFF : ack->status;
        return be16(status) + be16(ack->code) + be16(ack->payload.size()) + be16(ack->id) + ack->payload;
    }
    VirtualCamera camera;
    std::map<std::uint16_t, std::unique_ptr<FakeClient>> clients;
    int wrong_request = -1;
};

/// A client that opens the camera, sets features, reads what it set, and streams.
Bytes record_session(std::uint16_t* gain_request = nullptr) {
    VirtualCamera camera;
    WireTap tap(camera);
    FakeClient client(camera, {.ip = kRecordedIp});
    client.take_control();
    client.open_stream();
    client.open_messages();
    for (const auto& [name, value] :
         {std::pair{"ExposureTime", 5000.0}, std::pair{"Gain", 6.0}, std::pair{"Width", 544.0},
          std::pair{"ReverseX", 1.0}, std::pair{"Gain", 900.0}}) {
        client.set(name, value);
        if (gain_request != nullptr && std::string_view(name) == "ReverseX")
            *gain_request = client.acks.back().id;
        (void)client.get(name);
    }
    (void)client.read_memory(FakeClient::address_of("DeviceModelName"), 32);
    (void)client.must_read(protocol::bootstrap::kStreamDestination);
    (void)client.must_read(protocol::bootstrap::kStreamPort);
    (void)client.must_read(protocol::bootstrap::kStreamSource);
    client.write(protocol::bootstrap::kTimestampControl, 2);
    (void)client.must_read(protocol::bootstrap::kTimestampLatch + 4);
    (void)client.get("DeviceTemperature");
    client.start();
    camera.run_for(200ms);
    client.ask_resend(1, 2, 4);
    client.stop();
    client.take_control(0);
    return tap.file;
}

auto play(const Bytes& file, Target& target) {
    return emulator::testbench::replay(recorded_commands(emulator::recording::PcapngReader(file)), target);
}

}  // namespace

TEST_CASE("replay: a session played back to the same camera differs in nothing") {
    const auto file = record_session();
    Target target;
    target.camera.run_for(3s);
    const auto report = play(file, target);
    for (const auto& difference : report.differences) CHECK(sentence(difference) == "");
    CHECK(report.clients == 1);
    CHECK(report.commands > 25);
    CHECK(report.played == report.commands - 1);  // PACKETRESEND_CMD is left out
}

TEST_CASE("replay: the stream goes to the replay, not to the client of the recording") {
    const auto file = record_session();
    Target target;
    (void)play(file, target);
    CHECK(target.clients.at(50000)->stream_packets > 0);
}

TEST_CASE("replay: one wrong status is the one difference, with its command and feature") {
    std::uint16_t request = 0;
    const auto file = record_session(&request);
    Target target;
    target.wrong_request = request;
    const auto report = play(file, target);
    REQUIRE(report.differences.size() == 1);
    const auto& difference = report.differences.front();
    CHECK(difference.command == "WRITEREG_CMD");
    CHECK(difference.of == "ReverseX");
    CHECK(difference.key == "status");
    CHECK(difference.recorded == "GEV_STATUS_SUCCESS");
    CHECK(difference.now == "GEV_STATUS_ERROR");
    CHECK(sentence(difference) == "#" + std::to_string(difference.number) +
                                      " WRITEREG_CMD ReverseX: status GEV_STATUS_SUCCESS in the recording, "
                                      "GEV_STATUS_ERROR now");
}

TEST_CASE("replay: a value that differs is named, one that the camera changes by itself only if it was set") {
    VirtualCamera first;
    WireTap tap(first);
    FakeClient client(first, {.ip = kRecordedIp});
    (void)client.get("Width");
    (void)client.get("ExposureTime");
    client.take_control();
    client.set("ExposureTime", 7000);
    (void)client.get("ExposureTime");
    VirtualCameraOptions other;
    other.profile.power_up.image.width = 560;
    other.profile.power_up.exposure.time_us = 2000;
    Target target(other);
    const auto report = play(tap.file, target);
    REQUIRE(report.differences.size() == 1);
    CHECK(report.differences[0].of == "Width");
    CHECK(report.differences[0].key == "value");
    CHECK(report.differences[0].recorded == 528);
    CHECK(report.differences[0].now == 560);
}

TEST_CASE("replay: two clients keep their order and have a socket each") {
    VirtualCamera first;
    WireTap tap(first);
    FakeClient one(first, {.ip = kRecordedIp}), other(first, {.ip = 0x0A000002, .control_port = 50007});
    one.take_control();
    CHECK(other.set("Gain", 3) == 0x8006);
    one.take_control(0);
    other.take_control();
    CHECK(other.set("Gain", 3) == 0);
    Target target;
    const auto report = play(tap.file, target);
    CHECK(report.clients == 2);
    CHECK(report.differences.empty());
    CHECK(target.camera.camera.device.control.owner().port == 50107);
}

TEST_CASE("replay: the table of rules stands in docs/recording.md") {
    std::ifstream in(support::source_dir() / "docs" / "recording.md");
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    CHECK(!emulator::testbench::replay_rules().empty());
    for (const auto& [what, how] : emulator::testbench::replay_rules()) {
        const auto row = "\n| " + std::string(what) + " | " + std::string(how) + " |\n";
        CHECK_MESSAGE(text.find(row) != std::string::npos, row);
    }
}
