#pragma once

#include <cmath>
#include <cstdint>
#include <vector>

#include "sensor_model/sensor.h"

/// Even light of any strength on the sensor, and the statistics of EMVA 1288.
namespace even_light {

inline const sensor_model::FixedPattern& real_pattern() {
    static const auto pattern = sensor_model::make_fixed_pattern(sensor_model::Chip{}, 1);
    return pattern;
}

/// That of a chip without flaws.
inline const sensor_model::FixedPattern& even_pattern() {
    static const auto pattern = [] {
        const sensor_model::Chip chip;
        sensor_model::FixedPattern even;
        even.prnu = even.dsnu = scenes::light::Image<std::int8_t>(chip.width, chip.height);
        even.dark = scenes::light::Image<std::uint8_t>(
            chip.width, chip.height, static_cast<std::uint8_t>(1 / sensor_model::kDarkStep));
        even.column_e.resize(static_cast<std::size_t>(chip.width));
        even.row_e.resize(static_cast<std::size_t>(chip.height));
        return even;
    }();
    return pattern;
}

/// One electron per second everywhere; the exposure of the still then counts electrons.
inline const scenes::light::Mosaic& unit_light() {
    static const scenes::light::Mosaic light(2048, 1536, 1.0F);
    return light;
}

inline sensor_model::Exposure electrons(double count) { return {{{&unit_light(), count}}, {}}; }

/// An exposure too short for dark current, at 25 °C, of a square in the middle.
inline sensor_model::Settings short_exposure(int side = 512) {
    sensor_model::Settings settings;
    settings.exposure_us = 20;
    settings.temperature_c = 25;
    settings.region = {512, 512, side, side};
    return settings;
}

struct Shot {
    double electrons = 0;
    sensor_model::Settings settings = short_exposure();
    const sensor_model::FixedPattern& pattern = real_pattern();
    sensor_model::Chip chip{};
};

inline sensor_model::RawFrame take(const Shot& shot, std::uint64_t frame = 0) {
    return expose(shot.chip, shot.pattern, electrons(shot.electrons), shot.settings, {7, frame});
}

struct Moments {
    double mean = 0, variance = 0, skewness = 0, kurtosis = 0;  // kurtosis without the 3 of the normal law
};

template <class Values>
Moments moments(const Values& values) {
    const auto count = static_cast<double>(values.size());
    Moments m;
    for (const auto value : values) m.mean += value / count;
    double third = 0, fourth = 0;
    for (const auto value : values) {
        const double d = value - m.mean;
        m.variance += d * d / count;
        third += d * d * d / count;
        fourth += d * d * d * d / count;
    }
    m.skewness = third / std::pow(m.variance, 1.5);
    m.kurtosis = fourth / (m.variance * m.variance) - 3;
    return m;
}

inline Moments moments(const sensor_model::RawFrame& frame) { return moments(frame.dn.samples); }

/// Mean and temporal variance from two frames of the same light.
inline Moments temporal(const Shot& shot) {
    const auto a = take(shot, 0), b = take(shot, 1);
    double sum = 0, difference = 0, squares = 0;
    for (std::size_t i = 0; i < a.dn.samples.size(); ++i) {
        const double d = static_cast<double>(a.dn.samples[i]) - b.dn.samples[i];
        sum += a.dn.samples[i] + b.dn.samples[i];
        difference += d;
        squares += d * d;
    }
    const auto count = static_cast<double>(a.dn.samples.size());
    const double offset = difference / count;
    return {sum / (2 * count), (squares / count - offset * offset) / 2};
}

/// The mean of many frames, pixel by pixel, and the spatial variance in it after that of the noise is taken
/// off.
struct Stack {
    std::vector<double> mean_dn;
    double spatial_variance = 0;
};

inline Stack stack(const Shot& shot, int frames) {
    std::vector<double> sum, squares;
    for (int f = 0; f < frames; ++f) {
        const auto frame = take(shot, static_cast<std::uint64_t>(f));
        sum.resize(frame.dn.samples.size());
        squares.resize(sum.size());
        for (std::size_t i = 0; i < sum.size(); ++i) {
            const double dn = frame.dn.samples[i];
            sum[i] += dn;
            squares[i] += dn * dn;
        }
    }
    double noise = 0;
    for (std::size_t i = 0; i < sum.size(); ++i) {
        sum[i] /= frames;
        noise += (squares[i] / frames - sum[i] * sum[i]) * frames / (frames - 1.0) /
                 static_cast<double>(sum.size());
    }
    Stack result{sum, 0};
    result.spatial_variance = moments(sum).variance - noise / frames;
    return result;
}

struct Line {
    double slope = 0, offset = 0;
};

/// Least squares.
inline Line fit(const std::vector<double>& x, const std::vector<double>& y) {
    const auto n = static_cast<double>(x.size());
    double sx = 0, sy = 0, sxx = 0, sxy = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
        sx += x[i];
        sy += y[i];
        sxx += x[i] * x[i];
        sxy += x[i] * y[i];
    }
    const double slope = (n * sxy - sx * sy) / (n * sxx - sx * sx);
    return {slope, (sy - slope * sx) / n};
}

}  // namespace even_light
