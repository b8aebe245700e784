#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdlib>

namespace support {

/// Cases of a sweep: from `first` up to `end`, which is not included.
struct Cases {
    std::uint32_t first = 0, end = 0;

    [[nodiscard]] std::uint32_t count() const { return end - first; }
};

/// Of so many cases those from FIRST_CASE to LAST_CASE of the environment, or all.
inline Cases chosen_cases(std::uint32_t count) {
    const auto number = [](const char* name, std::uint32_t otherwise) {
        const char* text = std::getenv(name);
        return text ? static_cast<std::uint32_t>(std::atoi(text)) : otherwise;
    };
    const std::uint32_t end = std::min(number("LAST_CASE", count - 1) + 1, count);
    return {std::min(number("FIRST_CASE", 0), end), end};
}

}  // namespace support
