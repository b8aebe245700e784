#pragma once

#include "tests/world/laws/law.h"

namespace world {

/// Every acknowledged write is in force, every refused one is not, and nothing that comes from another than
/// the controlling application changes anything.
class RegisterLaw final : public Law {
  public:
    using Law::Law;
    void starts() override;
    void before(const Command&) override;
    void after(const Reaction&) override;
    void settles() override;

    /// Registers whose value is what was written last, and depends on nothing else.
    struct Plain {
        std::uint32_t address = 0;
        std::int64_t least = 0, most = 0;  // legal values
        std::uint32_t becomes_at_least = 0;
        bool in_user_sets = false;
    };
    [[nodiscard]] static const std::vector<Plain>& plain();
    /// What a register holds, without a client that reads it.
    [[nodiscard]] static std::uint32_t value(const support::VirtualCamera&, std::uint32_t address);
    [[nodiscard]] const std::map<std::uint32_t, std::uint32_t>& in_force() const { return in_force_; }
    /// The plain registers have other values from now on.
    void look_again();

  private:
    using Snapshot = std::vector<std::pair<std::uint32_t, std::uint32_t>>;
    [[nodiscard]] Snapshot snapshot() const;
    [[nodiscard]] bool may_change(const Command&) const;
    void compare(const Snapshot& now, const Reaction&) const;
    void judge_plain(const Reaction&);
    void judge_legal(const Reaction&) const;

    Snapshot before_;
    bool moves_ = false;  // the command at hand changes the address
    std::map<std::uint32_t, std::uint32_t> in_force_;
    Time looked_{};
};

}  // namespace world
