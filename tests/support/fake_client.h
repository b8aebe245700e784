#pragma once

#include <set>
#include <string_view>

#include "protocol/time.h"
#include "tests/support/received_block.h"
#include "tests/support/virtual_camera.h"

namespace support {

struct FakeClientOptions {
    std::uint32_t ip = 0x0A000001;
    std::uint16_t control_port = 50000, stream_port = 51000, message_port = 52000;
    bool asks_resends = false;
    bool acknowledges_events = true;
};

/// The acknowledge of a command.
struct Ack {
    std::uint16_t status = 0xFFFF, code = 0, id = 0;
    Bytes payload;
};

/// An event item as it came.
struct ReceivedEvent {
    std::uint16_t id = 0, channel = 0, block_id = 0;
    std::uint64_t timestamp = 0;
    protocol::Time at{};
    Bytes data = {};
};

/// A client application with its own implementation of GVCP and GVSP.
class FakeClient {
  public:
    explicit FakeClient(VirtualCamera& network, const FakeClientOptions& options = {});
    ~FakeClient() { die(); }
    FakeClient(const FakeClient&) = delete;
    FakeClient& operator=(const FakeClient&) = delete;

    [[nodiscard]] Endpoint control_end() const { return {options_.ip, options_.control_port}; }
    [[nodiscard]] Endpoint stream_end() const { return {options_.ip, options_.stream_port}; }

    // Commands. Each has the next request id and gives the acknowledge that came at once, if one did.
    std::optional<Ack> command(std::uint16_t code, ByteView payload = {}, std::uint8_t flags = 1);
    std::optional<Ack> raw(const Bytes& datagram);
    /// The last command once more, bit for bit.
    std::optional<Ack> repeat() { return raw(last_command_); }

    [[nodiscard]] std::optional<std::uint32_t> read(std::uint32_t address);
    /// The register's value, which must be there.
    std::uint32_t must_read(std::uint32_t address);
    std::uint16_t read_status(std::uint32_t address);
    std::uint16_t write(std::uint32_t address, std::uint32_t value);
    std::optional<Ack> read_memory(std::uint32_t address, std::uint32_t count);
    std::uint16_t write_memory(std::uint32_t address, ByteView bytes);

    // Features by name; reals in their unit.
    [[nodiscard]] static std::uint32_t address_of(std::string_view feature);
    [[nodiscard]] double get(std::string_view feature);
    std::uint16_t set(std::string_view feature, double value);

    // Habits.
    std::uint16_t take_control(std::uint32_t privilege = 2) { return write(0x0A00, privilege); }
    void keep_alive(Time period = 1s);
    void stop_heartbeat();
    void open_stream(std::uint16_t packet_size = 1500);
    void start() { set("AcquisitionStart", 1); }
    void stop() { set("AcquisitionStop", 1); }
    void open_messages();
    void ask_resend(std::uint64_t block_id, std::uint32_t first, std::uint32_t last, bool extended = false);
    /// Gone without a word.
    void die();

    // What came.
    std::vector<Ack> acks;
    std::map<std::uint64_t, ReceivedBlock> blocks;
    std::vector<StreamPacket> refusals;
    std::vector<Bytes> test_packets;
    std::vector<ReceivedEvent> events;
    std::vector<Bytes> event_datagrams;
    std::uint64_t stream_packets = 0;
    bool keeps_payload = true;  // false: packets are counted and leaders are kept

    [[nodiscard]] std::size_t complete_blocks() const;
    [[nodiscard]] std::vector<std::uint64_t> timestamps() const;

  private:
    void on_control(ByteView datagram);
    void on_stream(ByteView datagram);
    void on_message(ByteView datagram);
    void beat(Time period);
    void ask_for_what_is_missing();

    VirtualCamera& network_;
    FakeClientOptions options_;
    std::uint16_t request_id_ = 0;
    Bytes last_command_;
    std::optional<emulator::sim::Scheduler::Ticket> heartbeat_, recovery_;
    std::uint64_t newest_block_ = 0;
    bool extended_ = false;
};

}  // namespace support
