#include "tests/world/observed_camera.h"

#include <algorithm>
#include <cerrno>
#include <utility>

namespace world {
namespace {

constexpr std::uint16_t kStreamSource = support::VirtualCamera::kStreamPort,
                        kEventSource = support::VirtualCamera::kMessagePort;
/// Datagrams that a socket keeps for a program that is stalled.
constexpr std::size_t kSocketBuffer = 64;
/// So long after a full send buffer, packets may be missing that were to be sent again.
constexpr Time kTrouble = 5s;

}  // namespace

ObservedCamera::ObservedCamera(Network& network, const Options& options, CarryPtp carry_ptp, Master master)
    : network_(network),
      options_(options),
      carry_ptp_(std::move(carry_ptp)),
      master_(std::move(master)),
      dice_(options.seed),
      disk_(options.seed + 1, [this] { power_fails(); }),
      store_("/state", options.serial, disk_),
      oscillator_({.drift_ppm = options.drift_ppm, .wander_ppb = 0}),
      scene_{.serial = options.serial, .home_ip = options.ip},
      control_law_(scene_),
      register_law_(scene_),
      reply_law_(scene_),
      action_law_(scene_),
      stream_law_(scene_),
      resend_law_(scene_, stream_law_),
      event_law_(scene_),
      save_law_(scene_, register_law_),
      clock_law_(scene_, stream_law_, event_law_, [this] { return master_ahead(); }),
      laws_{&control_law_, &register_law_, &reply_law_, &action_law_, &stream_law_,
            &resend_law_,  &event_law_,    &save_law_,  &clock_law_} {
    power_up();
}

void ObservedCamera::attach(std::uint32_t ip) {
    if (ip == ip_) return;
    network_.leave(address());
    network_.leave({ip_, kEventSource});
    ip_ = ip;
    network_.listen(address(), [this](ByteView datagram, Endpoint from) { arrive(datagram, from, false); });
    network_.listen({ip_, kEventSource},
                    [this](ByteView datagram, Endpoint from) { arrive(datagram, from, true); });
    network_.on_unreachable({ip_, kStreamSource},
                            [this](ByteView quoted, Endpoint to) { unreachable(quoted, to); });
}

support::VirtualCameraOptions ObservedCamera::camera_options(const emulator::Flash& flash) {
    support::VirtualCameraOptions camera;
    camera.profile.serial = options_.serial;
    camera.profile.power_up.image.height = 4;
    camera.profile.power_up.trigger.on = true;
    camera.profile.power_up.ptp_enabled = true;
    camera.flash = flash;
    camera.flash_work = options_.flash_work;
    camera.frame_work = options_.frame_work;
    camera.ip = options_.ip;
    camera.sensor = [this](const emulator::FrameRequest& request) {
        auto frame = support::pretended_frame(request);
        tell([&](Law& law) { law.makes(request, frame.payload); });
        return frame;
    };
    camera.carry = [this](ByteView datagram, Endpoint from, Endpoint to) { leave(datagram, from, to); };
    camera.carry_ptp = [this](const protocol::ptp::Send& send) { carry_ptp_(send.datagram); };
    camera.keep = [this](const emulator::Flash& content) {
        tell([&](Law& law) { law.stores(content); });
        const bool kept = store_.save(content);
        if (!dying_) tell([&](Law& law) { law.stored(kept); });
        if (!dying_ && kept) save_law_.reads_back(store_.load());
        return kept;
    };
    return camera;
}

void ObservedCamera::power_up() {
    network_.journal().note(options_.serial + " has power");
    powered_at_ = true_now();
    const auto flash = store_.load();
    save_law_.finds(flash);
    scene_.slack = {};
    scene_.send_failures = 0;
    scene_.sending_fails_until = {};
    camera_ = std::make_unique<support::VirtualCamera>(camera_options(flash));
    scene_.camera = camera_.get();
    ++power_ups_;
    camera_->camera.watch(*this);
    mac_ = camera_->camera.device.identity.mac;
    attach(options_.ip);
    dying_ = booting_ = false;
    tell([](Law& law) { law.starts(); });
}

void ObservedCamera::cut_power(Time off_for) {
    if (!has_power()) return;
    network_.journal().note(options_.serial + " loses power");
    blocks_ += stream_law_.complete();
    camera_.reset();
    scene_.camera = nullptr;
    waiting_.clear();
    stalled_until_ = {};
    disk_.lose_power();
    network_.scheduler().after(off_for, [this] {
        if (!has_power()) power_up();
    });
}

// In the middle of a step of the disk: nothing leaves any more, and the rest follows once the camera's code
// has returned.
void ObservedCamera::power_fails() {
    dying_ = true;
    network_.scheduler().after(0ns, [this, power_ups = power_ups_] {
        if (power_ups == power_ups_) cut_power(2s);
    });
}

std::optional<Time> ObservedCamera::due() const {
    if (!has_power() || dying_) return std::nullopt;
    if (true_now() < stalled_until_) return stalled_until_;
    const auto next = camera_->time.next();
    if (!next) return std::nullopt;
    return std::max(true_now(), powered_at_ + oscillator_.host_at(*next));
}

void ObservedCamera::run_until(Time true_time) {
    if (!has_power() || dying_ || true_time < stalled_until_) return;
    const auto end = local(true_time);
    for (auto next = camera_->time.next(); next && *next <= end && !dying_; next = camera_->time.next()) {
        camera_->run_until(*next);
        settle();
    }
    if (dying_) return;
    camera_->run_until(end);
    settle();
    while (!waiting_.empty() && has_power() && !dying_) {
        const auto datagram = std::move(waiting_.front());
        waiting_.pop_front();
        hear(datagram);
    }
}

void ObservedCamera::settle() {
    if (dying_) return;
    if (!std::exchange(booting_, camera_->camera.booting()) && booting_) {
        network_.journal().note(options_.serial + " is reset");
        tell([](Law& law) { law.starts(); });
    }
    attach(camera_->camera.device.ip.ip);
    if (camera_->stream_socket.faults.unsent_messages > 0)
        scene_.sending_fails_until = scene_.now() + kTrouble;
    tell([](Law& law) { law.settles(); });
    // Records of the harness.
    camera_->requests.clear();
    camera_->broadcasts.clear();
    camera_->expected.clear();
}

void ObservedCamera::stall(Time time) {
    if (!has_power()) return;
    network_.journal().note(options_.serial + ": its host stalls");
    run_until(true_now());
    stalled_until_ = std::max(stalled_until_, true_now() + time);
    scene_.slack = std::max(scene_.slack, local(stalled_until_) + 1s);
}

void ObservedCamera::stall_sender(Time time) {
    if (!has_power()) return;
    network_.journal().note(options_.serial + ": its sender stalls");
    camera_->sender_sleeps_until = local(true_now() + time);
    scene_.slack = std::max(scene_.slack, camera_->sender_sleeps_until + 1s);
}

void ObservedCamera::fill_send_buffer(int packets) {
    if (!has_power()) return;
    camera_->stream_socket.faults.send_error = ENOBUFS;
    camera_->stream_socket.faults.unsent_messages += packets;
    scene_.sending_fails_until = now() + kTrouble;
    scene_.send_failures += static_cast<std::uint64_t>(packets);
}

void ObservedCamera::begin_before_wrap(std::uint32_t blocks) {
    if (!has_power()) return;
    run_until(true_now());
    emulator::Disturbance disturbance;
    disturbance.blocks_before_wrap = blocks;
    camera_->camera.disturb(disturbance);
    const auto& stream = camera_->camera.device.stream;
    if (stream.open()) stream_law_.ids_jump((stream.extended_ids ? UINT64_MAX : 0xFFFF) - blocks);
}

void ObservedCamera::pulse() {
    if (!has_power() || dying_ || true_now() < stalled_until_) return;
    run_until(true_now());
    camera_->camera.set_trigger_in(true);
    camera_->scheduler.after(5ms, [camera = camera_.get()] { camera->camera.set_trigger_in(false); });
    settle();
}

void ObservedCamera::arrive(ByteView datagram, Endpoint from, bool message) {
    if (!has_power() || dying_) return;
    run_until(true_now());
    const Waiting one{{datagram.begin(), datagram.end()}, from, message};
    if (true_now() >= stalled_until_) return hear(one);
    if (waiting_.size() < kSocketBuffer) waiting_.push_back(one);
}

void ObservedCamera::hear(const Waiting& one) {
    if (camera_->camera.booting()) return;
    if (one.message)
        hear_message(one);
    else
        hear_control(one);
    if (!dying_) camera_->run_until(camera_->host.now());
    settle();
}

void ObservedCamera::hear_control(const Waiting& one) {
    const auto command = command_of(one.datagram, one.from);
    const bool repeated = command.executed_once() && reply_law_.repeats(command);
    const bool of_owner = scene_.promises.owned_by(one.from);
    tell([&](Law& law) { law.before(command); });
    answer_.reset();
    asking_ = one.from;
    camera_->camera.gvcp().handle_control(one.datagram, one.from);
    asking_ = {};
    if (dying_) return;
    Reaction reaction{.command = command, .answer = answer_, .repeated = repeated, .done = {}};
    if (!repeated) reaction.done = done_of(command, answer_, of_owner && scene_.promises.owned_by(one.from));
    tell([&](Law& law) { law.after(reaction); });
}

void ObservedCamera::hear_message(const Waiting& one) {
    tell([&](Law& law) { law.hears_message(one.datagram, one.from); });
    camera_->camera.gvcp().handle_message(one.datagram, one.from);
}

void ObservedCamera::leave(ByteView datagram, Endpoint from, Endpoint to) {
    if (dying_) return;
    if (from.port == kStreamSource) {
        tell([&](Law& law) { law.streams(datagram, to); });
        last_packet_.assign(datagram.begin(), datagram.end());
    } else if (from.port == kEventSource) {
        tell([&](Law& law) { law.messages(datagram, to); });
    } else {
        const Answer answer{.status = static_cast<std::uint16_t>(number_at(datagram, 0, 2)),
                            .code = static_cast<std::uint16_t>(number_at(datagram, 2, 2)),
                            .id = static_cast<std::uint16_t>(number_at(datagram, 6, 2)),
                            .payload = {datagram.begin() + 8, datagram.end()}};
        tell([&](Law& law) { law.replies(answer, to); });
        if (to == asking_ && answer.code != kPendingAck) answer_ = answer;
    }
    network_.send(datagram, from, to);
}

void ObservedCamera::unreachable(ByteView quoted, Endpoint to) {
    if (!has_power() || dying_) return;
    run_until(true_now());
    // The host knows the connected socket by both ends.
    if (to != camera_->camera.device.stream.destination()) return;
    network_.journal().note(options_.serial + ": " + text(to) + " is unreachable");
    control_law_.refused(to);
    camera_->stream_socket.refuse(quoted);
}

void ObservedCamera::forge_unreachable(const Bytes& quoted) {
    if (!has_power() || dying_) return;
    run_until(true_now());
    camera_->stream_socket.refuse(quoted);
}

// The kernel stamps when it arrives.
void ObservedCamera::hear_ptp(const Bytes& datagram) {
    if (!has_power() || dying_) return;
    run_until(true_now());
    const auto at = local(true_now());
    const auto received = support::is_event_datagram(datagram) ? std::optional(at) : std::nullopt;
    camera_->scheduler.at(at, [camera = camera_.get(), datagram, received] {
        camera->camera.ptp().handle(datagram, received);
    });
}

std::optional<Time> ObservedCamera::master_ahead() const {
    const auto master = master_();
    if (!master) return std::nullopt;
    return camera_->camera.device.clock.at(local(true_now())) - *master;
}

void ObservedCamera::on_output(const emulator::acquisition::Output& output, std::uint64_t block_id) {
    if (const auto* dropped = std::get_if<emulator::acquisition::FrameDropped>(&output.what))
        network_.journal().note(options_.serial + ": frame " + std::to_string(dropped->number) + ", block " +
                                std::to_string(block_id) + " is dropped");
    tell([&](Law& law) { law.puts_out(output, block_id); });
}

}  // namespace world
