#pragma once

#include <functional>
#include <vector>

namespace world {

/// Which of `all` are needed for `fails` to hold, none of them in vain: delta debugging (Zeller and
/// Hildebrandt's ddmin). All of them fail.
[[nodiscard]] inline std::vector<std::size_t> shortened(
    std::vector<std::size_t> all, const std::function<bool(const std::vector<std::size_t>&)>& fails) {
    std::size_t parts = 2;
    while (all.size() > 1) {
        const auto part = (all.size() + parts - 1) / parts;
        bool smaller = false;
        for (std::size_t at = 0; at < all.size() && !smaller; at += part) {
            auto rest = all;
            const auto first = rest.begin() + static_cast<std::ptrdiff_t>(at);
            rest.erase(first, rest.begin() + static_cast<std::ptrdiff_t>(std::min(at + part, rest.size())));
            if (!fails(rest)) continue;
            all = std::move(rest);
            parts = std::max<std::size_t>(parts - 1, 2);
            smaller = true;
        }
        if (smaller) continue;
        if (parts >= all.size()) break;
        parts = std::min(2 * parts, all.size());
    }
    return all;
}

}  // namespace world
