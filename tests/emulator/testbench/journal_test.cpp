#include <doctest/doctest.h>

#include <set>

#include "protocol/gvcp/bootstrap.h"
#include "protocol/gvcp/names.h"
#include "tests/emulator/testbench/testbench_camera.h"

using namespace testbench_camera;
using emulator::testbench::BlockLog;
using emulator::testbench::Journal;

// What the journal says of a client, by the client that knows what it did.

namespace {

struct JournalCamera : TestbenchCamera {
    explicit JournalCamera(const VirtualCameraOptions& options = {}) : TestbenchCamera(options) {
        camera.on_sent = [this](const auto& blocks) { bench.on_sent(blocks); };
        client.stop_heartbeat();
        tell("DELETE", "/journal");
    }
    Json entries(const Query& query = {}) { return get("/journal", query)["entries"]; }
    Json last(const Query& query = {}) {
        const auto all = entries(query);
        REQUIRE(!all.empty());
        return all.back();
    }
    std::size_t count(const Query& query = {}) { return get("/journal/count", query)["count"]; }
};

}  // namespace

TEST_CASE("journal: a write is told with client, request, feature, value, status and times") {
    JournalCamera on;
    on.camera.run_for(5ms);
    const auto time_ns = on.bench.ticks(on.camera.now());
    CHECK(on.client.set("ExposureTime", 12000) == 0);
    const auto entry = on.last();
    CHECK(on.count() == 1);
    CHECK(entry["time_ns"] == time_ns);
    CHECK(entry["host_ns"] == on.camera.host.now().count());
    CHECK(entry["client"] == "10.0.0.1:50000");
    CHECK(entry["channel"] == "control");
    CHECK(entry["command"] == "WRITEREG_CMD");
    CHECK(entry["request"] == on.client.acks.back().id);
    CHECK(entry["flags"] == "0x01");
    REQUIRE(entry["writes"].size() == 1);
    CHECK(entry["writes"][0]["feature"] == "ExposureTime");
    CHECK(entry["writes"][0]["value"] == 12000);
    CHECK(entry["writes"][0]["address"] == protocol::gvcp::hex(FakeClient::address_of("ExposureTime"), 8));
    CHECK(entry["status"] == "GEV_STATUS_SUCCESS");
    CHECK(entry["answered_us"] == 0);
    CHECK(!entry.contains("pending_acks"));
    CHECK(!entry.contains("fault"));
}

TEST_CASE("journal: a command that is sent again names the one before; another one does not") {
    JournalCamera on;
    CHECK(on.client.set("ExposureTime", 12000) == 0);
    CHECK(!on.last().contains("repeats"));
    const auto first = on.last()["number"];
    (void)on.client.repeat();
    CHECK(on.last()["repeats"] == first);
    const auto second = on.last()["number"];
    (void)on.client.repeat();
    CHECK(on.last()["repeats"] == second);
    CHECK(on.client.set("ExposureTime", 12000) == 0);  // the next request id
    CHECK(!on.last().contains("repeats"));
    FakeClient other(on.camera, {.ip = 0x0A000009});
    (void)other.read(0x0A00);
    CHECK(!on.last().contains("repeats"));
}

TEST_CASE("journal: a read has the value of its acknowledge, entries and switches by their names") {
    JournalCamera on;
    on.client.set("PixelFormat", on.client.get("PixelFormat"));
    CHECK(on.last()["writes"][0]["value"] == "BayerRG8");
    (void)on.client.must_read(FakeClient::address_of("TriggerMode"));
    CHECK(on.last()["reads"][0]["feature"] == "TriggerMode");
    CHECK(on.last()["reads"][0]["value"] == "Off");
    (void)on.client.must_read(FakeClient::address_of("OffsetX") | protocol::genicam::kMaxPlane);
    CHECK(on.last()["reads"][0]["feature"] == "OffsetX");
    CHECK(on.last()["reads"][0]["of"] == "max");
    (void)on.client.read_memory(FakeClient::address_of("DeviceModelName"), 32);
    CHECK(on.last()["reads"][0]["value"] == "DFK 39GX265-Z20");
}

TEST_CASE("journal: bootstrap registers have Wireshark's names, and the features that share them") {
    JournalCamera on;
    (void)on.client.must_read(protocol::bootstrap::kControlPrivilege);
    auto read = on.last()["reads"][0];
    CHECK(read["register"] == "CCP (Control Channel Privilege)");
    CHECK(read["feature"] == "GevCCP");
    CHECK(read["value"] == "ControlAccess");
    (void)on.client.must_read(protocol::bootstrap::kStreamPacketSize);
    read = on.last()["reads"][0];
    CHECK(read["value"] == (1u << 30 | 1500));
    CHECK(read["fields"]["GevSCPSPacketSize"] == 1500);
    CHECK(read["fields"]["GevSCPSDoNotFragment"] == true);
    for (std::uint32_t address = 0; address < protocol::bootstrap::kEnd; address += 4) {
        const auto place = protocol::bootstrap::register_at(address);
        const bool begins = place && place->address == address;
        CHECK(begins != protocol::gvcp::bootstrap_name(address).empty());
    }
}

TEST_CASE("journal: a read of the description file is named, and one of several registers has them all") {
    JournalCamera on;
    (void)on.client.read_memory(0x0001'0000, 512);
    CHECK(on.last()["reads"][0]["what"] == "description file");
    CHECK(on.last()["reads"][0]["bytes"] == 512);
    (void)on.client.command(0x0080, be32(0x0938) + be32(FakeClient::address_of("Width")));
    const auto reads = on.last()["reads"];
    REQUIRE(reads.size() == 2);
    CHECK(reads[0]["feature"] == "GevHeartbeatTimeout");
    CHECK(reads[0]["value"] == 3000);
    CHECK(reads[1]["feature"] == "Width");
    CHECK(reads[1]["value"] == 528);
}

TEST_CASE(
    "journal: a refusal has its status, silence has none, and a datagram that is no GVCP is malformed") {
    JournalCamera on;
    CHECK(on.client.set("Width", 1) != 0);
    CHECK(on.last()["status"] == "GEV_STATUS_INVALID_PARAMETER");
    on.client.command(0x0082, be32(FakeClient::address_of("Gain")) + be32(0), 0);
    CHECK(on.last()["status"].is_null());
    CHECK(!on.last().contains("answered_us"));
    on.client.raw(from_hex("4101 0080 0004 0001"));
    CHECK(on.last()["command"] == "malformed");
    CHECK(on.last()["bytes"] == 8);
    CHECK(on.last()["begin"] == "4101008000040001");
    on.client.command(0x4242);
    CHECK(on.last()["command"] == "other");
    CHECK(on.last()["code"] == "0x4242");
    CHECK(on.last()["status"] == "GEV_STATUS_NOT_IMPLEMENTED");
    CHECK(on.count({{"status", "none"}}) == 2);
    CHECK(on.count({{"command", "malformed"}}) == 1);
    CHECK(on.count({{"command", "other"}, {"status", "none"}}) == 0);
}

TEST_CASE("journal: pending acknowledges are counted, and the time runs to the last one") {
    VirtualCameraOptions options;
    options.flash_work = 900ms;
    JournalCamera on(options);
    on.client.write(0x0954, 2);
    on.client.set("UserSetSelector", 1);
    on.client.set("UserSetSave", 1);
    CHECK(on.last()["status"].is_null());
    on.camera.run_for(2s);
    const auto entry = on.last({{"feature", "UserSetSave"}});
    CHECK(entry["status"] == "GEV_STATUS_SUCCESS");
    CHECK(entry["answered_us"] == 900'000);
    CHECK(entry["pending_acks"] == 2);
    CHECK(entry["pending_ms"] == 1000);
}

TEST_CASE("journal: an event is told with its feature and its time, and its acknowledge") {
    JournalCamera on;
    on.client.open_messages();
    on.client.set("EventSelector", emulator::Events::test);
    on.client.set("EventNotification", 1);
    on.client.set("TestEventGenerate", 1);
    on.camera.run_for(10ms);
    REQUIRE(on.client.events.size() == 1);
    const auto entry = on.last({{"command", "EVENT_CMD"}});
    CHECK(entry["channel"] == "message");
    CHECK(entry["client"] == "10.0.0.1:52000");
    CHECK(entry["events"][0]["feature"] == "EventTest");
    CHECK(entry["events"][0]["id"] == "0x90FF");
    CHECK(entry["events"][0]["time_ns"] == on.client.events[0].timestamp);
    CHECK(entry["status"] == "GEV_STATUS_SUCCESS");
    CHECK(on.count({{"feature", "EventTest"}}) == 1);
    CHECK(on.count({{"feature", "EventExposureEnd"}}) == 0);
}

TEST_CASE("journal: an event without acknowledge is told each time that it is sent") {
    VirtualCameraOptions options;
    TestbenchCamera on(options);
    FakeClientOptions deaf{.ip = 0x0A000002};
    deaf.acknowledges_events = false;
    on.client.take_control(0);
    FakeClient other(on.camera, deaf);
    other.take_control();
    other.open_messages();
    other.set("EventSelector", emulator::Events::test);
    other.set("EventNotification", 1);
    other.set("TestEventGenerate", 1);
    on.camera.run_for(2s);
    const auto sent = on.get("/journal", {{"command", "EVENT_CMD"}})["entries"];
    CHECK(sent.size() == other.event_datagrams.size());
    CHECK(sent.size() == 3);
    std::set<Json> requests;
    for (const auto& one : sent) {
        CHECK(one["status"].is_null());
        requests.insert(one["request"]);
    }
    CHECK(requests.size() == 1);
}

TEST_CASE("journal: what is asked again, forced and signalled is told with its own keys") {
    JournalCamera on;
    on.client.ask_resend(7, 2, 4);
    auto entry = on.last();
    CHECK(entry["command"] == "PACKETRESEND_CMD");
    CHECK(entry["block_id"] == 7);
    CHECK(entry["first_packet"] == 2);
    CHECK(entry["last_packet"] == 4);
    on.client.command(0x0100, be32(1) + be32(2) + be32(3));
    CHECK(on.last()["command"] == "ACTION_CMD");
    CHECK(on.last()["group_mask"] == "0x00000003");
    on.client.command(0x0004, Bytes(56));
    CHECK(on.last()["command"] == "FORCEIP_CMD");
    CHECK(on.last()["mac"] == "0x000000000000");
    on.client.command(0x0002);
    CHECK(on.last()["command"] == "DISCOVERY_CMD");
    CHECK(on.last()["status"] == "GEV_STATUS_SUCCESS");
}

TEST_CASE("journal: filters are met all at once, and what they cannot mean is refused") {
    JournalCamera on;
    on.client.set("Gain", 6);
    on.client.set("Gain", 900);
    (void)on.client.get("Gain");
    FakeClient guest(on.camera, {.ip = 0x0A000002, .control_port = 50001});
    guest.set("Gain", 3);
    CHECK(on.count({{"feature", "Gain"}}) == 4);
    CHECK(on.count({{"feature", "Gain"}, {"command", "WRITEREG_CMD"}}) == 3);
    CHECK(on.count({{"feature", "Gain"}, {"status", "GEV_STATUS_SUCCESS"}}) == 2);
    CHECK(on.count({{"client", "10.0.0.2"}}) == 1);
    CHECK(on.count({{"client", "10.0.0.2:50001"}, {"status", "GEV_STATUS_ACCESS_DENIED"}}) == 1);
    CHECK(on.count({{"client", "10.0.0.2:50000"}}) == 0);
    CHECK(on.count({{"feature", "CCP (Control Channel Privilege)"}}) == 0);
    const auto later = std::to_string(on.bench.ticks(on.camera.now()) + 1);
    CHECK(on.count({{"from_ns", later}}) == 0);
    const auto first = on.get("/journal", {{"limit", "1"}, {"feature", "Gain"}});
    CHECK(first["entries"].size() == 1);
    const auto rest = on.get("/journal", {{"since", first["next"].dump()}});
    CHECK(rest["entries"].size() == 3);
    CHECK(rest["next"] == on.bench.journal().next());
    for (const Query& query :
         {Query{{"client", "10.0.0"}}, Query{{"client", "10.0.0.1:"}}, Query{{"client", "10.0.0.1:70000"}},
          Query{{"command", "WRITEREG"}}, Query{{"status", "SUCCESS"}}, Query{{"feature", "Gains"}},
          Query{{"limit", "5001"}}, Query{{"since", "-1"}}, Query{{"what", "1"}}}) {
        const auto answer = on.ask("GET", "/journal", "", query);
        CHECK(answer.status == 400);
        CHECK(answer.body["key"] == query.begin()->first);
    }
}

TEST_CASE("journal: a fault that touches a command or a block is named once") {
    JournalCamera on;
    on.client.set("Gain", 6);
    const auto id = on.client.acks.back().id;
    auto& journal = on.bench.journal();
    journal.touched(on.client.control_end(), id, "ack_lost");
    journal.touched(on.client.control_end(), id, "ack_late");
    journal.touched(on.client.control_end(), id, "ack_lost");
    journal.touched({1, 2}, id, "nobody");
    CHECK(on.last()["fault"] == "ack_lost,ack_late");
    CHECK(on.count({{"fault", "ack_late"}}) == 1);
    CHECK(on.count({{"fault", "ack"}}) == 0);
    on.client.start();
    on.camera.run_for(200ms);
    journal.blocks().touched(2, "packet_loss");
    CHECK(on.get("/journal/blocks", {{"block_id", "2"}})["blocks"][0]["fault"] == "packet_loss");
}

TEST_CASE("journal: a flood is bounded, and what it pushed out is counted") {
    JournalCamera on;
    const auto before = on.bench.journal().forgotten();
    const auto nothing = from_hex("00");
    for (std::size_t i = 0; i < Journal::kEntriesKept + 10; ++i)
        on.camera.camera.gvcp().handle_control(nothing, {0x0A0000FF, static_cast<std::uint16_t>(i)});
    CHECK(on.bench.journal().entries().size() == Journal::kEntriesKept);
    CHECK(on.count() == Journal::kEntriesKept);
    CHECK(on.get("/journal/count")["forgotten"] == before + 10);
    // Large datagrams count by their bytes.
    const auto large = gvcp_command(0x0086, 1, Bytes(540));
    for (std::size_t i = 0; i < Journal::kEntriesKept; ++i)
        on.camera.camera.gvcp().handle_control(large, {0x0A0000FF, static_cast<std::uint16_t>(i)});
    CHECK(on.bench.journal().entries().size() <= Journal::kBytesKept / large.size());
    CHECK(on.bench.journal().entries().size() > Journal::kBytesKept / large.size() / 2);
    const auto next = on.bench.journal().next();
    CHECK(on.tell("DELETE", "/journal")["next"] == next);
    CHECK(on.count() == 0);
    on.client.set("Gain", 6);
    CHECK(on.last()["number"] == next);
}

TEST_CASE("journal: waiting ends when the entries are there, and on a miss shows the nearest ones") {
    JournalCamera on;
    on.client.set("Gain", 6);
    on.client.set("Gain", 900);
    const auto wait = [&](const std::string& body) { return on.ask("POST", "/journal/wait", body); };
    const auto came = wait(R"({"feature": "Gain", "command": "WRITEREG_CMD", "count": 2, "timeout_ms": 0})");
    CHECK(came.status == 200);
    CHECK(came.body["entries"].size() == 2);
    const auto missed = wait(
        R"({"feature": "Gain", "command": "READREG_CMD", "status": "GEV_STATUS_SUCCESS", "timeout_ms": 0})");
    CHECK(missed.status == 408);
    CHECK(missed.body["count"] == 0);
    REQUIRE(missed.body["nearest"].size() == 2);
    CHECK(missed.body["nearest"][0]["writes"][0]["value"] == 6);
    CHECK(missed.body["nearest"][0]["misfits"] == Json{"command"});
    CHECK(missed.body["nearest"][1]["misfits"] == Json{"command", "status"});
    CHECK(wait(R"({"count": 0})").status == 400);
    CHECK(wait(R"({"count": 5001})").status == 400);
    CHECK(wait(R"({"timeout_ms": 20001})").status == 400);
    CHECK(wait(R"({"timeout_ms": -1})").status == 400);
    CHECK(wait(R"({"limit": 1})").status == 400);
}

TEST_CASE("journal: what comes while somebody waits is found, as the camera is not held meanwhile") {
    JournalCamera on;
    struct Visits final : emulator::testbench::CameraAccess {
        explicit Visits(JournalCamera& on) : on(on) {}
        void run(const std::function<void(emulator::testbench::Bench&)>& act) override {
            act(on.bench);
            if (++count == 2) on.client.set("Gain", 6);
        }
        JournalCamera& on;
        int count = 0;
    } access{on};
    const emulator::testbench::Router router("1", access, {});
    const auto answer = router.answer({.method = "POST",
                                       .path = "/api/v1/camera/journal/wait",
                                       .body = R"({"feature": "Gain", "timeout_ms": 20000})"});
    CHECK(answer.status == 200);
    CHECK(answer.body["entries"].size() == 1);
    CHECK(access.count == 3);
}

TEST_CASE("journal: a block's summary has its packets and their times, its frame and its exposure") {
    JournalCamera on;
    on.client.write(protocol::bootstrap::kStreamDelay, 100'000);  // each packet leaves by itself
    on.arm();
    on.tell("POST", "/lines/trigger_in/train",
            R"({"period_us": 50000, "width_us": 100, "count": 3, "at_ns": 200000000})");
    on.camera.run_for(1s);
    const auto blocks = on.get("/journal/blocks")["blocks"];
    REQUIRE(blocks.size() == 3);
    for (std::size_t i = 0; i < 3; ++i) {
        CHECK(blocks[i]["block_id"] == i + 1);
        CHECK(blocks[i]["trigger"] == i + 1);
        CHECK(blocks[i]["time_ns"] == 200'000'000 + 50'000'000 * i);
        CHECK(blocks[i]["packets"] == on.client.blocks.at(i + 1).parts.size() + 2);
        CHECK(blocks[i]["first_ns"] > blocks[i]["time_ns"]);
        CHECK(blocks[i]["last_ns"] > blocks[i]["first_ns"]);
        CHECK(blocks[i]["dropped"].is_null());
        CHECK(blocks[i]["resend_requests"] == 0);
    }
    on.client.ask_resend(2, 1, 4);
    on.client.ask_resend(2, 100'000, 100'000);
    on.camera.run_for(100ms);
    const auto again = on.get("/journal/blocks", {{"block_id", "2"}})["blocks"][0];
    CHECK(again["resend_requests"] == 2);
    CHECK(again["packets_resent"] == 4);
    CHECK(again["packets_refused"] == 1);
    CHECK(again["packets"] == blocks[1]["packets"]);
    CHECK(again["last_ns"] == blocks[1]["last_ns"]);
}

TEST_CASE("journal: a block that is not sent says why, and blocks are as bounded as frames") {
    JournalCamera on;
    on.client.start();
    on.camera.run_for(500us);
    on.client.write(protocol::bootstrap::kStreamPort, 0);
    on.camera.run_for(100ms);
    const auto blocks = on.get("/journal/blocks")["blocks"];
    REQUIRE(!blocks.empty());
    CHECK(blocks[0]["dropped"] == "channel_closed");
    CHECK(blocks[0]["packets"] == 0);
    auto& log = on.bench.journal().blocks();
    log.forget();
    emulator::acquisition::Frame frame;
    for (frame.number = 1; frame.number <= BlockLog::kBlocksKept + 3; ++frame.number)
        log.exposed(frame, frame.number, frame.number, {});
    const auto all = on.get("/journal/blocks");
    CHECK(all["blocks"].size() == BlockLog::kBlocksKept);
    CHECK(all["forgotten"] == 3);
    CHECK(all["next"] == BlockLog::kBlocksKept + 4);
    CHECK(on.get("/journal/blocks", {{"since", "1000"}, {"limit", "2"}})["blocks"][1]["frame"] == 1001);
}
