#include "scenes/raster/horizon.h"

#include <algorithm>

#include "scenes/geometry/rectangles.h"
#include "scenes/kernels/edge_areas.h"

namespace scenes {
namespace {

using light::Rect;
using Block = TangentMap::Block;

bool whole_in_front(const Block& block, const Horizon& horizon) {
    const Point corners[] = {{0, 0}, {1, 0}, {0, 1}, {1, 1}};
    return std::all_of(std::begin(corners), std::end(corners), [&](const Point& corner) {
        return horizon.in_front(horizon.inverse_z(block.at(corner.x, corner.y)));
    });
}

/// How much of a sample sees the plane.
double share_of(const Block& block, const Horizon& horizon, double x, double y, double size) {
    const auto at = [&](double dx, double dy) {
        return horizon.inverse_z(block.at((x + dx) / size, (y + dy) / size));
    };
    const double middle = at(0.5, 0.5), across = at(1, 0.5) - at(0, 0.5), down = at(0.5, 1) - at(0.5, 0);
    return area_beyond_edge(middle, across, down) - area_beyond_edge(middle - horizon.most, across, down);
}

}  // namespace

void cut_at_horizon(light::Layer& layer, const TangentMap& map, const Horizon& horizon) {
    const int n = map.block_samples();
    const Rect whole = map.samples();
    for (int row = 0; row * n < whole.height; ++row)
        for (int column = 0; column * n < whole.width; ++column) {
            const Rect part = overlap({column * n, row * n, n, n}, whole);
            for (int c = 0; c < 3; ++c) {
                const Block block = map.block(c, column, row);
                if (whole_in_front(block, horizon)) continue;
                auto& signal = layer.signal[static_cast<std::size_t>(c)];
                for (int y = part.y; y < part.y + part.height; ++y)
                    for (int x = part.x; x < part.x + part.width; ++x)
                        signal.at(x, y) *= static_cast<float>(
                            std::max(0.0, share_of(block, horizon, x - part.x, y - part.y, n)));
            }
        }
}

}  // namespace scenes
