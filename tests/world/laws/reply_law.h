#pragma once

#include <map>

#include "tests/world/laws/law.h"

namespace world {

/// Every answer belongs to a command of the one it goes to, and each copy of a command gets one at most;
/// reads are answered at once. A repeated write is answered as the first time, and not executed again.
class ReplyLaw final : public Law {
  public:
    using Law::Law;
    void starts() override;
    void before(const Command&) override;
    void after(const Reaction&) override;
    void replies(const Answer&, Endpoint to) override;
    void settles() override;
    /// The command repeats the last write of its sender that was executed.
    [[nodiscard]] bool repeats(const Command&) const;

  private:
    struct Last {
        Bytes datagram, ack;
        Time at{};
    };
    static Bytes bytes_of(const Answer&);
    using Sender = std::pair<std::uint32_t, std::uint16_t>;
    [[nodiscard]] static Sender sender(Endpoint end) { return {end.ip, end.port}; }
    std::map<std::tuple<Sender, std::uint16_t, std::uint16_t>, int> asked_;  // by sender, code, id
    std::map<Sender, Last> last_;
    std::optional<Command> saving_;  // is answered once it is durable
    std::optional<Endpoint> owner_;
};

}  // namespace world
