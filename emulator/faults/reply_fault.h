#pragma once

#include <string>

#include "emulator/faults/chance.h"
#include "emulator/faults/fault.h"

namespace emulator::faults {

/// Which commands a fault is about. Keys: `command` (as WRITEREG_CMD, or any), `register` (a feature, or an
/// address as "0x0A00").
class CommandChoice {
  public:
    explicit CommandChoice(const scenes::Node&);
    [[nodiscard]] bool has(const protocol::gvcp::Command&) const;
    /// Of the register, where one is chosen.
    [[nodiscard]] std::optional<std::uint32_t> address() const { return address_; }

  private:
    std::string command_;  // its name, or "any"
    std::optional<std::uint32_t> address_;
};

/// Whether it writes the register of a feature.
[[nodiscard]] bool writes(const protocol::gvcp::Command&, std::string_view feature);

/// The register of a feature; nothing if it has none, or there is no such feature.
[[nodiscard]] std::optional<std::uint32_t> register_of(std::string_view feature);

/// Puts another value of a register into the acknowledge of a read; false if that has none of it.
bool replace_register(ReplyFate&, std::uint32_t address, std::uint32_t value);

/// A fault of answers to commands.
class ReplyFault : public Fault {
  public:
    explicit ReplyFault(const scenes::Node& node) : chance_(node), choice_(node) {}
    void on_reply(ReplyFate&) final;

  protected:
    virtual void hit(ReplyFate&) = 0;
    [[nodiscard]] const CommandChoice& choice() const { return choice_; }

  private:
    Chance chance_;
    CommandChoice choice_;
    std::uint64_t seen_ = 0;
};

}  // namespace emulator::faults
