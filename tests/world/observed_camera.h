#pragma once

#include <memory>

#include "emulator/storage/non_volatile_store.h"
#include "tests/world/disk.h"
#include "tests/world/laws/action_law.h"
#include "tests/world/laws/clock_law.h"
#include "tests/world/laws/control_law.h"
#include "tests/world/laws/reply_law.h"
#include "tests/world/laws/resend_law.h"
#include "tests/world/laws/save_law.h"
#include "tests/world/network.h"

namespace world {

/// A camera on a host of the world: its power, its disk, its oscillator, and the laws that it has to keep.
class ObservedCamera final : emulator::Observer {
  public:
    struct Options {
        std::uint32_t ip = 0;
        std::string serial;
        double drift_ppm = 0;
        Time frame_work{0}, flash_work{0};
        std::uint64_t seed = 1;
    };
    /// Who carries PTP: the datagram, and whether it is an event message.
    using CarryPtp = std::function<void(const Bytes&)>;
    /// The reading of the master's clock; nothing while there is none.
    using Master = std::function<std::optional<protocol::Timestamp>()>;

    ObservedCamera(Network&, const Options&, CarryPtp, Master);

    /// Where it was last.
    [[nodiscard]] Endpoint address() const { return {ip_, 3956}; }
    [[nodiscard]] std::uint64_t mac() const { return mac_; }
    [[nodiscard]] bool has_power() const { return camera_ != nullptr; }
    /// When something happens here next, in true time.
    [[nodiscard]] std::optional<Time> due() const;
    /// Runs what is due until this true time.
    void run_until(Time);

    // What befalls it.
    void power_up();
    void cut_power(Time off_for);
    void stall(Time);
    void stall_sender(Time);
    void fill_send_buffer(int packets);
    void begin_before_wrap(std::uint32_t blocks);
    void pulse();  // at TRIGGER_IN
    void hear_ptp(const Bytes& datagram);
    /// A report of the network that is forged.
    void forge_unreachable(const Bytes& quoted);
    [[nodiscard]] Disk& disk() { return disk_; }
    void disturb_ptp(Time duration) { clock_law_.disturbed(now() + duration); }
    /// Of frames of which all packets left.
    [[nodiscard]] std::uint64_t blocks() const { return blocks_ + stream_law_.complete(); }
    /// The name and id of the last stream packet, as a forger may have seen them.
    [[nodiscard]] const Bytes& last_packet() const { return last_packet_; }

  private:
    struct Waiting {
        Bytes datagram;
        Endpoint from;
        bool message = false;
    };
    [[nodiscard]] Time local(Time true_time) const { return oscillator_.at(true_time - powered_at_); }
    [[nodiscard]] Time now() const { return camera_ ? camera_->host.now() : Time{}; }
    [[nodiscard]] Time true_now() const { return network_.scheduler().now(); }
    [[nodiscard]] support::VirtualCameraOptions camera_options(const emulator::Flash&);
    void attach(std::uint32_t ip);
    void arrive(ByteView, Endpoint from, bool message);
    void hear(const Waiting&);
    void hear_control(const Waiting&);
    void hear_message(const Waiting&);
    void leave(ByteView, Endpoint from, Endpoint to);
    void unreachable(ByteView quoted, Endpoint to);
    [[nodiscard]] std::optional<Time> master_ahead() const;
    void settle();
    void power_fails();
    template <class Told>
    void tell(Told told) {
        for (auto* law : laws_) told(*law);
    }
    void on_output(const emulator::acquisition::Output&, std::uint64_t block_id) override;

    Network& network_;
    Options options_;
    CarryPtp carry_ptp_;
    Master master_;
    support::Dice dice_;
    Disk disk_;
    emulator::NonVolatileStore store_;
    emulator::sim::Oscillator oscillator_;
    Time powered_at_{}, stalled_until_{};  // true times
    std::uint32_t ip_ = 0;
    std::uint64_t mac_ = 0;
    std::uint64_t power_ups_ = 0, blocks_ = 0;
    std::deque<Waiting> waiting_;
    bool booting_ = false, dying_ = false;
    Bytes last_packet_;
    std::optional<Answer> answer_;  // to the command that is handled
    Endpoint asking_;

    Scene scene_;
    ControlLaw control_law_;
    RegisterLaw register_law_;
    ReplyLaw reply_law_;
    ActionLaw action_law_;
    StreamLaw stream_law_;
    ResendLaw resend_law_;
    EventLaw event_law_;
    SaveLaw save_law_;
    ClockLaw clock_law_;
    std::vector<Law*> laws_;
    std::unique_ptr<support::VirtualCamera> camera_;  // null without power
};

}  // namespace world
