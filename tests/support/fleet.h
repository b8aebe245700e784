#pragma once

#include <deque>

#include "emulator/sim/oscillator.h"
#include "tests/support/virtual_camera.h"

namespace support {

/// Cameras that hear each other's PTP, each with an oscillator of its own, in one true time.
class Fleet {
  public:
    static constexpr Time kWay = std::chrono::microseconds(3);

    VirtualCamera& add(const std::string& serial, double drift_ppm) {
        VirtualCameraOptions options;
        options.profile.serial = serial;
        return members_.emplace_back(options, drift_ppm).camera;
    }
    [[nodiscard]] Time now() const { return now_; }
    void run_for(Time time) {
        for (const auto end = now_ + time; now_ < end;) {
            now_ = std::min(now_ + kSlice, end);
            for (auto& member : members_) member.camera.run_until(member.oscillator.at(now_));
            for (auto& member : members_) carry(member);
        }
    }
    /// What the camera's clock reads, or read, at a true time.
    [[nodiscard]] protocol::Timestamp reads(const VirtualCamera& camera, Time at) const {
        return camera.camera.device.clock.at(member_of(camera).oscillator.at(at));
    }
    [[nodiscard]] Time true_time(const VirtualCamera& camera, Time oscillator) const {
        return member_of(camera).oscillator.host_at(oscillator);
    }

  private:
    /// Messages are handled so much later at the most; their stamps are exact.
    static constexpr Time kSlice = std::chrono::milliseconds(1);
    struct Member {
        Member(const VirtualCameraOptions& options, double drift_ppm)
            : camera(options), oscillator({.drift_ppm = drift_ppm}) {}
        VirtualCamera camera;
        emulator::sim::Oscillator oscillator;
    };

    [[nodiscard]] const Member& member_of(const VirtualCamera& camera) const {
        for (const auto& member : members_) {
            if (&member.camera == &camera) return member;
        }
        return members_.front();
    }
    void carry(Member& from) {
        for (const auto& said : std::exchange(from.camera.said_by_ptp, {})) {
            const auto arrival = from.oscillator.host_at(said.at) + kWay;
            for (auto& to : members_) {
                if (&to == &from) continue;
                const auto received = to.oscillator.at(arrival);
                to.camera.scheduler.at(received, [&to, received, said] {
                    const bool event = said.what.ticket.has_value();
                    to.camera.camera.ptp().handle(said.what.datagram,
                                                  event ? std::optional(received) : std::nullopt);
                });
            }
        }
    }

    std::deque<Member> members_;
    Time now_{};
};

}  // namespace support
