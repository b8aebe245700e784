#include "emulator/camera/camera.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include "emulator/features/table.h"

namespace emulator {

using protocol::Status;
namespace gvcp = protocol::gvcp;
namespace gvsp = protocol::gvsp;

namespace {

/// What an event of a motor tells.
protocol::Bytes place_data(std::int64_t steps) {
    return protocol::Writer().u32(static_cast<std::uint32_t>(steps)).take();
}

}  // namespace

Camera::Camera(const Profile& profile, const Flash& flash, sim::TimeControl& time, Transport& transport,
               FrameMaker& maker)
    : profile(profile),
      settings(profile.power_up),
      user_sets(flash.user_sets),
      scheduler_(time.camera()),
      host_(time.host()),
      transport_(transport),
      registers_(features::table(profile.node_types), *this),
      gvcp_(*this, registers_, host_, transport, [this] { observer_->on_datagram(); }),
      motors_(this->profile.lens, settings.lens, static_cast<std::uint64_t>(profile.seed), scheduler_,
              [this](Events::Name event) { motor_arrived(event); }),
      auto_functions_(settings, this->profile),
      frames_(settings, motors_.drive(), worlds_, this->profile, device, disturbance_, scheduler_, transport,
              maker, auto_functions_, static_cast<std::uint64_t>(profile.seed)),
      internal_(settings, motors_.drive(), worlds_, this->profile, device, disturbance_, scheduler_, maker,
                auto_functions_, frames_),
      actions_(device.clock, scheduler_, [this] { frames_.command(acquisition::Command::action_trigger); }),
      ptp_(*this, scheduler_, transport),
      flash_(device.non_volatile, user_sets, host_, transport, [this](bool kept) { stored(kept); }) {
    device.non_volatile = flash.device;
    if (!profile.user_name.empty()) device.non_volatile.user_name = profile.user_name;
    frames_.on_output(
        [this](const acquisition::Output& output, std::uint64_t block_id) { tell(output, block_id); });
    const auto made = [this](const FrameRequest& frame, const auto_functions::Measurement& seen) {
        if (!frame.questions.any()) return;
        // A frame may be completed while outputs of the sequencer are still being delivered.
        scheduler_.at(now(), [this, frame, seen] { take_up(frame, seen); });
    };
    frames_.on_made(made);
    internal_.on_made(made);
    time.wait_while([this] { return catching_up(); });
    time.on_real([this](bool real) { ptp_.hold(!real); });
    frames_.number_frames(profile.frame_number);
    wake_up(profile.suggested);
    // At power-up the lens already stands at its targets.
    if (user_sets.at_power_up == 0) motors_.place(settings.lens);
}

void Camera::settings_changed() {
    frames_.settings_changed();
    ptp_.enable(settings.ptp_enabled);
}

void Camera::show(WorldTimeline::World world, Time from) {
    worlds_.set(std::move(world), from);
    worlds_.forget_before(now());
    if (from <= now()) frames_.expect_picture();
}

void Camera::enable_ptp(bool on) {
    settings.ptp_enabled = on;
    settings_changed();
}

Status Camera::start_acquisition() {
    frames_.command(acquisition::Command::start);
    return Status::success;
}

Status Camera::stop_acquisition() {
    frames_.command(acquisition::Command::stop);
    return Status::success;
}

Status Camera::trigger_by_software() {
    frames_.command(acquisition::Command::software_trigger);
    return Status::success;
}

// Scheduled actions take the time of PTP, which is the camera's own where it is master (manual 5.16).
Status Camera::commit_action() {
    if (!device.ptp_runs()) return Status::no_reference_time;
    return actions_.plan(protocol::Timestamp(Time(settings.action.time_ns)),
                         std::chrono::microseconds(settings.action.interval_us));
}

Status Camera::cancel_actions() {
    actions_.cancel();
    return Status::success;
}

Status Camera::act(std::optional<protocol::Timestamp> at) {
    if (!at) return actions_.plan(device.clock.at(now()), Time::zero());
    if (!device.clock.synchronised()) return Status::no_reference_time;
    const bool late = *at < device.clock.at(now());
    const auto status = actions_.plan(*at, Time::zero());
    if (!late) return status;
    gvcp_.post_event(gvcp::kActionLate);
    return Status::action_late;
}

void Camera::step_clock(Time delta) {
    device.clock.step(now(), delta);
    actions_.clock_stepped();
}

void Camera::steer_clock(double ppb) {
    device.clock.steer(now(), ppb);
    actions_.clock_steered();
}

// An unsynchronised clock still runs, and so do scheduled actions. Without PTP none can be scheduled.
void Camera::set_synchronised(bool yes) {
    device.clock.set_synchronised(yes);
    if (!device.ptp_runs()) actions_.cancel();
}

void Camera::tell(const acquisition::Output& output, std::uint64_t block_id) {
    if (std::holds_alternative<acquisition::ExposureEnd>(output.what))
        gvcp_.notify(Events::exposure_end, block_id);
    if (std::holds_alternative<acquisition::TriggerMissed>(output.what))
        gvcp_.notify(Events::frame_trigger_missed);
    if (const auto* edge = std::get_if<acquisition::LineEdge>(&output.what)) {
        gvcp_.notify(edge->high ? Events::line1_rising_edge : Events::line1_falling_edge);
    }
    if (const auto* dropped = std::get_if<acquisition::FrameDropped>(&output.what)) {
        if (const auto due = drops_.add(dropped->cause, host_.now()))
            host_.at(*due, [this] { spdlog::warn("{}", drops_.sentence()); });
    }
    observer_->on_output(output, block_id);
}

Status Camera::generate_test_event() {
    gvcp_.notify(Events::test);
    return Status::success;
}

Status Camera::start_autofocus() {
    auto_functions_.start_focus();
    move_lens();
    internal_.run();
    return Status::success;
}

void Camera::take_up(const FrameRequest& frame, const auto_functions::Measurement& seen) {
    if (disturbance_.autofocus_stuck && auto_functions_.focusing()) return;
    const bool was_focusing = auto_functions_.focusing();
    const auto lens = settings.lens;
    auto_functions_.take_up(frame, seen);
    if (settings.lens.focus != lens.focus || settings.lens.iris != lens.iris) move_lens();
    frames_.settings_changed();
    if (!was_focusing || auto_functions_.focusing()) return;
    gvcp_.notify(Events::focus_move_completed, 0, place_data(settings.lens.focus));
    frames_.expect_picture();
}

void Camera::move_lens() {
    motors_.go_to(settings.lens);
    if (!auto_functions_.focusing()) frames_.expect_picture();
    observer_->on_lens_sent();
}

// Autofocus is one move.
void Camera::motor_arrived(Events::Name event) {
    const bool zoom = event == Events::zoom_move_completed;
    if (!zoom && auto_functions_.focusing()) return;
    gvcp_.notify(event, 0, place_data(zoom ? settings.lens.zoom : settings.lens.focus));
}

std::vector<scenes::light::Interval> Camera::strobe_high(Time start, Time end) const {
    return frames_.strobe_high(start, end);
}

void Camera::block_lost(std::uint64_t block_id, acquisition::DropCause cause) {
    frames_.block_lost(block_id, cause);
}

void Camera::frames_cut_off(std::span<const std::uint64_t> frames) { frames_.cut_off(frames); }

void Camera::stream_refused() {
    if (!streaming() || device.stream.unconditional) return;
    frames_.command(acquisition::Command::stop);
    device.stream.host_port = 0;
    stream_channel_changed();
}

void Camera::stream_unreachable(int error) { stream_error_ = error; }

void Camera::set_source_ports(std::uint16_t stream, std::uint16_t message) {
    device.stream.source_port = stream;
    device.message.source_port = message;
}

// The stream channel is opened, moved to another client, or closed. A write of the same values reopens it:
// clients restart that way.
void Camera::stream_channel_changed() {
    if (!device.stream.open()) {
        stream_error_ = 0;
        frames_.channel_closed();
        transport_.close_stream();
        opened_ = {};
        return;
    }
    if (streaming() && opened_.host_port == device.stream.host_port &&
        opened_.destination_ip == device.stream.destination_ip) {
        return;
    }
    opened_ = device.stream;
    stream_error_ = 0;
    frames_.channel_opened();
    transport_.open_stream(device.stream);
}

/// A frame is being made or sent, or an event waits for its acknowledge.
bool Camera::catching_up() const {
    return frames_.in_work() || internal_.in_work() || transport_.sending() || gvcp_.messages_wait();
}

void Camera::message_channel_changed() { gvcp_.reset_messages(); }

void Camera::fire_test_packet() {
    if (!device.stream.open()) return;
    transport_.send_test_packet(gvsp::make_test_packet(frames_.transmission().layout), device.stream);
}

void Camera::resend(const gvcp::Resend& asked) {
    if (device.stream.open()) transport_.resend(asked, frames_.transmission());
}

// A client that takes control will stream soon: the scene of this moment is rendered ahead while it
// configures the camera.
void Camera::control_taken() { frames_.expect_picture(); }

void Camera::control_lost() {
    device.message.host_port = 0;
    gvcp_.reset_messages();
    settings.transport.parameters_locked = false;
    if (!device.action.unconditional) actions_.cancel();
    if (device.stream.unconditional) return;
    auto_functions_.cancel_focus();
    frames_.command(acquisition::Command::stop);
    device.stream.host_port = 0;
    stream_channel_changed();
}

void Camera::control_switched() { gvcp_.post_event(gvcp::kPrimaryApplicationSwitch); }

Status Camera::apply_ip(const protocol::IpSettings& ip) {
    const auto moved = transport_.move_to(ip);
    if (!moved) return moved.status();
    settle_at(*moved);
    observer_->on_ip_configuration();
    return Status::success;
}

void Camera::restart_ip_configuration() {
    if (const auto moved = transport_.move_home(flash_.in_memory().device)) settle_at(*moved);
    observer_->on_ip_configuration();
}

// An unconditional stream continues from the new address.
void Camera::settle_at(const protocol::IpSettings& ip) {
    const auto before = std::exchange(device.ip, ip);
    if (before.ip == ip.ip) return;
    ptp_.start_over();
    if (device.stream.open()) transport_.open_stream(device.stream);
}

}  // namespace emulator
