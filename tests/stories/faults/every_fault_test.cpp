#include <doctest/doctest.h>

#include <map>

#include "emulator/faults/table.h"
#include "tests/stories/faults/fault_camera.h"

// Laws of all kinds of faults: two runs are equal, one that is over and one that was cleared leave no trace.

using namespace fault_camera;

namespace {

/// Keys that a kind must have.
json keys_of(const std::string& kind) {
    static const std::map<std::string, json> keys{
        {"packet_delay", {{"delay_us", 100}}},
        {"packet_jitter", {{"jitter_us", 100}}},
        {"resend_late", {{"delay_us", 100}}},
        {"timestamp_jump", {{"jump_us", 1e6}}},
        {"leader_size_wrong", {{"width", 100}}},
        {"ack_delay", {{"delay_us", 100}}},
        {"register_value", {{"register", "0x0938"}, {"value", 1}}},
        {"motor_stuck", {{"part", "zoom"}}},
        {"clock_jump", {{"jump_us", 1e6}}},
        {"address_change", {{"address", "10.0.0.77"}}},
    };
    const auto found = keys.find(kind);
    return found == keys.end() ? json::object() : found->second;
}

/// Frames that differ within an acquisition, and not by how many there were before it.
VirtualCameraOptions options() {
    VirtualCameraOptions options;
    options.sensor = [](const emulator::FrameRequest& request) {
        auto frame = request;
        frame.number = request.frame;
        return pretended_frame(frame);
    };
    return options;
}

/// All that a client gets, control and stream, with the time at which it comes.
class Listener {
  public:
    explicit Listener(FaultCamera& faulty) : faulty_(faulty) {
        for (const auto end : {faulty.client.control_end(), faulty.client.stream_end()})
            faulty.camera.listen(end, [this](ByteView datagram, Endpoint) {
                heard.emplace_back(faulty_.camera.host.now(), Bytes(datagram.begin(), datagram.end()));
            });
    }
    std::vector<std::pair<Time, Bytes>> heard;

  private:
    FaultCamera& faulty_;
};

/// A client opens the stream, sets features, asks for resends and moves the lens.
void visit(FaultCamera& faulty) {
    auto& client = faulty.client;
    (void)client.take_control();
    client.write(0x0D00, 0);
    client.write(0x0D18, client.stream_end().ip);
    client.write(0x0D00, client.stream_end().port);
    (void)client.set("Zoom", 300);
    (void)client.set("TriggerMode", 0);
    client.start();
    for (int tenth = 0; tenth < 10; ++tenth) {
        faulty.camera.run_for(100ms);
        client.ask_resend(static_cast<std::uint64_t>(tenth) + 1, 3, 6);
        (void)client.command(0x80, be32(0x0938));
        (void)client.read_memory(0x0048, 32);
    }
    client.stop();
    faulty.camera.run_for(1s);
}

std::vector<std::pair<Time, Bytes>> heard_with(const json& order) {
    FaultCamera faulty(false, options());
    faulty.client.stop_heartbeat();
    const Listener listener(faulty);
    if (!order.is_null()) faulty.set(order);
    visit(faulty);
    return listener.heard;
}

/// What a client gets from a camera whose fault is over, once it has been reset.
std::vector<Bytes> heard_afterwards(const json& order) {
    FaultCamera faulty(false, options());
    faulty.client.stop_heartbeat();
    if (!order.is_null()) faulty.set(order);
    visit(faulty);
    faulty.camera.faults.clear();
    faulty.camera.run_for(10s);
    faulty.camera.camera.power_cycle();
    faulty.camera.run_for(10s);
    const Listener listener(faulty);
    visit(faulty);
    std::vector<Bytes> datagrams;
    for (const auto& one : listener.heard) datagrams.push_back(one.second);
    return datagrams;
}

}  // namespace

TEST_CASE("faults: each kind does the same in two runs, and leaves no trace once it is over") {
    const auto plain = heard_with(nullptr);
    const auto plain_afterwards = heard_afterwards(nullptr);
    CHECK(plain.size() > 700);
    CHECK(plain_afterwards.size() > 700);
    for (const auto* kind : emulator::faults::kinds()) {
        auto order = keys_of(std::string(kind->name));
        order["fault"] = kind->name;
        CAPTURE(order.dump());
        const auto first = heard_with(order);
        CHECK((first == heard_with(order)));
        const auto afterwards = heard_afterwards(order);
        CHECK(afterwards.size() == plain_afterwards.size());
        CHECK((afterwards == plain_afterwards));
    }
}
