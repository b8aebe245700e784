#pragma once

#include "tests/world/laws/law.h"

namespace world {

/// One application has control, by the rules of the privilege register, until its heartbeat is over; what
/// others write is denied.
class ControlLaw final : public Law {
  public:
    using Law::Law;
    void starts() override;
    void before(const Command&) override;
    void after(const Reaction&) override;
    void streams(ByteView, Endpoint) override;
    void messages(ByteView, Endpoint) override;
    void settles() override;
    /// The network truly told that nobody listens at the stream's destination.
    void refused(Endpoint at) { refused_at_ = at; }

  private:
    [[nodiscard]] std::uint16_t due_status(const Command&, std::uint32_t privilege) const;
    void judge_status(const Reaction&) const;
    void request(Endpoint who, std::uint32_t value);
    void take_address(const Reaction&);
    void expire();
    void take_up(const Write&);
    void lose_control();
    void look_at_events();

    std::optional<Endpoint> refused_at_;
    bool moves_ = false;                // the command at hand is a FORCEIP that is due
    std::optional<std::uint16_t> due_;  // the status of the command at hand, where it is known beforehand
};

}  // namespace world
