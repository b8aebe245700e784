#include "emulator/net/station.h"

#include <spdlog/spdlog.h>

#include <array>
#include <asio/post.hpp>
#include <system_error>
#include <utility>

#include "protocol/gvcp/format.h"

namespace emulator::net {
namespace {

constexpr std::uint32_t kEverybody = 0xFFFF'FFFF;

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

std::optional<std::string> Station::settle_at(const Interface& home) {
    home_ = home;
    return open_sockets(home);
}

std::unique_ptr<DatagramSocket> Station::control_socket() {
    return std::make_unique<DatagramSocket>(
        context_,
        [this](protocol::ByteView datagram, protocol::Endpoint from) { ears_.control(datagram, from); });
}

std::optional<std::string> Station::open_sockets(const Interface& at) {
    const auto ip = at.ip.ip;
    auto control = control_socket(), everybody = control_socket(), subnet = control_socket();
    auto message = std::make_unique<DatagramSocket>(
        context_,
        [this](protocol::ByteView datagram, protocol::Endpoint from) { ears_.message(datagram, from); });
    if (const auto error = control->open(ip, protocol::gvcp::kPort, false)) {
        return cannot("port 3956", dotted(ip), error) + " (another camera or client may have it)";
    }
    if (const auto error = message->open(ip, 0, false)) return cannot("a port for events", dotted(ip), error);
    // Without these the camera is still found by its address.
    if (const auto error = everybody->open(kEverybody, protocol::gvcp::kPort, true, at.name)) {
        spdlog::warn("{}", cannot("port 3956", "255.255.255.255", error));
    }
    if (at.broadcast != kEverybody && at.broadcast != ip) {
        if (const auto error = subnet->open(at.broadcast, protocol::gvcp::kPort, true, at.name)) {
            spdlog::warn("{}", cannot("port 3956", dotted(at.broadcast), error));
        }
    }
    try {
        const auto refused = [this] { asio::post(context_, [this] { ears_.stream_refused(); }); };
        const auto lost = [this](std::uint64_t block_id, acquisition::DropCause cause) {
            asio::post(context_, [this, block_id, cause] { ears_.block_lost(block_id, cause); });
        };
        stream_ = std::make_unique<StreamSender>(StreamSender::Options{
            .interface = at, .link = link_, .wall = wall_, .refused = refused, .lost = lost});
    } catch (const std::system_error& error) {
        return error.what();
    }
    here_ = at;
    // One of the old sockets may be delivering the very datagram that moves the camera, and others may have
    // received what is not yet delivered: they close now, so that nothing more comes, and go when all that is
    // done.
    for (auto* old : {&control_, &everybody_, &subnet_, &message_}) {
        if (*old) (*old)->close();
    }
    asio::post(context_, [old = std::array{std::move(control_), std::move(everybody_), std::move(subnet_),
                                           std::move(message_)}] {});
    control_ = std::move(control);
    everybody_ = std::move(everybody);
    subnet_ = std::move(subnet);
    message_ = std::move(message);
    ears_.ports_changed(stream_->port(), message_->port());
    open_ptp();
    return std::nullopt;
}

// A host that does not let us is told once; the camera then hears nobody, and is the master of itself.
void Station::open_ptp() {
    if (ptp_) {
        ptp_->close();
        asio::post(context_, [old = std::move(ptp_)] {});  // It may be delivering.
    }
    if (!ptp_wanted_ || here_.name.empty()) return;
    ptp_ = std::make_unique<PtpSockets>(context_, wall_, ears_.ptp);
    const auto error = ptp_->open(here_);
    if (!error) return;
    ptp_.reset();
    if (std::exchange(ptp_refused_, true)) return;
    spdlog::warn(
        "the camera keeps its own time, because it cannot open ports 319 and 320 of PTP ({}): run it as "
        "root, give it the right by \"setcap cap_net_bind_service+ep\", or start it with "
        "--set PtpEnable=false",
        error.message());
}

void Station::close() {
    stream_.reset();
    ptp_.reset();
    for (auto* socket : {&control_, &message_, &everybody_, &subnet_}) socket->reset();
}

void Station::send(const protocol::gvcp::Reply& reply) {
    if (!control_) return;
    if (reply.broadcast) {
        control_->send_broadcast(reply.datagram, reply.to.port, here_.name);
    } else {
        control_->send(reply.datagram, reply.to);
    }
}

void Station::send_message(const protocol::Bytes& datagram, protocol::Endpoint to) {
    if (message_) message_->send(datagram, to);
}

void Station::open_stream(const protocol::StreamChannelSettings& target) { stream_->open(target); }
void Station::close_stream() {
    if (stream_) stream_->close();
}

void Station::submit(protocol::gvsp::Block block, Time start,
                     const protocol::gvsp::Transmitter::Settings& settings) {
    stream_->submit(std::move(block), start, settings);
}

void Station::abandon_waiting() {
    if (stream_) stream_->abandon_waiting();
}

void Station::resend(const protocol::gvcp::Resend& asked,
                     const protocol::gvsp::Transmitter::Settings& settings) {
    stream_->resend(asked, settings);
}

void Station::send_test_packet(const protocol::Bytes& packet, const protocol::StreamChannelSettings& target) {
    stream_->send_test_packet(packet, target);
}

std::optional<protocol::IpSettings> Station::move_to(const protocol::IpSettings& wanted) {
    if (wanted.ip == here_.ip.ip) return here_.ip;
    auto there = interface_with(wanted.ip);
    if (!there && add_address(here_.name, wanted)) there = interface_with(wanted.ip);
    if (!there) {
        spdlog::warn("this host does not let the camera have the address {}", dotted(wanted.ip));
        return std::nullopt;
    }
    if (!there->loopback) there->ip = wanted;
    if (const auto sentence = open_sockets(*there)) {
        spdlog::warn("{}", *sentence);
        return std::nullopt;
    }
    spdlog::info("the camera is at {} now", dotted(wanted.ip));
    return there->ip;
}

std::optional<protocol::IpSettings> Station::move_home(const protocol::NonVolatile& values) {
    const bool persistent =
        (values.ip_configuration & protocol::kPersistentIp) && values.persistent_ip.ip != 0;
    if (persistent) {
        if (const auto moved = move_to(values.persistent_ip)) return moved;
    }
    return move_to(home_.ip);
}

void Station::listen_to_ptp(bool wanted) {
    ptp_wanted_ = wanted;
    open_ptp();
}

void Station::send_ptp(const protocol::ptp::Send& send) {
    if (ptp_) ptp_->send(send);
}

void Station::ptp_changed(const protocol::ptp::Port& port) {
    if (std::exchange(ptp_state_, port.state()) != port.state())
        spdlog::info("ptp: {}, the time is that of {:016x}", name_of(port.state()), port.grandmaster());
    if (port.follows())
        spdlog::debug("ptp: offset {} ns from {:016x}, path delay {} ns, rate {:.1f} ppb",
                      port.offset().count(), port.parent().clock, port.path_delay().count(), port.rate_ppb());
}

bool Station::store(const Flash& flash) {
    const bool kept = store_.save(flash);
    if (!kept) spdlog::error("the camera's memory could not be written to the state directory");
    return kept;
}

}  // namespace emulator::net
