#pragma once

#include <optional>

namespace emulator::auto_functions {

/// y = a + b x + c x².
struct Parabola {
    double a = 0, b = 0, c = 0;
};

/// The parabola through points that are not exact, by weighted least squares.
class ParabolaFit {
  public:
    void add(double x, double y, double weight);
    /// Nothing where the points lie at fewer than three places.
    [[nodiscard]] std::optional<Parabola> solve() const;

  private:
    double s_[5] = {}, t_[3] = {};  // sums of w x^n and of w x^n y
};

}  // namespace emulator::auto_functions
