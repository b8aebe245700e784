#include "emulator/auto/exposure_triple.h"

#include <algorithm>
#include <cmath>

#include "sensor_model/exact_math.h"

namespace emulator::auto_functions {
namespace {

constexpr double kIrisOpen_steps = 255;
constexpr double kCoarse_us = 64;                // below, gain makes up for steps of 1 us
constexpr double kGainStep_per_db = 10;          // gain is set in steps of 0.1 dB
constexpr double kGainUsed = 1.004;              // less light than that is missing: gain stays at its minimum
constexpr double kDbPerLog = 8.685889638065035;  // 20 / ln 10

double db_from_factor(double factor) { return kDbPerLog * sensor_model::exact_log(factor); }

struct Range {
    double least, most;
    [[nodiscard]] double clamp(double value) const { return std::clamp(value, least, most); }
};

/// From where to where each part of a triple may go: nowhere, if it is not automatic.
struct Ranges {
    Range exposure_us, gain_db, iris_steps;
};

Range range(bool automatic, double value, double least, double most) {
    return automatic ? Range{least, std::max(least, most)} : Range{value, value};
}

Ranges ranges(const ExposureTriple& triple, const AutoExposureSettings& settings) {
    const auto& limits = settings.limits;
    return {
        range(settings.exposure, triple.exposure_us, limits.exposure_us_min, limits.exposure_us_max),
        range(settings.gain, triple.gain_db, limits.gain_db_min, limits.gain_db_max),
        range(settings.iris, triple.iris_steps, limits.iris_steps_min, kIrisOpen_steps),
    };
}

/// Light through the iris relative to the open one.
double iris_light(double steps, const ExposureLimits& limits) {
    const double closed = limits.iris_steps_closed;
    const double open = std::max(1.0, steps - closed) / (kIrisOpen_steps - closed);
    return open * open;
}

/// Of the iris that lets so much through, up to the next whole step.
double iris_steps_for(double light, const ExposureLimits& limits) {
    const double closed = limits.iris_steps_closed;
    return std::ceil(std::sqrt(light) * (kIrisOpen_steps - closed) + closed - 1e-6);
}

/// Whole microseconds; rounded down where gain can give what is missing.
double whole_us(double exposure_us, bool gain_follows) {
    const bool coarse = gain_follows && exposure_us < kCoarse_us;
    return coarse ? std::floor(exposure_us) : std::floor(exposure_us + 0.5);
}

/// In whole steps.
double gain_db_for(double factor) {
    return factor > kGainUsed ? std::floor(kGainStep_per_db * db_from_factor(factor) + 0.5) / kGainStep_per_db
                              : 0;
}

}  // namespace

double longest_exposure_us(double frame_rate_hz) {
    return std::clamp(std::floor(1e6 / frame_rate_hz), 20.0, 30e6);
}

ExposureTriple within_limits(const ExposureTriple& triple, const AutoExposureSettings& settings) {
    const Ranges allowed = ranges(triple, settings);
    return {allowed.exposure_us.clamp(triple.exposure_us), allowed.gain_db.clamp(triple.gain_db),
            allowed.iris_steps.clamp(triple.iris_steps)};
}

bool in_effect(const ExposureTriple& measured_with, const ExposureTriple& triple) {
    return std::abs(measured_with.exposure_us - triple.exposure_us) <= 0.002 * triple.exposure_us + 0.5 &&
           std::abs(measured_with.gain_db - triple.gain_db) < 0.051;
}

ExposureTriple brightened(const ExposureTriple& from, double factor, const ExposureTriple& current,
                          const AutoExposureSettings& settings) {
    const auto& limits = settings.limits;
    const Ranges allowed = ranges(within_limits(current, settings), settings);
    // What exposure and iris have to give, at the least gain.
    const double light = factor * from.exposure_us * sensor_model::factor_from_db(from.gain_db) *
                         iris_light(from.iris_steps, limits) /
                         sensor_model::factor_from_db(allowed.gain_db.least);
    ExposureTriple triple;
    // The iris opens where the longest exposure is too short; the exposure makes up for its whole steps.
    triple.iris_steps = allowed.iris_steps.clamp(iris_steps_for(light / allowed.exposure_us.most, limits));
    const double through = iris_light(triple.iris_steps, limits);
    const double exact_us = allowed.exposure_us.clamp(light / through);
    triple.exposure_us = allowed.exposure_us.clamp(whole_us(exact_us, settings.gain));
    const double missing = light / (through * triple.exposure_us);
    triple.gain_db = allowed.gain_db.clamp(allowed.gain_db.least + gain_db_for(missing));
    return triple;
}

}  // namespace emulator::auto_functions
