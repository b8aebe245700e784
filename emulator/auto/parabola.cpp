#include "emulator/auto/parabola.h"

#include <cmath>

namespace emulator::auto_functions {

void ParabolaFit::add(double x, double y, double weight) {
    for (double power = weight, *sum = s_; sum != s_ + 5; ++sum, power *= x) *sum += power;
    for (double power = weight, *sum = t_; sum != t_ + 3; ++sum, power *= x) *sum += power * y;
}

// The normal equations, by Cramer's rule.
std::optional<Parabola> ParabolaFit::solve() const {
    const auto& s = s_;
    const auto& t = t_;
    const double det = s[0] * (s[2] * s[4] - s[3] * s[3]) - s[1] * (s[1] * s[4] - s[2] * s[3]) +
                       s[2] * (s[1] * s[3] - s[2] * s[2]);
    if (std::abs(det) < 1e-9) return std::nullopt;
    const double a = t[0] * (s[2] * s[4] - s[3] * s[3]) - s[1] * (t[1] * s[4] - s[3] * t[2]) +
                     s[2] * (t[1] * s[3] - s[2] * t[2]);
    const double b = s[0] * (t[1] * s[4] - s[3] * t[2]) - t[0] * (s[1] * s[4] - s[2] * s[3]) +
                     s[2] * (s[1] * t[2] - t[1] * s[2]);
    const double c = s[0] * (s[2] * t[2] - t[1] * s[3]) - s[1] * (s[1] * t[2] - t[1] * s[2]) +
                     t[0] * (s[1] * s[3] - s[2] * s[2]);
    return Parabola{a / det, b / det, c / det};
}

}  // namespace emulator::auto_functions
