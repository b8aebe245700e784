#pragma once

#include <map>

#include "emulator/camera/transport.h"
#include "emulator/faults/faults.h"

namespace emulator::faults {

/// Transport with faults between the camera and another one.
class FaultyTransport final : public Transport {
  public:
    /// Answers that are held at a time; more are lost.
    static constexpr std::size_t kAnswersHeld = 1024;

    FaultyTransport(Transport& network, Faults& faults, sim::Scheduler& host)
        : network_(network), faults_(faults), host_(host) {}

    void send(const protocol::gvcp::Reply&) override;
    void send_message(const protocol::Bytes&, protocol::Endpoint to) override;
    void open_stream(const protocol::StreamChannelSettings&) override;
    void close_stream() override;
    void set_faults(const StreamFaults&) override;
    void submit(protocol::gvsp::Block, Time start, const protocol::gvsp::Transmitter::Settings&) override;
    void abandon_waiting() override;
    [[nodiscard]] bool sending() const override;
    void resend(const protocol::gvcp::Resend&, const protocol::gvsp::Transmitter::Settings&) override;
    void send_test_packet(const protocol::Bytes&, const protocol::StreamChannelSettings&) override;
    protocol::Result<protocol::IpSettings> move_to(const protocol::IpSettings&) override;
    std::optional<protocol::IpSettings> move_home(const protocol::NonVolatile&) override;
    void store(const Flash&, std::function<void(bool kept)> done) override;
    void listen_to_ptp(bool) override;
    void send_ptp(const protocol::ptp::Send&) override;
    void ptp_changed(const protocol::ptp::Port&) override;

  private:
    struct Behind {
        protocol::gvcp::Reply reply;
        std::uint32_t behind = 0;
        sim::Scheduler::Ticket latest;
    };
    void hold(const ReplyFate&);
    void send_late(const ReplyFate&);
    void leave(const protocol::gvcp::Reply&);

    Transport& network_;
    Faults& faults_;
    sim::Scheduler& host_;
    std::map<std::uint64_t, Behind> behind_;  // answers that wait until others have left
    std::uint64_t held_ = 0;                  // so many were held
    std::size_t late_ = 0;                    // answers within their delay
};

}  // namespace emulator::faults
