#pragma once

#include <array>
#include <cstdint>

namespace emulator::net {

/// Histogram of durations in seconds, with the buckets that Prometheus shows: each counts what is no longer
/// than its bound.
class Histogram {
  public:
    static constexpr std::array<double, 11> kBounds{0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};

    void add(double seconds) {
        for (std::size_t i = 0; i < kBounds.size(); ++i) counts_[i] += seconds <= kBounds[i] ? 1 : 0;
        ++count_;
        sum_ += seconds;
    }
    [[nodiscard]] const std::array<std::uint64_t, kBounds.size()>& counts() const { return counts_; }
    [[nodiscard]] std::uint64_t count() const { return count_; }
    [[nodiscard]] double sum() const { return sum_; }

  private:
    std::array<std::uint64_t, kBounds.size()> counts_{};
    std::uint64_t count_ = 0;
    double sum_ = 0;
};

}  // namespace emulator::net
