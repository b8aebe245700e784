#pragma once

#include <set>

#include "emulator/testbench/bench.h"
#include "emulator/testbench/scenario/client_report.h"
#include "emulator/testbench/scenario/scenario.h"

namespace emulator::testbench {

/// A moment of a scenario, by the number that the next item of each source has then.
struct Positions {
    std::uint64_t journal = 0, signals = 0, exposures = 0, frames = 0, lines = 0;
};
[[nodiscard]] Positions positions_of(const Bench&, const ClientReport&);

/// Counts the items of a condition's source that fit its pattern, each once, as they come and change.
class Tally {
  public:
    /// Items from these positions on count.
    Tally(const Condition& condition, const Positions& from) : condition_(&condition), from_(from) {}

    /// Takes what is new.
    void look(const Bench&, const ClientReport&);

    [[nodiscard]] std::size_t count() const { return fitting_.size(); }
    [[nodiscard]] std::size_t seen() const { return seen_.size(); }
    /// The last item that fits; null without one.
    [[nodiscard]] const Json& fitting() const { return last_fitting_; }
    /// Of those that do not fit, the last of those that have most keys in common; null without one.
    [[nodiscard]] const Json& nearest() const { return nearest_; }

  private:
    void take(std::uint64_t number, const Json& item);

    const Condition* condition_;
    Positions from_;
    std::uint64_t revision_ = 0;  // of the journal or of the blocks, when they were looked at
    std::set<std::uint64_t> seen_, fitting_;
    Json last_fitting_, nearest_;
    std::size_t nearest_keys_ = 1;
};

}  // namespace emulator::testbench
