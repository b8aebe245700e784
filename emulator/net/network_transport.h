#pragma once

#include <asio/io_context.hpp>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "emulator/camera/transport.h"
#include "emulator/net/added_address.h"
#include "emulator/net/address_client.h"
#include "emulator/net/datagram_socket.h"
#include "emulator/net/ptp_sockets.h"
#include "emulator/net/stream_sender.h"
#include "emulator/sim/time_control.h"
#include "emulator/storage/non_volatile_store.h"

namespace emulator::net {

/// Address chosen on the command line, and its precedence.
struct AddressChoice {
    Interface interface;
    bool demanded = false;         // takes precedence over the persistent address
    bool fixed = false;            // FORCEIP is denied
    bool single_port = false;      // stream and events leave from port 3956
    AddressClient* own = nullptr;  // finds the camera's own address; null: it has the interface's
};

/// Transport over UDP sockets: all sockets of the camera, at one address. An address that the host does not
/// have is added to it, and removed when the camera leaves it or ends.
///
/// Unicast commands come to a socket at the camera's own address, so that answers leave from there;
/// broadcasts come to others, which cameras of one host share.
class NetworkTransport final : public Transport {
  public:
    /// Handlers of received datagrams, called on the owner's thread.
    struct Handlers {
        DatagramSocket::Receive control, message;
        StreamChannel::Told stream;
        std::function<void()> stream_sent;  // all blocks
        /// A block is handed to the stream channel.
        std::function<void(const protocol::gvsp::Block&)> submitted = [](const auto&) {};
        std::function<void(std::uint16_t stream_port, std::uint16_t message_port)> ports_changed;
        PtpSockets::Handlers ptp;
        std::function<void(bool)> ptp_ports_opened;
        /// Delivers the result of a save.
        std::function<void(const std::function<void(bool kept)>& done, bool kept)> saved;
    };

    NetworkTransport(asio::io_context& context, const Link& link, const sim::HostClock& host_clock,
                     const sim::TimeControl& time, const NonVolatileStore& store, const AddressChoice& home,
                     PacketTap* tap = nullptr)
        : context_(context),
          link_(link),
          host_clock_(host_clock),
          time_(time),
          store_(store),
          tap_(tap),
          choice_(home),
          here_(home.interface) {}

    void listen(Handlers handlers) { handlers_ = std::move(handlers); }
    /// It has an address, and all sockets there; by `move_home` first.
    [[nodiscard]] bool settled() const { return sockets_.control != nullptr; }
    [[nodiscard]] const Interface& here() const { return here_; }
    [[nodiscard]] const StreamCounts& stream_counts() const { return stream_counts_; }
    /// Closes all sockets. Handlers that wait in the event loop still need it.
    void close();

    void send(const protocol::gvcp::Reply&) override;
    void send_message(const protocol::Bytes&, protocol::Endpoint to) override;
    void open_stream(const protocol::StreamChannelSettings&) override;
    void close_stream() override;
    void set_faults(const faults::StreamFaults&) override;
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
    /// All that is open at one address.
    struct Sockets {
        std::unique_ptr<DatagramSocket> control, message, everybody, subnet;
        std::unique_ptr<StreamSender> stream;
    };
    /// Why an address cannot be had.
    struct Refusal {
        std::string why;
        protocol::Status status = protocol::Status::error;
    };

    [[nodiscard]] bool adopts_persistent(const protocol::NonVolatile&);
    [[nodiscard]] std::optional<Refusal> leave_for(const protocol::IpSettings&);
    [[nodiscard]] std::optional<Refusal> go(const Interface& there, bool add);
    [[nodiscard]] std::optional<Refusal> change_mask(const Interface& there);
    [[nodiscard]] std::optional<Refusal> change_ip(const Interface& there, bool add);
    [[nodiscard]] static std::optional<Refusal> add(AddedAddress&, const Interface& there);
    [[nodiscard]] std::optional<Refusal> open_others(Sockets&, const Interface& there);
    void take_place(Sockets, AddedAddress, const Interface& there);
    [[nodiscard]] std::unique_ptr<DatagramSocket> control_socket();
    [[nodiscard]] std::unique_ptr<DatagramSocket> broadcast_socket(std::uint32_t ip, const Interface&);
    void retire(std::unique_ptr<DatagramSocket>);
    void warn(const std::string& sentence);
    void open_ptp();

    asio::io_context& context_;
    Link link_;
    sim::HostClock host_clock_;
    StreamCounts stream_counts_;
    const sim::TimeControl& time_;
    const NonVolatileStore& store_;
    PacketTap* tap_;  // of all sockets; null: none
    Handlers handlers_;
    AddressChoice choice_;
    Interface here_;
    Sockets sockets_;
    faults::StreamFaults faults_;
    AddedAddress added_;  // It goes before the socket that shows that it is in use.
    std::optional<Time> warned_;
    std::unique_ptr<PtpSockets> ptp_;
    bool ptp_wanted_ = false, ptp_refused_ = false;
    std::jthread saver_;  // the last save; there is one at a time
    protocol::ptp::State ptp_state_ = protocol::ptp::State::disabled;
};

}  // namespace emulator::net
