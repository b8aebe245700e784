#include "tests/support/measure_colour.h"

#include <cmath>
#include <numbers>

#include "tests/support/cie_observer.h"

namespace measure {
namespace {

using std::numbers::pi;

constexpr Three kWhite{0.95047, 1, 1.08883};  // D65

double radians(double degrees) { return degrees * pi / 180; }

/// An angle in degrees, 0 to 360; none for grey.
double hue_deg(double a, double b) {
    if (a == 0 && b == 0) return 0;
    const double angle = std::atan2(b, a) * 180 / pi;
    return angle < 0 ? angle + 360 : angle;
}

double seventh_root_share(double chroma) {
    const double c7 = std::pow(chroma, 7);
    return std::sqrt(c7 / (c7 + std::pow(25.0, 7)));
}

struct Hues {
    double difference_deg, mean_deg;
};

/// Around the circle the shorter way; grey has no hue.
Hues hues(double h1, double h2, double chroma_product) {
    if (chroma_product == 0) return {0, h1 + h2};
    double difference = h2 - h1, mean = (h1 + h2) / 2;
    if (std::abs(difference) > 180) {
        difference += difference > 0 ? -360 : 360;
        mean += h1 + h2 < 360 ? 180 : -180;
    }
    return {difference, mean};
}

}  // namespace

Three xyz_of(const scenes::light::Spectrum& reflectance, const scenes::light::Spectrum& light) {
    Three xyz{};
    double white = 0;
    for (std::size_t i = 0; i < cie_observer::kY.size(); ++i) {
        const double power = light[static_cast<int>(i)];
        const double reflected = power * reflectance[static_cast<int>(i)];
        xyz[0] += reflected * cie_observer::kX[i];
        xyz[1] += reflected * cie_observer::kY[i];
        xyz[2] += reflected * cie_observer::kZ[i];
        white += power * cie_observer::kY[i];
    }
    for (double& value : xyz) value /= white;
    return xyz;
}

Three xyz_from_srgb(const Three& rgb) {
    return {0.4124564 * rgb[0] + 0.3575761 * rgb[1] + 0.1804375 * rgb[2],
            0.2126729 * rgb[0] + 0.7151522 * rgb[1] + 0.0721750 * rgb[2],
            0.0193339 * rgb[0] + 0.1191920 * rgb[1] + 0.9503041 * rgb[2]};
}

Three lab_from_xyz(const Three& xyz) {
    const auto f = [&](std::size_t i) {
        constexpr double kDelta = 6.0 / 29;
        const double t = xyz[i] / kWhite[i];
        return t > kDelta * kDelta * kDelta ? std::cbrt(t) : t / (3 * kDelta * kDelta) + 4.0 / 29;
    };
    return {116 * f(1) - 16, 500 * (f(0) - f(1)), 200 * (f(1) - f(2))};
}

double ciede2000(const Three& lab_1, const Three& lab_2) {
    const double chroma = (std::hypot(lab_1[1], lab_1[2]) + std::hypot(lab_2[1], lab_2[2])) / 2;
    const double stretch = 1.5 - 0.5 * seventh_root_share(chroma);
    const double a1 = stretch * lab_1[1], a2 = stretch * lab_2[1];
    const double c1 = std::hypot(a1, lab_1[2]), c2 = std::hypot(a2, lab_2[2]);
    const Hues hue = hues(hue_deg(a1, lab_1[2]), hue_deg(a2, lab_2[2]), c1 * c2);

    const double dl = lab_2[0] - lab_1[0], dc = c2 - c1;
    const double dh = 2 * std::sqrt(c1 * c2) * std::sin(radians(hue.difference_deg / 2));
    const double l = (lab_1[0] + lab_2[0]) / 2, c = (c1 + c2) / 2, h = hue.mean_deg;
    const double t = 1 - 0.17 * std::cos(radians(h - 30)) + 0.24 * std::cos(radians(2 * h)) +
                     0.32 * std::cos(radians(3 * h + 6)) - 0.20 * std::cos(radians(4 * h - 63));
    const double from_50 = (l - 50) * (l - 50);
    const double sl = 1 + 0.015 * from_50 / std::sqrt(20 + from_50), sc = 1 + 0.045 * c,
                 sh = 1 + 0.015 * c * t;
    const double turn_deg = 30 * std::exp(-std::pow((h - 275) / 25, 2));
    const double rotation = -2 * seventh_root_share(c) * std::sin(radians(2 * turn_deg));
    const double x = dl / sl, y = dc / sc, z = dh / sh;
    return std::sqrt(x * x + y * y + z * z + rotation * y * z);
}

}  // namespace measure
