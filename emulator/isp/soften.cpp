#include "emulator/isp/soften.h"

#include <algorithm>
#include <vector>

namespace emulator::isp {
namespace {

constexpr std::uint32_t kOwn = 238, kNext = 9, kBits = 16;  // along both axes they add up to 1 << kBits

/// Index of the neighbour two away, mirrored at the border; the sample itself if there is none.
int neighbour(int at, int step, int length) {
    const auto inside = [length](int place) { return place >= 0 && place < length; };
    return inside(at + step) ? at + step : inside(at - step) ? at - step : at;
}

}  // namespace

scenes::light::Image<std::uint16_t> softened(const scenes::light::Image<std::uint16_t>& dn) {
    scenes::light::Image<std::uint16_t> out(dn.width, dn.height);
    std::vector<std::uint32_t> column(static_cast<std::size_t>(dn.width));
    for (int y = 0; y < dn.height; ++y) {
        const auto* above = dn.row(neighbour(y, -2, dn.height));
        const auto* below = dn.row(neighbour(y, 2, dn.height));
        const auto* own = dn.row(y);
        auto* to = out.row(y);
        for (int x = 0; x < dn.width; ++x)
            column[static_cast<std::size_t>(x)] = kOwn * own[x] + kNext * (above[x] + below[x]);
        const auto soft = [&](std::uint32_t left, std::uint32_t middle, std::uint32_t right) {
            return static_cast<std::uint16_t>(
                (kOwn * middle + kNext * (left + right) + (1U << (kBits - 1))) >> kBits);
        };
        const std::uint32_t* sums = column.data();
        for (int x = 2; x < dn.width - 2; ++x) to[x] = soft(sums[x - 2], sums[x], sums[x + 2]);
        for (const int x : {0, 1, dn.width - 2, dn.width - 1})
            to[x] = soft(sums[neighbour(x, -2, dn.width)], sums[x], sums[neighbour(x, 2, dn.width)]);
    }
    return out;
}

}  // namespace emulator::isp
