#pragma once

#include "emulator/camera/transport.h"
#include "emulator/imaging/frame_request.h"

namespace emulator {

/// Transport that drops everything, and a frame maker that makes nothing: for `--features`, `--xml` and the
/// like.
class NullTransport final : public Transport, public FrameMaker {
  public:
    void send(const protocol::gvcp::Reply&) override {}
    void send_message(const protocol::Bytes&, protocol::Endpoint) override {}
    void open_stream(const protocol::StreamChannelSettings&) override {}
    void close_stream() override {}
    void set_faults(const faults::StreamFaults&) override {}
    void submit(protocol::gvsp::Block, Time, const protocol::gvsp::Transmitter::Settings&) override {}
    void abandon_waiting() override {}
    [[nodiscard]] bool sending() const override { return false; }
    void resend(const protocol::gvcp::Resend&, const protocol::gvsp::Transmitter::Settings&) override {}
    void send_test_packet(const protocol::Bytes&, const protocol::StreamChannelSettings&) override {}
    protocol::Result<protocol::IpSettings> move_to(const protocol::IpSettings&) override {
        return protocol::Status::error;
    }
    std::optional<protocol::IpSettings> move_home(const protocol::NonVolatile&) override {
        return std::nullopt;
    }
    void store(const Flash&, std::function<void(bool)> done) override { done(true); }
    void listen_to_ptp(bool) override {}
    void send_ptp(const protocol::ptp::Send&) override {}
    void ptp_changed(const protocol::ptp::Port&) override {}
    void make(const FrameRequest&, const std::stop_token&,
              std::function<void(std::optional<MadeFrame>)>) override {}
    void expect(const std::shared_ptr<const scenes::World>&, const lens_model::State&,
                protocol::Timestamp) override {}
};

}  // namespace emulator
