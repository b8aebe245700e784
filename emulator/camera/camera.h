#pragma once

#include "emulator/acquisition/action_scheduler.h"
#include "emulator/acquisition/internal_exposures.h"
#include "emulator/camera/disturbance.h"
#include "emulator/camera/drop_report.h"
#include "emulator/camera/flash_writer.h"
#include "emulator/camera/gvcp_endpoint.h"
#include "emulator/camera/motors.h"
#include "emulator/camera/observer.h"
#include "emulator/camera/ptp_sync.h"
#include "emulator/profile.h"
#include "emulator/sim/time_control.h"

namespace emulator {

/// The camera without its sockets: state, commands, and what happens when.
///
/// One thread owns it. Datagrams come in by `gvcp` and `ptp`, go out by `Transport`. Exposures, motors,
/// lines, actions and PTP live in camera time; GVCP, the boot and the non-volatile memory live in host time.
struct Camera final : protocol::DeviceDelegate {
    Camera(const Profile& profile, const Flash& flash, sim::TimeControl& time, Transport& transport,
           FrameMaker& maker);

    // What feature rows are bound to.
    const Profile profile;
    Settings settings;
    protocol::Device device;
    UserSets user_sets;

    // Commands.
    void move_lens();
    protocol::Status start_acquisition();
    protocol::Status stop_acquisition();
    protocol::Status trigger_by_software();
    protocol::Status generate_test_event();
    [[nodiscard]] features::UserSet user_set(std::int64_t number) const;  // 0: the factory's
    protocol::Status load_user_set();
    protocol::Status save_user_set();
    protocol::Status choose_user_set_at_power_up(std::int64_t);
    protocol::Status reset();
    protocol::Status factory_reset();
    protocol::Status start_autofocus();
    void cancel_autofocus() { auto_functions_.cancel_focus(); }
    [[nodiscard]] const AutoFunctions& auto_functions() const { return auto_functions_; }
    protocol::Status commit_action();
    protocol::Status cancel_actions();
    /// The level of TRIGGER_IN, which the test bench sets.
    void set_trigger_in(bool high) { frames_.set_line(high); }
    /// What stands before the lens, for exposures from this time on, in place of what was planned.
    void show(WorldTimeline::World, Time from);
    [[nodiscard]] WorldTimeline::World world_at(Time time) const { return worlds_.at(time); }
    void disturb(const Disturbance&);
    [[nodiscard]] const Disturbance& disturbance() const { return disturbance_; }
    [[nodiscard]] double housing_c() const { return disturbance_.housing_c(profile.housing_c); }
    /// It starts anew, as after its supply was off.
    void power_cycle() { restart(profile.suggested); }
    /// Who is told of all that happens here, from now on.
    void watch(Observer& observer) { observer_ = &observer; }
    void settings_changed();
    /// Block id and trigger number are drawn into images, from the next exposure on.
    void number_frames(bool yes) { frames_.number_frames(yes); }
    [[nodiscard]] bool numbers_frames() const { return frames_.numbers_frames(); }
    [[nodiscard]] bool trigger_in() const { return frames_.line_high(); }
    [[nodiscard]] bool strobe_out() const { return frames_.strobe_high() && !disturbance_.strobe_dead; }
    /// For an exposure that ends at this moment, as in `FrameRequest`.
    [[nodiscard]] std::vector<scenes::light::Interval> strobe_high(Time start, Time end) const;
    [[nodiscard]] bool parameters_locked() const {
        return streaming() || settings.transport.parameters_locked;
    }
    /// A frame is planned, exposed, or being made.
    [[nodiscard]] bool busy() const { return !frames_.idle(); }
    [[nodiscard]] const LensDrive& lens() const { return motors_.drive(); }
    /// Without power, and for a while after a reset, it hears and says nothing.
    [[nodiscard]] bool booting() const { return disturbance_.off || host_.now() < silent_until_; }
    [[nodiscard]] bool actions_planned() const { return !actions_.idle(); }
    [[nodiscard]] const features::RegisterMap& registers() const { return registers_; }
    [[nodiscard]] features::RegisterMap& registers() { return registers_; }

    // From the network.
    [[nodiscard]] GvcpEndpoint& gvcp() { return gvcp_; }
    [[nodiscard]] PtpSync& ptp() { return ptp_; }
    /// Nobody listens at the stream's port; or packets do not leave (an errno), or do again (0).
    void stream_refused();
    void stream_unreachable(int error);
    [[nodiscard]] bool stream_reaches_client() const { return stream_error_ == 0; }
    /// The stream channel left out a block, or was closed or moved before these frames were sent whole.
    void block_lost(std::uint64_t block_id, acquisition::DropCause);
    void frames_cut_off(std::span<const std::uint64_t> frames);
    void set_source_ports(std::uint16_t stream, std::uint16_t message);

    // What IEEE 1588 does to the clock.
    void step_clock(Time delta);
    void steer_clock(double ppb);
    void set_synchronised(bool);

    // DeviceDelegate.
    [[nodiscard]] Time now() const override { return scheduler_.now(); }
    [[nodiscard]] bool streaming() const override { return frames_.running() && device.stream.open(); }
    void stream_channel_changed() override;
    void message_channel_changed() override;
    void fire_test_packet() override;
    void resend(const protocol::gvcp::Resend&) override;
    void control_taken() override;
    void control_lost() override;
    void control_switched() override;
    protocol::Status apply_ip(const protocol::IpSettings&) override;
    void restart_ip_configuration() override;
    protocol::Status act(std::optional<protocol::Timestamp> at) override;
    protocol::Status store(const protocol::NonVolatile&) override;
    [[nodiscard]] bool unsaved() const override { return flash_.unsaved(); }
    void save() override { flash_.save(); }
    void enable_ptp(bool) override;

  private:
    void wake_up(const scenes::CameraHints& suggested);
    void restart(const scenes::CameraHints& suggested);
    void link_up();
    void load(std::int64_t user_set, const UserSets& of);
    void stored(bool kept);
    void take_up(const FrameRequest&, const auto_functions::Measurement&);
    void motor_arrived(Events::Name);
    void tell(const acquisition::Output&, std::uint64_t block_id);
    void settle_at(const protocol::IpSettings&);
    [[nodiscard]] bool catching_up() const;

    Disturbance disturbance_;
    sim::Scheduler& scheduler_;  // of camera time
    sim::Scheduler& host_;
    Transport& transport_;
    features::RegisterMap registers_;
    features::UserSet factory_set_;
    GvcpEndpoint gvcp_;
    Motors motors_;
    WorldTimeline worlds_;
    AutoFunctions auto_functions_;
    acquisition::FrameLoop frames_;
    acquisition::InternalExposures internal_;
    ActionScheduler actions_;
    PtpSync ptp_;
    FlashWriter flash_;
    bool reset_once_stored_ = false;
    DropReport drops_;
    Observer nobody_, *observer_ = &nobody_;
    Time silent_until_{};                     // in host time
    protocol::StreamChannelSettings opened_;  // the stream channel as it was last opened
    int stream_error_ = 0;                    // why its packets do not leave
};

}  // namespace emulator
