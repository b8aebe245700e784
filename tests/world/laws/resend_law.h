#pragma once

#include "tests/world/laws/stream_law.h"

namespace world {

/// Packets are sent again to whom it is due, as often as asked for, and soon; those that are kept are never
/// refused.
class ResendLaw final : public Law {
  public:
    ResendLaw(Scene& scene, const StreamLaw& stream) : Law(scene), stream_(stream) {}
    void starts() override { forget(); }
    void before(const Command&) override;
    void streams(ByteView, Endpoint to) override;
    void settles() override;

  private:
    [[nodiscard]] bool served(Endpoint from) const;
    struct Owed {
        std::uint64_t block = 0;
        std::uint32_t packet = 0;
        bool available = false;  // it was sent, and the block is kept
        bool promised = false;
        Time until{};
    };
    void forget();
    void ask(std::uint64_t block, std::uint32_t first, std::uint32_t last);
    [[nodiscard]] std::deque<Owed>::iterator find(std::uint64_t block, std::uint32_t packet, bool available);
    void judge_again(const support::StreamPacket&, const Owed&) const;

    const StreamLaw& stream_;
    std::deque<Owed> owed_;
    std::uint64_t openings_ = 0;
};

}  // namespace world
