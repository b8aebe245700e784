#include "emulator/net/network_transport.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <asio/post.hpp>
#include <system_error>
#include <utility>

#include "emulator/net/host_network.h"
#include "emulator/net/place.h"
#include "protocol/gvcp/codec.h"

namespace emulator::net {
namespace {

std::string cannot(const std::string& what, const std::string& where, const std::error_code& error) {
    return "cannot open " + what + " at " + where + ": " + error.message();
}

const char* name_of(protocol::ptp::State state) {
    using protocol::ptp::State;
    switch (state) {
        case State::disabled:
            return "disabled";
        case State::master:
            return "master";
        case State::uncalibrated:
            return "uncalibrated";
        case State::slave:
            return "slave";
        default:
            return "listening";
    }
}

}  // namespace

std::unique_ptr<DatagramSocket> NetworkTransport::control_socket() {
    return std::make_unique<DatagramSocket>(
        context_,
        [this](protocol::ByteView datagram, protocol::Endpoint from) {
            const bool of_events = choice_.single_port && !protocol::gvcp::parse_command(datagram);
            (of_events ? handlers_.message : handlers_.control)(datagram, from);
        },
        tap_);
}

// Without it the camera is still found by its address.
std::unique_ptr<DatagramSocket> NetworkTransport::broadcast_socket(std::uint32_t ip, const Interface& there) {
    auto socket = control_socket();
    if (const auto error = socket->open_shared(ip, protocol::gvcp::kPort, there))
        warn(cannot("port 3956", dotted(ip) + " on " + there.name, error));
    return socket;
}

std::optional<NetworkTransport::Refusal> NetworkTransport::open_others(Sockets& sockets,
                                                                       const Interface& there) {
    if (!choice_.single_port) {
        sockets.message = std::make_unique<DatagramSocket>(
            context_,
            [this](protocol::ByteView datagram, protocol::Endpoint from) {
                handlers_.message(datagram, from);
            },
            tap_);
        if (const auto error = sockets.message->open(there.ip.ip, 0))
            return Refusal{cannot("a port for events", dotted(there.ip.ip), error)};
    }
    // Bound before, the control socket alone receives what comes to the port.
    sockets.control->share_port(choice_.single_port);
    try {
        sockets.stream = std::make_unique<StreamSender>(
            context_,
            StreamSender::Options{.interface = there,
                                  .port = choice_.single_port ? protocol::gvcp::kPort : std::uint16_t{0},
                                  .link = link_,
                                  .host_clock = host_clock_,
                                  .counts = &stream_counts_,
                                  .told = handlers_.stream,
                                  .all_sent = handlers_.stream_sent,
                                  .tap = tap_});
    } catch (const std::system_error& error) {
        return Refusal{error.what()};
    }
    sockets.control->share_port(false);
    sockets.stream->set_faults(faults_);
    sockets.everybody = broadcast_socket(kLimitedBroadcast, there);
    if (there.broadcast != kLimitedBroadcast) sockets.subnet = broadcast_socket(there.broadcast, there);
    return std::nullopt;
}

std::optional<NetworkTransport::Refusal> NetworkTransport::add(AddedAddress& added, const Interface& there) {
    const auto error = added.add(there);
    if (!error) return std::nullopt;
    if (error != std::errc::operation_not_permitted) return Refusal{error.message()};
    return Refusal{"adding it to " + there.name + " takes the right CAP_NET_ADMIN",
                   protocol::Status::access_denied};
}

std::optional<NetworkTransport::Refusal> NetworkTransport::go(const Interface& there, bool add) {
    if (!settled() || there.ip.ip != here_.ip.ip) return change_ip(there, add);
    if (there.ip.mask != here_.ip.mask) return change_mask(there);
    here_ = there;
    return std::nullopt;
}

// All connections stay as they are.
std::optional<NetworkTransport::Refusal> NetworkTransport::change_mask(const Interface& there) {
    AddedAddress added;
    if (auto refusal = add(added, there)) return refusal;
    added_ = std::move(added);
    retire(std::exchange(sockets_.subnet, nullptr));
    if (there.broadcast != kLimitedBroadcast) sockets_.subnet = broadcast_socket(there.broadcast, there);
    here_ = there;
    return std::nullopt;
}

// The control port is bound first, so that nothing is changed on the host for an address of another camera.
std::optional<NetworkTransport::Refusal> NetworkTransport::change_ip(const Interface& there, bool add_it) {
    Sockets sockets;
    AddedAddress added;
    sockets.control = control_socket();
    if (const auto error = sockets.control->open(there.ip.ip, protocol::gvcp::kPort))
        return Refusal{cannot("port 3956", dotted(there.ip.ip), error) +
                       " (another camera or client may have it)"};
    if (add_it) {
        if (auto refusal = add(added, there)) return refusal;
    }
    if (auto refusal = open_others(sockets, there)) return refusal;
    take_place(std::move(sockets), std::move(added), there);
    return std::nullopt;
}

void NetworkTransport::take_place(Sockets sockets, AddedAddress added, const Interface& there) {
    if (settled()) spdlog::info("the camera is at {} now", dotted(there.ip.ip));
    added_ = std::move(added);
    std::swap(sockets_, sockets);
    here_ = there;
    for (auto* old : {&sockets.control, &sockets.message, &sockets.everybody, &sockets.subnet})
        retire(std::move(*old));
    const auto& messages = choice_.single_port ? sockets_.control : sockets_.message;
    handlers_.ports_changed(sockets_.stream->port(), messages->port());
    open_ptp();
}

// A socket may be delivering the datagram that moves the camera: it is closed now, and destroyed after its
// pending handlers.
void NetworkTransport::retire(std::unique_ptr<DatagramSocket> socket) {
    if (!socket) return;
    socket->close();
    asio::post(context_, [old = std::move(socket)] {});
}

// Other hosts can cause these warnings, so at most one a second is logged.
void NetworkTransport::warn(const std::string& sentence) {
    const auto now = host_clock_.now();
    if (warned_ && now - *warned_ < std::chrono::seconds(1)) return;
    warned_ = now;
    spdlog::warn("{}", sentence);
}

// Without the right to bind, PTP does not run, and that is logged once.
void NetworkTransport::open_ptp() {
    if (ptp_) {
        ptp_->close();
        asio::post(context_, [old = std::move(ptp_)] {});  // It may be delivering.
    }
    if (!ptp_wanted_ || !settled()) return;
    ptp_ = std::make_unique<PtpSockets>(context_, host_clock_, handlers_.ptp, tap_);
    const auto error = ptp_->open(here_);
    if (error) ptp_.reset();
    handlers_.ptp_ports_opened(!error);
    if (!error || std::exchange(ptp_refused_, true)) return;
    spdlog::warn("{}", sentence(ptp_ports(error)));
}

void NetworkTransport::close() {
    if (saver_.joinable()) saver_.join();
    added_.remove();
    if (ptp_) ptp_->close();
    for (const auto* socket : {&sockets_.control, &sockets_.message, &sockets_.everybody, &sockets_.subnet}) {
        if (*socket) (*socket)->close();
    }
    handlers_.control = handlers_.message = [](protocol::ByteView, protocol::Endpoint) {};
    sockets_.stream.reset();
}

void NetworkTransport::send(const protocol::gvcp::Reply& reply) {
    if (!settled()) return;
    if (reply.broadcast) {
        sockets_.control->send_broadcast(reply.datagram, reply.to.port, here_);
    } else {
        sockets_.control->send(reply.datagram, reply.to);
    }
}

void NetworkTransport::send_message(const protocol::Bytes& datagram, protocol::Endpoint to) {
    const auto& socket = choice_.single_port ? sockets_.control : sockets_.message;
    if (socket) socket->send(datagram, to);
}

void NetworkTransport::open_stream(const protocol::StreamChannelSettings& target) {
    sockets_.stream->open(target);
}
void NetworkTransport::close_stream() {
    if (sockets_.stream) sockets_.stream->close();
}

void NetworkTransport::set_faults(const faults::StreamFaults& faults) {
    faults_ = faults;
    if (sockets_.stream) sockets_.stream->set_faults(faults);
}

void NetworkTransport::submit(protocol::gvsp::Block block, Time start,
                              const protocol::gvsp::Transmitter::Settings& settings) {
    handlers_.submitted(block);
    sockets_.stream->submit(std::move(block), time_.sent_at(start), settings);
}

void NetworkTransport::abandon_waiting() {
    if (sockets_.stream) sockets_.stream->abandon_waiting();
}

bool NetworkTransport::sending() const { return sockets_.stream && sockets_.stream->sending(); }

void NetworkTransport::resend(const protocol::gvcp::Resend& asked,
                              const protocol::gvsp::Transmitter::Settings& settings) {
    sockets_.stream->resend(asked, settings);
}

void NetworkTransport::send_test_packet(const protocol::Bytes& packet,
                                        const protocol::StreamChannelSettings& target) {
    sockets_.stream->send_test_packet(packet, target);
}

protocol::Result<protocol::IpSettings> NetworkTransport::move_to(const protocol::IpSettings& wanted) {
    if (settled() && wanted == here_.ip) return wanted;
    if (const auto refusal = leave_for(wanted)) {
        warn("the camera cannot take the address " + dotted(wanted.ip) + " on " + here_.name + ": " +
             refusal->why);
        return refusal->status;
    }
    return here_.ip;
}

std::optional<NetworkTransport::Refusal> NetworkTransport::leave_for(const protocol::IpSettings& wanted) {
    if (choice_.fixed) return Refusal{"it is kept by --fixed-address", protocol::Status::access_denied};
    remove_abandoned_addresses(wanted.ip);
    const auto host = host_network(here_.index);
    if (auto why = objection(wanted, here_, host)) return Refusal{std::move(*why)};
    auto there = here_;
    there.ip = wanted;
    there.broadcast = broadcast_of(wanted.ip, wanted.mask);
    const bool has = there.loopback || std::ranges::any_of(host.addresses, [&](const auto& one) {
                         return one.index == there.index && one.ip.ip == wanted.ip;
                     });
    return go(there, !has);
}

std::optional<protocol::IpSettings> NetworkTransport::move_home(const protocol::NonVolatile& values) {
    if (adopts_persistent(values)) {
        if (const auto moved = move_to(values.persistent_ip)) return *moved;
    }
    if (choice_.own != nullptr && !choice_.demanded && !choice_.fixed) {
        choice_.own->configure(values.ip_configuration);
        const auto found = choice_.own->address();
        if (found && move_to(*found)) return *found;
        if (choice_.interface.ip.ip == 0) {
            added_.remove();  // The lease has ended, and nothing is in its place yet.
            return std::nullopt;
        }
    }
    if (const auto refusal = go(choice_.interface, false)) {
        warn(refusal->why);
        return std::nullopt;
    }
    return here_.ip;
}

bool NetworkTransport::adopts_persistent(const protocol::NonVolatile& values) {
    const auto& home = choice_.interface.ip;
    const auto& persistent = values.persistent_ip;
    if (!(values.ip_configuration & protocol::kPersistentIp) || persistent.ip == home.ip) return false;
    const char* why = choice_.fixed      ? "--fixed-address keeps it at "
                      : choice_.demanded ? "--address outranks it, and says "
                      : !protocol::usable(persistent, home.ip)
                          ? "it is no valid host address of its subnet; the camera is at "
                          : nullptr;
    if (why)
        warn("the persistent address " + dotted(persistent.ip) + " is not adopted: " + why + dotted(home.ip));
    return !why;
}

void NetworkTransport::listen_to_ptp(bool wanted) {
    ptp_wanted_ = wanted;
    open_ptp();
}

void NetworkTransport::send_ptp(const protocol::ptp::Send& send) {
    if (ptp_) ptp_->send(send);
}

void NetworkTransport::ptp_changed(const protocol::ptp::Port& port) {
    const bool leads_or_follows = port.state() == protocol::ptp::State::master || port.follows();
    if (std::exchange(ptp_state_, port.state()) != port.state())
        spdlog::log(leads_or_follows ? spdlog::level::info : spdlog::level::debug,
                    "ptp: {}, grandmaster {:016x}", name_of(port.state()), port.grandmaster());
    if (port.follows())
        spdlog::debug("ptp: offset {} ns from {:016x}, path delay {} ns, rate {:.1f} ppb",
                      port.offset().count(), port.parent().clock, port.path_delay().count(), port.rate_ppb());
}

void NetworkTransport::store(const Flash& flash, std::function<void(bool kept)> done) {
    saver_ = std::jthread([this, flash, done = std::move(done)] {
        const bool kept = store_.save(flash);
        if (!kept) spdlog::error("the camera's memory could not be written to the state directory");
        asio::post(context_, [this, done, kept] { handlers_.saved(done, kept); });
    });
}

}  // namespace emulator::net
