#pragma once

#include <functional>
#include <map>
#include <optional>

#include "emulator/camera/camera.h"
#include "emulator/faults/faulty_transport.h"
#include "emulator/net/stream_channel.h"
#include "emulator/sim/time_control.h"
#include "protocol/time.h"
#include "tests/support/virtual_stream_socket.h"

namespace support {

using protocol::Bytes;
using protocol::ByteView;
using protocol::Endpoint;
using protocol::Time;
using protocol::Timestamp;
using namespace std::chrono_literals;

/// Power-up settings with an image so small that a frame costs nothing, and nothing automatic.
[[nodiscard]] inline emulator::Profile small_profile() {
    emulator::Profile profile;
    profile.power_up.image.width = 528;
    profile.power_up.image.height = 64;
    profile.power_up.exposure.time_us = 1000;
    auto& automatic = profile.power_up.automatic;
    automatic.exposure.exposure = automatic.exposure.gain = false;
    automatic.balance.automatic = emulator::auto_functions::BalanceAuto::off;
    return profile;
}

/// The bytes that a pretended sensor makes of a request: quick, and different from frame to frame. It answers
/// no questions.
[[nodiscard]] emulator::MadeFrame pretended_frame(const emulator::FrameRequest&);

struct VirtualCameraOptions {
    emulator::Profile profile = small_profile();
    std::function<emulator::MadeFrame(const emulator::FrameRequest&)> sensor = pretended_frame;
    emulator::Flash flash = {};
    bool flash_works = true;             // what it keeps can be written
    Time flash_work{0};                  // what that takes
    Time frame_work{0};                  // what the making of a frame takes
    bool refuses_when_deaf = false;      // stream packets to a port without listener come back as ICMP errors
    bool offload = false;                // segmentation offload of stream packets
    bool lets_move = true;               // the host lets the camera have another address
    std::size_t link_bytes_max = 16364;  // larger IP packets do not fit the link
    std::uint32_t ip = 0x0A000063;

    // Who carries what leaves, and keeps what is stored, in place of listeners and records here.
    std::function<void(ByteView, Endpoint from, Endpoint to)> carry = {};
    std::function<void(const protocol::ptp::Send&)> carry_ptp = {};
    std::function<bool(const emulator::Flash&)> keep = {};  // whether it is kept
};

/// A camera in a pretended network and in virtual time. Datagrams reach whoever listens at their destination
/// at the very moment at which they are sent.
class VirtualCamera final : emulator::Transport, emulator::FrameMaker {
  public:
    using Receive = std::function<void(ByteView, Endpoint from)>;
    static constexpr Endpoint kAddress{.ip = 0x0A000063, .port = 3956};
    static constexpr std::uint16_t kStreamPort = 40001, kMessagePort = 40002;

    explicit VirtualCamera(const VirtualCameraOptions& options = {});

    void run_for(Time time) { run_until(host.now() + time); }
    /// In host time.
    void run_until(Time time);
    /// In camera time, which is host time until something else is wanted of `time`.
    [[nodiscard]] Time now() const { return scheduler.now(); }
    void listen(Endpoint at, Receive receive) { listeners_[key(at)] = std::move(receive); }
    void leave(Endpoint at) { listeners_.erase(key(at)); }

    /// The bytes that the sensor makes of a request.
    [[nodiscard]] Bytes picture(const emulator::FrameRequest& request) const {
        return options_.sensor(request).payload;
    }

    /// What the sender counted.
    [[nodiscard]] emulator::net::StreamCounts::Values sent() const { return stream_counts_.values(); }

    std::vector<lens_model::State> expected;  // what may be rendered ahead, in the order of the calls
    emulator::sim::TimeControl time;
    emulator::sim::Scheduler &scheduler = time.camera(), &host = time.host();
    VirtualStreamSocket stream_socket;
    emulator::faults::Faults faults;

  private:
    emulator::faults::FaultyTransport transport_;

  public:
    emulator::Camera camera;

    // Calls of the camera to its transport.
    std::vector<emulator::Flash> stored;
    std::vector<protocol::IpSettings> moved_to;
    int moved_home = 0;
    std::vector<emulator::FrameRequest> requests;
    int cancelled = 0;                 // frames
    std::uint64_t stream_packets = 0;  // that left
    Time sender_sleeps_until{};        // as a thread that the host does not run
    std::function<void(const std::vector<emulator::net::BlockSent>&)> on_sent = [](const auto&) {};
    std::vector<protocol::gvcp::Reply> broadcasts;
    struct PtpMessage {
        Time at{};
        protocol::ptp::Send what;
    };
    std::vector<PtpMessage> said_by_ptp;

  private:
    static std::uint64_t key(Endpoint at) { return std::uint64_t{at.ip} << 16 | at.port; }
    void deliver(ByteView datagram, std::uint16_t from_port, Endpoint to);
    bool deliver_stream(ByteView datagram, Endpoint to);
    void arm();
    void lost(std::uint64_t block_id, emulator::acquisition::DropCause);
    void cut_off(const std::vector<std::uint64_t>& frames);

    void send(const protocol::gvcp::Reply&) override;
    void send_message(const Bytes&, Endpoint to) override;
    void open_stream(const protocol::StreamChannelSettings&) override;
    void close_stream() override;
    void set_faults(const emulator::faults::StreamFaults& faults) override;
    void submit(protocol::gvsp::Block, Time start, const protocol::gvsp::Transmitter::Settings&) override;
    void abandon_waiting() override;
    [[nodiscard]] bool sending() const override { return !stream_.all_sent(); }
    void resend(const protocol::gvcp::Resend&, const protocol::gvsp::Transmitter::Settings&) override;
    void send_test_packet(const Bytes&, const protocol::StreamChannelSettings&) override;
    protocol::Result<protocol::IpSettings> move_to(const protocol::IpSettings&) override;
    std::optional<protocol::IpSettings> move_home(const protocol::NonVolatile&) override;
    void store(const emulator::Flash&, std::function<void(bool kept)> done) override;
    void listen_to_ptp(bool) override {}
    void send_ptp(const protocol::ptp::Send&) override;
    void ptp_changed(const protocol::ptp::Port&) override {}
    void make(const emulator::FrameRequest&, const std::stop_token&,
              std::function<void(std::optional<emulator::MadeFrame>)> done) override;
    void expect(const std::shared_ptr<const scenes::World>&, const lens_model::State& lens,
                Timestamp) override {
        expected.push_back(lens);
    }

    VirtualCameraOptions options_;
    std::map<std::uint64_t, Receive> listeners_;
    emulator::net::StreamCounts stream_counts_;
    emulator::net::StreamChannel stream_;
    std::optional<emulator::sim::Scheduler::Ticket> armed_;
    Time maker_free_{};
};

}  // namespace support
