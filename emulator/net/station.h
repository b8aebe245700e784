#pragma once

#include <asio/io_context.hpp>
#include <functional>
#include <memory>
#include <string>

#include "emulator/net/datagram_socket.h"
#include "emulator/net/ptp_sockets.h"
#include "emulator/net/stream_sender.h"
#include "emulator/non_volatile_store.h"
#include "emulator/outside.h"

namespace emulator::net {

/// The camera's place on the network: all of its sockets, at one address.
///
/// Unicast commands come to a socket at the camera's own address, so that answers leave from there;
/// broadcasts come to others, which cameras of one host share.
class Station final : public Outside {
  public:
    /// What happens to datagrams; called on the owner's thread.
    struct Ears {
        DatagramSocket::Receive control, message;
        std::function<void()> stream_refused;
        std::function<void(std::uint64_t block_id, acquisition::DropCause)> block_lost;
        std::function<void(std::uint16_t stream_port, std::uint16_t message_port)> ports_changed;
        PtpSockets::Ears ptp;
    };

    Station(asio::io_context& context, const Link& link, const sim::Wall& wall, NonVolatileStore& store)
        : context_(context), link_(link), wall_(wall), store_(store) {}

    void listen(Ears ears) { ears_ = std::move(ears); }
    /// Opens everything at this address. What is returned is a sentence that says why it cannot, or nothing.
    [[nodiscard]] std::optional<std::string> settle_at(const Interface& home);
    void close();

    void send(const protocol::gvcp::Reply&) override;
    void send_message(const protocol::Bytes&, protocol::Endpoint to) override;
    void open_stream(const protocol::StreamChannelSettings&) override;
    void close_stream() override;
    void submit(protocol::gvsp::Block, Time start, const protocol::gvsp::Transmitter::Settings&) override;
    void abandon_waiting() override;
    void resend(const protocol::gvcp::Resend&, const protocol::gvsp::Transmitter::Settings&) override;
    void send_test_packet(const protocol::Bytes&, const protocol::StreamChannelSettings&) override;
    std::optional<protocol::IpSettings> move_to(const protocol::IpSettings&) override;
    std::optional<protocol::IpSettings> move_home(const protocol::NonVolatile&) override;
    bool store(const Flash&) override;
    void listen_to_ptp(bool) override;
    void send_ptp(const protocol::ptp::Send&) override;
    void ptp_changed(const protocol::ptp::Port&) override;

  private:
    [[nodiscard]] std::optional<std::string> open_sockets(const Interface&);
    [[nodiscard]] std::unique_ptr<DatagramSocket> control_socket();
    void open_ptp();

    asio::io_context& context_;
    Link link_;
    sim::Wall wall_;
    NonVolatileStore& store_;
    Ears ears_;
    Interface home_, here_;
    std::unique_ptr<DatagramSocket> control_, message_, everybody_, subnet_;
    std::unique_ptr<StreamSender> stream_;
    std::unique_ptr<PtpSockets> ptp_;
    bool ptp_wanted_ = false, ptp_refused_ = false;
    protocol::ptp::State ptp_state_ = protocol::ptp::State::disabled;
};

}  // namespace emulator::net
