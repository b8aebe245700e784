#pragma once

#include "tests/world/laws/register_law.h"

namespace world {

/// An acknowledged save is not lost by any loss of power, a refused one is not in force, and what is found at
/// power-up is the whole of something that was to be saved.
class SaveLaw final : public Law {
  public:
    SaveLaw(Scene& scene, RegisterLaw& registers) : Law(scene), registers_(registers) {}
    void starts() override;
    void before(const Command&) override;
    void after(const Reaction&) override;
    void replies(const Answer&, Endpoint) override;
    void stores(const emulator::Flash&) override;
    void stored(bool kept) override;
    void settles() override;
    /// The camera finds this at power-up.
    void finds(const emulator::Flash&);
    /// What the disk holds after a save that succeeded.
    void reads_back(const emulator::Flash& found) const;

  private:
    using Values = std::map<std::uint32_t, std::uint32_t>;  // of plain registers
    struct Save {
        emulator::Flash flash;
        std::array<Values, 2> sets;  // of the user sets, where one was saved
    };
    [[nodiscard]] emulator::Flash in_camera() const;
    [[nodiscard]] Values plain_values() const;
    void judge_loaded(const Values& saved) const;

    RegisterLaw& registers_;
    Save durable_, wanted_;       // acknowledged; being saved
    std::vector<Save> attempts_;  // since then: perhaps on the disk
    bool writing_ = false, failed_ = false;
    bool under_way_ = false;                                   // since before a reset
    std::optional<std::pair<Endpoint, std::uint16_t>> saver_;  // whose command waits for its acknowledge
    bool fresh_ = false;                                       // power is just on
};

}  // namespace world
