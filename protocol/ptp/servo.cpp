#include "protocol/ptp/servo.h"

#include <algorithm>
#include <cmath>

namespace protocol::ptp {
namespace {

/// Largest plausible frequency error; measurements beyond are discarded.
constexpr double kMostRatePpb = 500'000;
/// Largest slew rate.
constexpr double kMostSlewPpb = 100'000;
/// Step threshold: larger offsets step the clock, smaller ones are slewed. While the servo settles it is
/// lower.
constexpr double kStepNs = 1'000'000, kStepNsAtFirst = 20'000;
/// Time constant of the fading memory, and its number of samples.
constexpr double kMemoryS = 8;
constexpr int kMemoryMin = 8, kMemoryMax = 64;
/// Samples before outliers are rejected.
constexpr int kSamplesToJudge = 4;
/// Outlier: farther off the line than this and than so many times the mean distance. Outliers that persist
/// are accepted.
constexpr double kOutlierNs = 5'000, kOutlierSpreads = 6;
constexpr int kOutliersMax = 5;
constexpr Time kOutliersTime = std::chrono::milliseconds(500);

}  // namespace

void Servo::restart() {
    samples_ = 0;
    outliers_ = 0;
}

Correction Servo::hold() {
    applied_ppb_ = rate_ppb_;
    return {.step = {}, .rate_ppb = applied_ppb_};
}

int Servo::memory(double interval_s) const {
    return static_cast<int>(std::clamp<double>(kMemoryS / interval_s, kMemoryMin, kMemoryMax));
}

bool Servo::stands_out(double residual_ns, Timestamp at) {
    if (samples_ < kSamplesToJudge || std::abs(residual_ns) < kOutlierNs + kOutlierSpreads * spread_ns_) {
        outliers_ = 0;
        return false;
    }
    if (outliers_++ == 0) outliers_since_ = at;
    return outliers_ <= kOutliersMax || at - outliers_since_ < kOutliersTime;
}

Correction Servo::sample(Time offset, Timestamp at) {
    const auto interval_s = std::chrono::duration<double>(at - at_).count();
    if (samples_ > 0 && interval_s <= 0) return {.step = {}, .rate_ppb = applied_ppb_};
    auto expected_ns = samples_ > 0 ? offset_ns_ + (applied_ppb_ - rate_ppb_) * interval_s : 0;
    auto residual_ns = static_cast<double>(offset.count()) - expected_ns;
    if (stands_out(residual_ns, at)) return {.step = {}, .rate_ppb = applied_ppb_};
    // The master was stepped, or the first samples were outliers: the estimate is discarded.
    const bool absurd =
        samples_ > 0 && samples_ < kSamplesToJudge && std::abs(residual_ns) > kMostRatePpb * interval_s;
    if (outliers_ > 0 || absurd) {
        restart();
        expected_ns = 0;
        residual_ns = static_cast<double>(offset.count());
    }

    // A straight line by least squares, one sample at a time; with a bound on n, older samples fade.
    at_ = at;
    if (samples_ == 0) {
        samples_ = 1;
        offset_ns_ = residual_ns;
        spread_ns_ = 0;
        return correct(1);
    }
    const int n = std::min(samples_ + 1, memory(interval_s));
    samples_ = n;
    const double gain = 2.0 * (2 * n - 1) / (n * (n + 1.0)), rate_gain = 6.0 / (n * (n + 1.0));
    offset_ns_ = expected_ns + gain * residual_ns;
    rate_ppb_ = std::clamp(rate_ppb_ - rate_gain * residual_ns / interval_s, -kMostRatePpb, kMostRatePpb);
    if (n > 2) spread_ns_ += (std::abs(residual_ns) - spread_ns_) / std::min(n - 2, kMemoryMin);
    return correct(interval_s);
}

Correction Servo::correct(double interval_s) {
    Correction correction;
    if (std::abs(offset_ns_) > (settled() ? kStepNs : kStepNsAtFirst)) {
        correction.step = Time(-std::llround(offset_ns_));
        at_ += correction.step;
        offset_ns_ = 0;
    }
    const auto slew_ppb =
        std::clamp(-offset_ns_ / std::max(2 * interval_s, 0.25), -kMostSlewPpb, kMostSlewPpb);
    applied_ppb_ = correction.rate_ppb = rate_ppb_ + slew_ppb;
    return correction;
}

}  // namespace protocol::ptp
