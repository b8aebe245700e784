#include "tests/support/virtual_camera.h"

#include "emulator/acquisition/frame_timing.h"

namespace support {

using protocol::gvsp::Transmitter;

emulator::MadeFrame pretended_frame(const emulator::FrameRequest& request) {
    Bytes bytes(static_cast<std::size_t>(emulator::acquisition::image_bytes(request.settings.image)));
    const auto first = static_cast<std::uint32_t>(request.number * 7 + request.settings.image.height);
    for (std::size_t i = 0; i < bytes.size(); ++i)
        bytes[i] = static_cast<std::uint8_t>(first + (i * 2'654'435'761 >> 13));
    return {std::move(bytes), {}};
}

VirtualCamera::VirtualCamera(const VirtualCameraOptions& options)
    : camera(options.profile, options.flash, scheduler, *this, *this),
      options_(options),
      loss_(options.profile.link.loss, static_cast<std::uint64_t>(options.profile.link.loss_seed)) {
    camera.set_address({.ip = kAddress.ip, .mask = 0xFFFF'FF00, .gateway = 0x0A00'0001});
    camera.set_source_ports(kStreamPort, kMessagePort);
}

void VirtualCamera::deliver(ByteView datagram, std::uint16_t from_port, Endpoint to) {
    const auto found = listeners_.find(key(to));
    if (found == listeners_.end()) return;
    const auto receive = found->second;  // It may leave while it receives.
    receive(datagram, {.ip = camera.device.ip.ip, .port = from_port});
}

void VirtualCamera::send(const protocol::gvcp::Reply& reply) {
    if (reply.broadcast) {
        broadcasts.push_back(reply);
    } else {
        deliver(reply.datagram, protocol::gvcp::kPort, reply.to);
    }
}

void VirtualCamera::send_message(const Bytes& datagram, Endpoint to) { deliver(datagram, kMessagePort, to); }

void VirtualCamera::open_stream(const protocol::StreamChannelSettings& target) {
    transmitter_.restart();
    target_ = target;
    arm();
}

void VirtualCamera::close_stream() {
    transmitter_.restart();
    target_ = {};
    arm();
}

void VirtualCamera::submit(protocol::gvsp::Block block, Time start, const Transmitter::Settings& settings) {
    if (target_.open()) transmitter_.submit(std::move(block), start, settings);
    arm();
}

void VirtualCamera::resend(const protocol::gvcp::Resend& asked, const Transmitter::Settings& settings) {
    transmitter_.resend(asked, settings);
    arm();
}

void VirtualCamera::send_test_packet(const Bytes& packet, const protocol::StreamChannelSettings& target) {
    if (packet.size() + 28 > options_.link_bytes_max) return;
    deliver(packet, kStreamPort, {.ip = target.destination_ip, .port = target.host_port});
}

void VirtualCamera::arm() {
    if (armed_) scheduler.cancel(*armed_);
    armed_.reset();
    if (const auto due = transmitter_.deadline()) armed_ = scheduler.at(*due, [this] { transmit(); });
}

void VirtualCamera::transmit() {
    armed_.reset();
    bool refused = false;
    for (const auto& outgoing : transmitter_.take(now())) {
        ++stream_packets;
        if (loss_.loses_next()) continue;
        const Endpoint to{.ip = outgoing.to_ip ? outgoing.to_ip : target_.destination_ip,
                          .port = target_.host_port};
        if (!listeners_.contains(key(to))) {
            refused = options_.refuses_when_deaf;
            continue;
        }
        deliver(outgoing.packet.flat(), kStreamPort, to);
    }
    if (refused) scheduler.after(100us, [this] { camera.stream_refused(); });
    arm();
}

std::optional<protocol::IpSettings> VirtualCamera::move_to(const protocol::IpSettings& ip) {
    if (!options_.lets_move) return std::nullopt;
    moved_to.push_back(ip);
    return ip;
}

std::optional<protocol::IpSettings> VirtualCamera::move_home(const protocol::NonVolatile&) {
    ++moved_home;
    return protocol::IpSettings{.ip = kAddress.ip, .mask = 0xFFFF'FF00, .gateway = 0x0A00'0001};
}

bool VirtualCamera::store(const emulator::Flash& flash) {
    if (options_.flash_works) stored.push_back(flash);
    return options_.flash_works;
}

void VirtualCamera::send_ptp(const protocol::ptp::Send& send) {
    said_by_ptp.push_back({now(), send});
    // It leaves at once, and that is known at once.
    if (send.ticket)
        scheduler.after(0ns, [this, ticket = *send.ticket, at = now()] { camera.ptp_sent(ticket, at); });
}

void VirtualCamera::make(const emulator::FrameRequest& request, const std::stop_token& stop,
                         std::function<void(std::optional<emulator::MadeFrame>)> done) {
    requests.push_back(request);
    if (options_.frame_work == Time::zero()) return done(options_.sensor(request));
    // One worker, one frame after the other.
    maker_free_ = std::max(maker_free_, now()) + options_.frame_work;
    scheduler.at(maker_free_, [this, request, stop, done = std::move(done)] {
        if (!stop.stop_requested()) return done(options_.sensor(request));
        ++cancelled;
        done(std::nullopt);
    });
}

}  // namespace support
