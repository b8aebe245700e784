#pragma once

#include <cstdint>

#include "scenes/json/json_reader.h"

namespace emulator::faults {

/// Which of its opportunities a fault takes: packets, frames or acknowledges. Keys: `rate`, `every`, `skip`,
/// `burst`, `count`, `seed`.
class Chance {
  public:
    explicit Chance(const scenes::Node&);

    /// Whether it takes the next one. `part` and `purpose` tell it apart from all others: the draw of `rate`
    /// depends on them and the seed, not on the order of the calls.
    [[nodiscard]] bool takes(std::uint64_t part, std::uint64_t purpose = 0);
    /// More bits for an opportunity that is taken.
    [[nodiscard]] std::uint64_t bits(std::uint64_t part, std::uint64_t purpose) const;

  private:
    double rate_ = 1;          // part of the opportunities
    std::uint64_t every_ = 1;  // the last of so many
    std::uint64_t skip_ = 0;   // opportunities that are left out first
    std::uint64_t burst_ = 1;  // opportunities in a row, from each that is taken
    std::uint64_t count_ = 0;  // at most so many; 0: no limit
    std::uint64_t seed_ = 1;
    std::uint64_t seen_ = 0, taken_ = 0, burst_left_ = 0;
};

}  // namespace emulator::faults
