#include <doctest/doctest.h>

#include <algorithm>

#include "emulator/features/description_file.h"

#include "tests/stories/faults/fault_camera.h"

// Faults of the control channel, as a client sees them.

using namespace fault_camera;

namespace {

constexpr std::uint32_t kHeartbeat = 0x0938;

/// What comes on the control channel for a command, and when, counted from it.
struct Answer {
    Time after{};
    std::uint16_t status = 0, code = 0, id = 0;
    Bytes payload;
    bool operator==(const Answer&) const = default;
};

/// The answers to commands that are sent 10 ms apart: READREG of the heartbeat timeout.
std::vector<Answer> answers(FaultCamera& faulty, int commands) {
    std::vector<Answer> all;
    const auto begin = faulty.camera.host.now();
    faulty.camera.listen(faulty.client.control_end(), [&](ByteView datagram, Endpoint) {
        all.push_back({.after = faulty.camera.host.now() - begin,
                       .status = protocol::load<std::uint16_t>(datagram),
                       .code = protocol::load<std::uint16_t>(datagram.subspan(2)),
                       .id = protocol::load<std::uint16_t>(datagram.subspan(6)),
                       .payload = {datagram.begin() + 8, datagram.end()}});
    });
    for (int i = 0; i < commands; ++i) {
        (void)faulty.client.command(0x80, be32(kHeartbeat));
        faulty.camera.run_for(10ms);
    }
    faulty.camera.run_for(2s);
    faulty.client.stop_heartbeat();
    return all;
}

std::vector<Answer> answers_with(const json& fault, int commands) {
    FaultCamera faulty;
    faulty.client.stop_heartbeat();
    if (!fault.is_null()) faulty.set(fault);
    return answers(faulty, commands);
}

}  // namespace

TEST_CASE(
    "faults: an acknowledge is lost, and the repetition of its command is answered, not executed again") {
    FaultCamera faulty;
    const auto id = faulty.set({{"fault", "ack_loss"}, {"command", "WRITEREG_CMD"}, {"count", 1}});
    faulty.client.acks.clear();
    (void)faulty.client.command(0x82, be32(kHeartbeat) + be32(5000));
    CHECK(faulty.client.acks.empty());
    CHECK(faulty.client.must_read(kHeartbeat) == 5000);
    CHECK(faulty.hits(id) == 1);
    CHECK(faulty.client.write(kHeartbeat, 4000) == 0);
}

TEST_CASE("faults: a lost command changes nothing") {
    FaultCamera faulty;
    const auto before = faulty.client.must_read(kHeartbeat);
    const auto id =
        faulty.set({{"fault", "command_loss"}, {"register", "0x0938"}, {"command", "WRITEREG_CMD"}});
    faulty.client.acks.clear();
    (void)faulty.client.command(0x82, be32(kHeartbeat) + be32(5000));
    CHECK(faulty.client.acks.empty());
    CHECK(faulty.client.must_read(kHeartbeat) == before);
    CHECK(faulty.client.write(0x0954, 0) == 0);
    CHECK(faulty.hits(id) == 1);
}

TEST_CASE("faults: acknowledges come late, twice, or after the next one") {
    const auto plain = answers_with(nullptr, 3);
    REQUIRE(plain.size() == 3);
    const auto late = answers_with({{"fault", "ack_delay"}, {"delay_us", 25'000}}, 3);
    REQUIRE(late.size() == 3);
    for (std::size_t i = 0; i < 3; ++i) {
        CHECK(late[i].after == plain[i].after + 25ms);
        CHECK(late[i].id == plain[i].id);
        CHECK(late[i].payload == plain[i].payload);
    }
    const auto twice = answers_with({{"fault", "ack_duplicate"}, {"copies", 2}}, 3);
    REQUIRE(twice.size() == 6);
    for (std::size_t i = 0; i < 6; ++i) CHECK(twice[i] == plain[i / 2]);
    const auto swapped = answers_with({{"fault", "ack_reorder"}, {"count", 1}}, 3);
    REQUIRE(swapped.size() == 3);
    CHECK(swapped[0].id == plain[1].id);
    CHECK(swapped[1].id == plain[0].id);
    CHECK(swapped[2].id == plain[2].id);
    const auto last = answers_with({{"fault", "ack_reorder"}, {"behind", 100}}, 1);
    REQUIRE(last.size() == 1);
    CHECK(last[0].after == 1s);
}

TEST_CASE("faults: no more than 1024 acknowledges are held at a time") {
    for (const json& fault : {json{{"fault", "ack_delay"}, {"delay_us", 1'000'000}},
                              json{{"fault", "ack_reorder"}, {"behind", 100}}}) {
        FaultCamera faulty;
        faulty.client.stop_heartbeat();
        faulty.set(fault);
        faulty.client.acks.clear();
        for (int i = 0; i < 3000; ++i) (void)faulty.client.command(0x80, be32(kHeartbeat));
        CHECK(faulty.client.acks.empty());
        faulty.camera.run_for(1s);
        CHECK(faulty.client.acks.size() == emulator::faults::FaultyTransport::kAnswersHeld);
    }
}

TEST_CASE("faults: pending acknowledges announce the time that the acknowledge takes") {
    const auto both = answers_with({{"fault", "pending_ack"}, {"takes_ms", 700}, {"count", 1}}, 1);
    REQUIRE(both.size() == 2);
    CHECK(both[0].after == 0ms);
    CHECK(both[0].code == 0x89);
    CHECK(number_at(both[0].payload, 2, 2) == 700);
    CHECK(both[1].after == 700ms);
    CHECK(both[1].code == 0x81);
    CHECK(both[1].id == both[0].id);
}

TEST_CASE("faults: an acknowledge says what did not happen") {
    FaultCamera faulty;
    faulty.set({{"fault", "ack_status"}, {"status", "GEV_STATUS_BUSY"}, {"register", "ExposureTime"}});
    CHECK(faulty.client.set("ExposureTime", 5000) == 0x8007);
    CHECK(faulty.client.set("Gain", 3) == 0);
    faulty.camera.faults.clear();
    CHECK(faulty.client.get("ExposureTime") == 5000);
}

TEST_CASE("faults: a register reads differently, by itself, in a list and as memory") {
    FaultCamera faulty;
    const auto real = faulty.client.must_read(kHeartbeat);
    const auto id =
        faulty.set({{"fault", "register_value"}, {"register", "0x0938"}, {"value", 4294967295.0}});
    CHECK(faulty.client.must_read(kHeartbeat) == 0xFFFF'FFFF);
    const auto list = faulty.client.command(0x80, be32(0x0000) + be32(kHeartbeat));
    REQUIRE(list->payload.size() == 8);
    CHECK(number_at(list->payload, 4, 4) == 0xFFFF'FFFF);
    CHECK(number_at(list->payload, 0, 4) == faulty.client.must_read(0x0000));
    const auto memory = faulty.client.read_memory(kHeartbeat, 8);
    CHECK(number_at(memory->payload, 4, 4) == 0xFFFF'FFFF);
    CHECK(faulty.hits(id) == 3);
    faulty.camera.faults.clear();
    CHECK(faulty.client.must_read(kHeartbeat) == real);
    CHECK_THROWS_AS(faulty.set({{"fault", "register_value"}, {"value", 1}}), scenes::ConfigError);
    CHECK_THROWS_AS(faulty.set({{"fault", "register_value"}, {"value", 1}, {"register", "NoSuchFeature"}}),
                    scenes::ConfigError);
}

TEST_CASE("faults: the description file stops after so many bytes") {
    FaultCamera faulty;
    const auto address = emulator::features::kDescriptionFileAddress;
    faulty.set({{"fault", "xml_stall"}, {"after_bytes", 1024}});
    CHECK(faulty.client.read_memory(address, 512)->status == 0);
    CHECK(faulty.client.read_memory(address + 512, 512)->status == 0);
    faulty.client.acks.clear();
    (void)faulty.client.read_memory(address + 1024, 512);
    CHECK(faulty.client.acks.empty());
    CHECK(faulty.client.must_read(kHeartbeat) > 0);
    faulty.camera.faults.clear();
    CHECK(faulty.client.read_memory(address + 1024, 512)->status == 0);
}

TEST_CASE("faults: control ends in the midst of a stream, and another client takes it") {
    FaultCamera faulty;
    faulty.client.start();
    faulty.camera.run_for(200ms);
    const auto before = faulty.client.stream_packets;
    CHECK(before > 0);
    const auto id = faulty.set({{"fault", "control_lost"}});
    CHECK(faulty.hits(id) == 1);
    CHECK(faulty.client.must_read(0x0A00) == 0);
    CHECK(faulty.client.set("Gain", 3) == 0x8006);
    faulty.camera.run_for(200ms);
    CHECK(faulty.client.stream_packets - before <= kPackets);
    FakeClient other(faulty.camera, {.ip = 0x0A000002});
    CHECK(other.take_control() == 0);
    CHECK(other.set("Gain", 3) == 0);
}

TEST_CASE(
    "faults: a pulled cable is silent both ways, control ends by the heartbeat, and discovery finds all "
    "again") {
    FaultCamera faulty;
    faulty.client.start();
    faulty.camera.run_for(200ms);
    faulty.client.acks.clear();
    const auto id = faulty.set({{"fault", "cable_out"}, {"for_us", 5e6}});
    const auto packets = faulty.client.stream_packets;
    faulty.camera.run_for(4s);
    CHECK(faulty.client.acks.empty());
    CHECK(faulty.client.stream_packets == packets);
    CHECK_FALSE(faulty.camera.camera.device.control.taken());
    CHECK(faulty.camera.camera.streaming() == false);
    faulty.camera.run_for(2s);
    CHECK(faulty.camera.faults.entries().at(id).state == emulator::faults::Faults::State::over);
    CHECK(faulty.camera.moved_home == 1);
    CHECK(faulty.client.take_control() == 0);
    faulty.client.open_stream();
    faulty.client.blocks.clear();
    faulty.stream(3);
    CHECK(faulty.client.complete_blocks() == 3);
}

TEST_CASE("faults: those of the control channel are alike in two runs, and leave no trace") {
    const json orders[]{{{"fault", "ack_loss"}, {"rate", 0.5}},
                        {{"fault", "command_loss"}, {"rate", 0.5}},
                        {{"fault", "ack_delay"}, {"delay_us", 5000}, {"rate", 0.5}},
                        {{"fault", "ack_duplicate"}, {"rate", 0.5}},
                        {{"fault", "ack_reorder"}, {"rate", 0.5}},
                        {{"fault", "pending_ack"}, {"rate", 0.5}},
                        {{"fault", "ack_status"}, {"rate", 0.5}},
                        {{"fault", "register_value"}, {"register", "0x0938"}, {"value", 7}, {"rate", 0.5}}};
    const auto without = answers_with(nullptr, 20);
    for (const auto& order : orders) {
        CAPTURE(order.dump());
        const auto with = answers_with(order, 20);
        CHECK(with == answers_with(order, 20));
        CHECK(with != without);
        FaultCamera cleared;
        cleared.client.stop_heartbeat();
        cleared.set(order);
        cleared.camera.faults.clear();
        CHECK(answers(cleared, 20) == without);
    }
}
