#include "sensor_model/exact_math.h"

#include <cmath>

namespace sensor_model {

double exact_exp(double x) {
    if (x < -745) return 0;
    if (x > 710) return HUGE_VAL;
    // x = k ln 2 + r with |r| <= ln 2 / 2; ln 2 in two parts, so that the product with k is exact.
    const double k = std::floor(x * 1.4426950408889634 + 0.5);
    const double r = (x - k * 0.693147180369123816490) - k * 1.90821492927058770002e-10;
    double sum = 1;
    for (int n = 14; n >= 1; --n) sum = 1 + sum * r / n;
    return std::ldexp(sum, static_cast<int>(k));
}

double factor_from_db(double db) { return exact_exp(db * 0.11512925464970229); }

}  // namespace sensor_model
