#include "emulator/isp/hue_saturation.h"

#include <cmath>
#include <cstddef>

namespace emulator::isp {
namespace {

constexpr double kLuma[3] = {0.299, 0.587, 0.114};

struct Turn {
    double cosine = 1, sine = 0;
};

// By its series, because the library's own functions differ between machines in the last bit. Right angles
// are exact.
Turn turn(double hue_deg) {
    const double quarters = std::floor(hue_deg / 90 + 0.5);
    const double x = (hue_deg - 90 * quarters) * (3.14159265358979323846 / 180), x2 = x * x;
    double cosine = 1, sine = 1;
    for (int n = 20; n >= 2; n -= 2) {
        cosine = 1 - x2 / (n * (n - 1)) * cosine;
        sine = 1 - x2 / (n * (n + 1)) * sine;
    }
    sine *= x;
    const int quarter = static_cast<int>(quarters) & 3;
    const Turn turns[4] = {{cosine, sine}, {-sine, cosine}, {-cosine, -sine}, {sine, -cosine}};
    return turns[quarter];
}

/// What one input colour contributes to the three outputs.
struct Contribution {
    double red, green, blue;
};

Contribution contribution(int input, const Turn& turn, double stretch) {
    const double y = kLuma[input];
    const double u = ((input == 2 ? 1 : 0) - y) / (2 * (1 - kLuma[2])),
                 v = ((input == 0 ? 1 : 0) - y) / (2 * (1 - kLuma[0]));
    const double cb = stretch * (turn.cosine * u - turn.sine * v),
                 cr = stretch * (turn.sine * u + turn.cosine * v);
    const double red = y + 2 * (1 - kLuma[0]) * cr, blue = y + 2 * (1 - kLuma[2]) * cb;
    return {red, (y - kLuma[0] * red - kLuma[2] * blue) / kLuma[1], blue};
}

std::int32_t fixed(double value) { return static_cast<std::int32_t>(std::floor(value * kMatrixUnit + 0.5)); }

}  // namespace

Matrix hue_saturation(double hue_deg, double saturation) {
    const Turn angle = turn(hue_deg);
    Matrix matrix;
    for (int input = 0; input < 3; ++input) {
        const auto part = contribution(input, angle, saturation / 64);
        matrix.factor[input] = fixed(part.red);
        matrix.factor[3 + input] = fixed(part.green);
        matrix.factor[6 + input] = fixed(part.blue);
    }
    // The rounding error of a row goes to its diagonal.
    for (std::size_t row = 0; row < 3; ++row) {
        const std::int32_t* factor = &matrix.factor[3 * row];
        matrix.factor[4 * row] += kMatrixUnit - (factor[0] + factor[1] + factor[2]);
    }
    return matrix;
}

}  // namespace emulator::isp
