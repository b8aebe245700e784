#include "emulator/camera/ptp_sync.h"

#include <utility>

#include "emulator/camera/camera.h"

namespace emulator {

namespace ptp = protocol::ptp;

PtpSync::PtpSync(Camera& camera, sim::Scheduler& scheduler, Transport& transport)
    : camera_(camera),
      scheduler_(scheduler),
      transport_(transport),
      port_(ptp::clock_identity_of_mac(identity(camera.profile).mac)) {}

void PtpSync::enable(bool on) {
    if (on == camera_.device.ptp_enabled) return;
    camera_.device.ptp_enabled = on;
    transport_.listen_to_ptp(on);
    start_or_stop();
}

void PtpSync::ports_opened(bool yes) {
    ports_open_ = yes;
    start_or_stop();
}

void PtpSync::hold(bool yes) {
    held_ = yes;
    start_or_stop();
}

void PtpSync::start_or_stop() {
    const bool runs = camera_.device.ptp_enabled && ports_open_ && !held_;
    if (runs == (port_.state() != ptp::State::disabled)) return;
    if (runs) {
        port_.enable(scheduler_.now());
        act({});
    } else {
        act(port_.disable());
    }
}

void PtpSync::start_over() {
    if (port_.state() == ptp::State::disabled) return;
    auto actions = port_.disable();
    port_.enable(scheduler_.now());
    act(actions);
}

void PtpSync::handle(protocol::ByteView datagram, std::optional<Time> received) {
    const auto& disturbance = camera_.disturbance();
    if (disturbance.cable_out || disturbance.ptp_master_gone || disturbance.off) return;
    std::optional<protocol::Timestamp> stamp;
    if (received) stamp = camera_.device.clock.at(*received);
    act(port_.handle(datagram, stamp, scheduler_.now()));
}

void PtpSync::sent(const ptp::Ticket& ticket, Time left) {
    act(port_.sent(ticket, camera_.device.clock.at(left)));
}

void PtpSync::act(const ptp::Actions& actions) {
    const auto state = port_.state();
    bool news = std::exchange(camera_.device.ptp_state, state) != state;
    for (const auto& action : actions) {
        if (const auto* send = std::get_if<ptp::Send>(&action)) transport_.send_ptp(*send);
        if (const auto* correction = std::get_if<ptp::Correction>(&action)) {
            if (correction->step != Time::zero()) camera_.step_clock(correction->step);
            camera_.steer_clock(correction->rate_ppb);
            news = true;
        }
    }
    camera_.set_synchronised(state == ptp::State::master || state == ptp::State::slave);
    if (news) transport_.ptp_changed(port_);
    arm();
}

void PtpSync::arm() {
    const auto due = port_.deadline();
    if (deadline_ && due == deadline_->first) return;
    if (deadline_) scheduler_.cancel(*deadline_);
    deadline_.reset();
    if (!due) return;
    deadline_ = scheduler_.at(*due, [this] {
        deadline_.reset();
        act(port_.expire(scheduler_.now()));
    });
}

}  // namespace emulator
