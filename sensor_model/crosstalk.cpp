#include "sensor_model/crosstalk.h"

#include <algorithm>
#include <cassert>
#include <cstddef>

#include "scenes/light/response.h"
#include "sensor_model/kernels/crosstalk.h"
#include "sensor_model/quantum_efficiency.h"

namespace sensor_model {

using scenes::light::Mosaic;
using scenes::light::Rect;

namespace {

/// What a row of the sensor keeps and takes; red and green take turns in even rows, green and blue in odd
/// ones. `odd` says whether the row that is wanted begins with an odd column.
Exchange exchange_in(const Crosstalk& given, int y, bool odd) {
    Exchange row{};
    for (int column = 0; column < 2; ++column) {
        const auto own = static_cast<std::size_t>((y & 1) + column);
        const auto beside = static_cast<std::size_t>((y & 1) + 1 - column);
        const auto above = static_cast<std::size_t>(1 - (y & 1) + column);
        const int place = odd ? 1 - column : column;
        row.kept[place] = static_cast<float>(1 - 4 * given[own]);
        row.from_beside[place] = static_cast<float>(given[beside]);
        row.from_above[place] = static_cast<float>(given[above]);
    }
    return row;
}

}  // namespace

Crosstalk crosstalk(const Chip& chip, const std::array<double, 3>& infrared_share) {
    Crosstalk given{chip.crosstalk_red, chip.crosstalk_green, chip.crosstalk_blue};
    for (std::size_t c = 0; c < 3; ++c) given[c] *= 1 + (chip.crosstalk_infrared - 1) * infrared_share[c];
    return given;
}

scenes::light::Diffusion diffusion(const Chip& chip) {
    return {{chip.diffusion_red_um, chip.diffusion_green_um, chip.diffusion_blue_um},
            chip.diffusion_infrared_um};
}

/// In even light R = (1 - 4 r) R' + 4 g G', G = 2 r R' + (1 - 4 g) G' + 2 b B', B = 4 g G' + (1 - 4 b) B'.
std::array<double, 3> efficiency_without_crosstalk(const Chip& chip, double wavelength_nm) {
    const double infrared = wavelength_nm < scenes::light::kInfraredBegins_nm ? 0 : 1;
    const auto [r, g, b] = crosstalk(chip, {infrared, infrared, infrared});
    const double red = quantum_efficiency(0, wavelength_nm), green = quantum_efficiency(1, wavelength_nm),
                 blue = quantum_efficiency(2, wavelength_nm);
    const double red_to_green = 2 * r / (1 - 4 * r), blue_to_green = 2 * b / (1 - 4 * b);
    const double alone = (green - red_to_green * red - blue_to_green * blue) /
                         (1 - 4 * g - 4 * g * (red_to_green + blue_to_green));
    return {(red - 4 * g * alone) / (1 - 4 * r), alone, (blue - 4 * g * alone) / (1 - 4 * b)};
}

void exchange(const Mosaic& alone, Rect whole, const Crosstalk& given, Mosaic& held, Rect inner,
              scenes::light::Isa isa) {
    assert(alone.width == whole.width && alone.height == whole.height);
    assert(held.width == inner.width && held.height == inner.height);
    assert(whole.width >= 2 && whole.height >= 2);
    const ExchangeRow row = GIGEMU_KERNEL(isa, exchange_row);
    const int left = inner.x - whole.x, top = inner.y - whole.y, right = left + inner.width;
    const auto mirrored = [](int i, int count) { return i < 0 ? 1 : i == count ? count - 2 : i; };
    for (int y = 0; y < inner.height; ++y) {
        const float* const above = alone.row(mirrored(top + y - 1, whole.height));
        const float* const here = alone.row(top + y);
        const float* const below = alone.row(mirrored(top + y + 1, whole.height));
        Exchange law = exchange_in(given, inner.y + y, (inner.x & 1) != 0);
        law.first_left = here[mirrored(left - 1, whole.width)];
        law.last_right = here[mirrored(right, whole.width)];
        row(law, above + left, here + left, below + left, inner.width, held.row(y));
    }
}

}  // namespace sensor_model
