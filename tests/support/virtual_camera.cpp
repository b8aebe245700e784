#include "tests/support/virtual_camera.h"

#include "emulator/acquisition/frame_timing.h"

namespace support {

using emulator::acquisition::DropCause;
using protocol::gvsp::Transmitter;

emulator::MadeFrame pretended_frame(const emulator::FrameRequest& request) {
    Bytes bytes(static_cast<std::size_t>(emulator::acquisition::image_bytes(request.settings.image)));
    const auto first = static_cast<std::uint32_t>(request.number * 7 + request.settings.image.height);
    for (std::size_t i = 0; i < bytes.size(); ++i)
        bytes[i] = static_cast<std::uint8_t>(first + (i * 2'654'435'761 >> 13));
    return {std::move(bytes), {}};
}

VirtualCamera::VirtualCamera(const VirtualCameraOptions& options)
    : stream_socket(options.link_bytes_max,
                    [this](ByteView datagram, Endpoint to) { return deliver_stream(datagram, to); }),
      faults(time, [this](const auto& stream) { set_faults(stream); }),
      transport_(*this, faults, host),
      camera(options.profile, options.flash, time, transport_, *this),
      options_(options),
      stream_(stream_socket, options.offload, stream_counts_,
              {.refused = [this] { host.after(100us, [this] { camera.stream_refused(); }); },
               .unreachable = [this](int error) { camera.stream_unreachable(error); },
               .lost = [this](std::uint64_t id, DropCause cause) { lost(id, cause); },
               .cut_off = [this](const auto& frames) { cut_off(frames); },
               .sent = [this](const auto& blocks) { on_sent(blocks); }}) {
    stream_socket.reports_refusals = options.refuses_when_deaf;
    faults.attach(camera);
    camera.restart_ip_configuration();
    for (const auto& fault : options.profile.faults) faults.add(nlohmann::json::parse(fault));
    moved_home = 0;
    camera.set_source_ports(kStreamPort, kMessagePort);
}

void VirtualCamera::run_until(Time end) {
    for (auto next = time.next(); next && *next <= end; next = time.next()) time.run_until(*next);
    time.run_until(end);
}

void VirtualCamera::deliver(ByteView datagram, std::uint16_t from_port, Endpoint to) {
    const Endpoint from{.ip = camera.device.ip.ip, .port = from_port};
    if (options_.carry) return options_.carry(datagram, from, to);
    const auto found = listeners_.find(key(to));
    if (found == listeners_.end()) return;
    const auto receive = found->second;  // It may leave while it receives.
    receive(datagram, from);
}

void VirtualCamera::send(const protocol::gvcp::Reply& reply) {
    if (reply.broadcast) {
        broadcasts.push_back(reply);
    } else {
        deliver(reply.datagram, protocol::gvcp::kPort, reply.to);
    }
}

void VirtualCamera::send_message(const Bytes& datagram, Endpoint to) { deliver(datagram, kMessagePort, to); }

bool VirtualCamera::deliver_stream(ByteView datagram, Endpoint to) {
    ++stream_packets;
    deliver(datagram, kStreamPort, to);
    return options_.carry || listeners_.contains(key(to));
}

void VirtualCamera::open_stream(const protocol::StreamChannelSettings& target) {
    stream_.open(target);
    arm();
}

void VirtualCamera::close_stream() {
    stream_.close();
    arm();
}

void VirtualCamera::set_faults(const emulator::faults::StreamFaults& faults_now) {
    stream_.set_faults(faults_now);
    arm();
}

void VirtualCamera::submit(protocol::gvsp::Block block, Time start, const Transmitter::Settings& settings) {
    stream_.submit(std::move(block), time.sent_at(start), settings);
    arm();
}

void VirtualCamera::abandon_waiting() {
    stream_.abandon_waiting();
    arm();
}

// The sender is another thread: its reports come later.
void VirtualCamera::lost(std::uint64_t block_id, DropCause cause) {
    host.after(0ns, [this, block_id, cause] { camera.block_lost(block_id, cause); });
}

void VirtualCamera::cut_off(const std::vector<std::uint64_t>& frames) {
    host.after(0ns, [this, frames] { camera.frames_cut_off(frames); });
}

void VirtualCamera::resend(const protocol::gvcp::Resend& asked, const Transmitter::Settings& settings) {
    stream_.resend(asked, settings, host.now());
    arm();
}

void VirtualCamera::send_test_packet(const Bytes& packet, const protocol::StreamChannelSettings& target) {
    stream_.send_test_packet(packet, target);
}

void VirtualCamera::arm() {
    if (armed_) host.cancel(*armed_);
    armed_.reset();
    const auto due = stream_.deadline();
    if (!due) return;
    armed_ = host.at(std::max(*due, sender_sleeps_until), [this] {
        armed_.reset();
        stream_.send_due(host.now());
        arm();
    });
}

protocol::Result<protocol::IpSettings> VirtualCamera::move_to(const protocol::IpSettings& ip) {
    if (!options_.lets_move) return protocol::Status::error;
    moved_to.push_back(ip);
    if (ip.ip != camera.device.ip.ip) close_stream();  // What was open there is not open here.
    return ip;
}

std::optional<protocol::IpSettings> VirtualCamera::move_home(const protocol::NonVolatile&) {
    ++moved_home;
    return protocol::IpSettings{.ip = options_.ip, .mask = 0xFFFF'FF00, .gateway = 0x0A00'0001};
}

void VirtualCamera::store(const emulator::Flash& flash, std::function<void(bool kept)> done) {
    const auto write = [this, flash, done = std::move(done)] {
        if (options_.keep) return done(options_.keep(flash));
        if (options_.flash_works) stored.push_back(flash);
        done(options_.flash_works);
    };
    if (options_.flash_work == Time::zero()) return write();
    host.after(options_.flash_work, write);
}

void VirtualCamera::send_ptp(const protocol::ptp::Send& send) {
    options_.carry_ptp ? options_.carry_ptp(send) : said_by_ptp.push_back({now(), send});
    // It leaves at once, and that is known at once.
    if (send.ticket)
        scheduler.after(0ns, [this, ticket = *send.ticket, at = now()] { camera.ptp().sent(ticket, at); });
}

void VirtualCamera::make(const emulator::FrameRequest& request, const std::stop_token& stop,
                         std::function<void(std::optional<emulator::MadeFrame>)> done) {
    requests.push_back(request);
    if (options_.frame_work == Time::zero()) return done(options_.sensor(request));
    // One worker, one frame after the other.
    maker_free_ = std::max(maker_free_, host.now()) + options_.frame_work;
    host.at(maker_free_, [this, request, stop, done = std::move(done)] {
        if (!stop.stop_requested()) return done(options_.sensor(request));
        ++cancelled;
        done(std::nullopt);
    });
}

}  // namespace support
