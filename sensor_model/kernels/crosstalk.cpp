#include "sensor_model/kernels/crosstalk.h"

namespace sensor_model::GIGEMU_ISA {
namespace {

constexpr int kStrip = 16;

/// The two kinds of photosites side by side, as often as a strip has room for them.
struct Strip {
    float kept[kStrip], from_beside[kStrip], from_above[kStrip];
    explicit Strip(const Exchange& law) {
        for (int i = 0; i < kStrip; ++i) {
            kept[i] = law.kept[i % 2];
            from_beside[i] = law.from_beside[i % 2];
            from_above[i] = law.from_above[i % 2];
        }
    }
    [[nodiscard]] float held(int i, float here, float beside, float above) const {
        const float sum = kept[i] * here + (from_beside[i] * beside + from_above[i] * above);
        return sum > 0 ? sum : 0;
    }
};

}  // namespace

void exchange_row(const Exchange& law, const float* above, const float* here, const float* below, int width,
                  float* __restrict held) {
    const Strip strip(law);
    const auto at = [&](int x, float left, float right) {
        held[x] = strip.held(x % 2, here[x], left + right, above[x] + below[x]);
    };
    int x = 0;
    if (width > 0) at(x, law.first_left, width > 1 ? here[1] : law.last_right), ++x;
    if (width > 1) at(x, here[0], width > 2 ? here[2] : law.last_right), ++x;
    for (; x + kStrip < width; x += kStrip)
        for (int i = 0; i < kStrip; ++i)
            held[x + i] =
                strip.held(i, here[x + i], here[x + i - 1] + here[x + i + 1], above[x + i] + below[x + i]);
    for (; x < width; ++x) at(x, here[x - 1], x + 1 < width ? here[x + 1] : law.last_right);
}

}  // namespace sensor_model::GIGEMU_ISA
