#pragma once

#include <cstdint>

/// Counter-based random numbers: functions of a seed and a purpose, without state or order.
namespace scenes::light {

/// SplitMix64 (Steele, Lea, Flood 2014): a 64-bit pseudo-random number from a 64-bit seed.
[[nodiscard]] constexpr std::uint64_t splitmix64(std::uint64_t x) {
    x += 0x9e3779b97f4a7c15U;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9U;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebU;
    return x ^ (x >> 31);
}

/// Bits that follow from a seed, a part and a purpose.
[[nodiscard]] constexpr std::uint64_t hash(std::uint64_t seed, std::uint64_t part, std::uint64_t purpose) {
    return splitmix64(splitmix64(splitmix64(seed) ^ part) ^ purpose);
}

/// 0 to 1, 1 excluded.
[[nodiscard]] constexpr double share(std::uint64_t bits) { return static_cast<double>(bits >> 11) * 0x1p-53; }

}  // namespace scenes::light
