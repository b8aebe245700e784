#include "sensor_model/exact_math.h"

#include <cmath>

namespace sensor_model {
namespace {

constexpr double kReciprocal[15] = {0,        1.0,      1.0 / 2,  1.0 / 3,  1.0 / 4,
                                    1.0 / 5,  1.0 / 6,  1.0 / 7,  1.0 / 8,  1.0 / 9,
                                    1.0 / 10, 1.0 / 11, 1.0 / 12, 1.0 / 13, 1.0 / 14};

}  // namespace

double exact_exp(double x) {
    if (x < -745) return 0;
    if (x > 710) return HUGE_VAL;
    // x = k ln 2 + r with |r| <= ln 2 / 2; ln 2 in two parts, so that the product with k is exact.
    const double k = std::floor(x * 1.4426950408889634 + 0.5);
    const double r = (x - k * 0.693147180369123816490) - k * 1.90821492927058770002e-10;
    double sum = 1;
    for (int n = 14; n >= 1; --n) sum = 1 + sum * (r * kReciprocal[n]);
    return std::ldexp(sum, static_cast<int>(k));
}

double exact_log(double x) {
    // Halley's method on exp(y) = x; each step triples the digits, from a start that is good to half a binary
    // order.
    int exponent = 0;
    static_cast<void>(std::frexp(x, &exponent));
    double y = (exponent - 0.5) * 0.6931471805599453;
    for (int step = 0; step < 5; ++step) {
        const double e = exact_exp(y);
        y += 2 * (x - e) / (x + e);
    }
    return y;
}

double factor_from_db(double db) { return exact_exp(db * 0.11512925464970229); }

}  // namespace sensor_model
