#pragma once

#include <deque>

#include "tests/world/laws/law.h"

namespace world {

/// Events are told in order and once each, as those of the queue's length that happened; a command is
/// repeated at its timeout until its acknowledge comes from where it went, or its repetitions are over.
class EventLaw final : public Law {
  public:
    using Law::Law;
    void starts() override { restart(); }
    void before(const Command&) override { owner_ = scene_.promises.owner; }
    void after(const Reaction&) override;
    void messages(ByteView, Endpoint to) override;
    void hears_message(ByteView, Endpoint from) override;
    void puts_out(const emulator::acquisition::Output&, std::uint64_t block_id) override;
    void settles() override;
    /// The clock was stepped: stamps may go back.
    void clock_stepped() { ++steps_; }

  private:
    struct Sent {
        Bytes datagram;
        Endpoint to;
        Time at{};
    };
    struct UnderWay {
        std::uint16_t id = 0;
        Time last{};
        std::uint64_t sends = 1;
        std::uint32_t timeout_ms = 0;
        std::uint64_t retries = 0;
        bool acknowledged = false;
    };
    struct Event {
        std::uint16_t id = 0, block_id = 0;
        std::uint64_t steps = 0;  // of the clock, before
        [[nodiscard]] bool is(const Event& other) const {
            return id == other.id && block_id == other.block_id;
        }
    };
    void restart();
    void happens(std::uint16_t id, std::uint64_t block_id);
    void judge(const Sent&);
    void judge_repetition(const Sent&);
    void judge_items(const Sent&);

    std::deque<Event> waiting_;
    std::deque<Sent> sent_;  // since the last time that all was settled
    std::optional<UnderWay> under_way_;
    std::optional<Endpoint> owner_;  // before the command at hand
    std::uint64_t openings_ = 0, last_ticks_ = 0, steps_ = 0, last_steps_ = 0;
};

}  // namespace world
