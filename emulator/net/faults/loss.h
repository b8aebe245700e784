#pragma once

#include <cstdint>

namespace emulator::net::faults {

/// Random packet loss, reproducible by its seed.
class Loss {
  public:
    Loss(double part, std::uint64_t seed)
        : threshold_(static_cast<std::uint64_t>(part * 0x1p32)), state_(seed) {}

    /// Whether the next packet is lost.
    [[nodiscard]] bool loses_next() {
        if (threshold_ == 0) return false;
        // SplitMix64: one addition and three mixing steps give the next number.
        state_ += 0x9E37'79B9'7F4A'7C15;
        auto mixed = (state_ ^ (state_ >> 30)) * 0xBF58'476D'1CE4'E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D0'49BB'1331'11EB;
        return ((mixed ^ (mixed >> 31)) >> 32) < threshold_;
    }

  private:
    std::uint64_t threshold_;
    std::uint64_t state_;
};

}  // namespace emulator::net::faults
