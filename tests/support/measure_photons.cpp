#include "tests/support/measure_photons.h"

#include <algorithm>
#include <cmath>

namespace measure {

Line fit(const std::vector<double>& x, const std::vector<double>& y) {
    const auto n = static_cast<double>(x.size());
    double sx = 0, sy = 0, sxx = 0, sxy = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
        sx += x[i], sy += y[i];
        sxx += x[i] * x[i], sxy += x[i] * y[i];
    }
    const double slope = (n * sxy - sx * sy) / (n * sxx - sx * sx);
    return {slope, (sy - slope * sx) / n};
}

/// y = a x + b with relative weights is y/x = a + b/x with even ones.
Linearity linearity(const std::vector<double>& x, const std::vector<double>& y) {
    std::vector<double> inverse, ratio;
    for (std::size_t i = 0; i < x.size(); ++i) {
        inverse.push_back(1 / x[i]);
        ratio.push_back(y[i] / x[i]);
    }
    const Line by_inverse = fit(inverse, ratio);
    Linearity result{{by_inverse.offset, by_inverse.slope}, 0};
    for (std::size_t i = 0; i < x.size(); ++i) {
        const double expected = result.line.slope * x[i] + result.line.offset;
        result.error = std::max(result.error, std::abs(y[i] / expected - 1));
    }
    return result;
}

Temporal temporal(Bench& bench) {
    const Picture a = bench.shoot(), b = bench.shoot();
    double sum = 0, difference = 0, squares = 0, count = 0;
    for (int y = 0; y < a.height(); ++y) {
        for (int x = 0; x < a.width(); ++x) {
            if (a.channel(x, y) != 1) continue;
            const double d = a.dn.at(x, y) - b.dn.at(x, y);
            sum += a.dn.at(x, y) + b.dn.at(x, y);
            difference += d, squares += d * d;
            count += 1;
        }
    }
    const double offset = difference / count;
    return {sum / (2 * count), (squares / count - offset * offset) / 2};
}

Spatial spatial(Bench& bench, int frames, int channel) {
    const Picture first = bench.shoot();
    const std::size_t size = first.dn.samples.size();
    std::vector<double> sum(first.dn.samples), squares(size);
    for (std::size_t i = 0; i < size; ++i) squares[i] = sum[i] * sum[i];
    for (int f = 1; f < frames; ++f) {
        const Picture next = bench.shoot();
        for (std::size_t i = 0; i < size; ++i) {
            sum[i] += next.dn.samples[i];
            squares[i] += next.dn.samples[i] * next.dn.samples[i];
        }
    }
    double total = 0, of_squares = 0, noise = 0, count = 0;
    for (int y = 0; y < first.height(); ++y) {
        for (int x = 0; x < first.width(); ++x) {
            if (channel == 1 && ((first.y + y) % 2 != 0 || first.channel(x, y) != 1)) continue;
            if (channel == 0 || channel == 2) {
                if (first.channel(x, y) != channel) continue;
            }
            const auto i = static_cast<std::size_t>(y) * static_cast<std::size_t>(first.width()) +
                           static_cast<std::size_t>(x);
            const double mean = sum[i] / frames;
            total += mean, of_squares += mean * mean;
            noise += (squares[i] / frames - mean * mean) / (frames - 1);  // of the mean
            count += 1;
        }
    }
    const double mean = total / count;
    return {mean, of_squares / count - mean * mean - noise / count};
}

}  // namespace measure
