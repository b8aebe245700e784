#include "scenes/light/progress.h"

#include <cmath>

namespace scenes::light {

Progress progress(double rate_per_s, std::chrono::nanoseconds time, double step) {
    const auto second = std::chrono::floor<std::chrono::seconds>(time);
    const auto seconds = static_cast<double>(second.count());
    const double rest_s = std::chrono::duration<double>(time - second).count();
    // A fused multiply-add rounds once, so it gives the rounding error of the product.
    const double far = rate_per_s * seconds, lost = std::fma(rate_per_s, seconds, -far);
    const double steps = std::floor(far / step);
    const double rest = std::fma(-steps, step, far) + (lost + rate_per_s * rest_s);
    const double more = std::floor(rest / step);
    return {static_cast<std::int64_t>(steps) + static_cast<std::int64_t>(more), std::fma(-more, step, rest)};
}

}  // namespace scenes::light
