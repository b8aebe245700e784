#pragma once

#include "tests/world/laws/law.h"

namespace world {

/// An action command with the camera's keys asserts the trigger once, whoever sends it while somebody has
/// control; any other one, and a repetition, does nothing.
class ActionLaw final : public Law {
  public:
    using Law::Law;
    void before(const Command&) override;
    void after(const Reaction&) override;
    void puts_out(const emulator::acquisition::Output&, std::uint64_t block_id) override;
    void settles() override;

  private:
    [[nodiscard]] bool heard() const;

    bool due_ = false, hears_ = false;
    int signals_ = 0;
};

}  // namespace world
