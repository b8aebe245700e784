#include "protocol/clock.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace protocol {
namespace {

__extension__ using Wide = __int128;

/// Parts of a nanosecond that rates and fractions are counted in.
constexpr std::int64_t kParts = 1'000'000'000'000;

/// In 2116: whoever adds an exposure to a reading does not overflow.
constexpr std::int64_t kLatest = std::int64_t{1} << 62;

Wide count(Timestamp reading) { return reading.time_since_epoch().count(); }

Wide floor_divide(Wide value, Wide by) { return value / by - (value % by < 0 ? 1 : 0); }

Time saturated(Wide value) {
    constexpr Wide least = std::numeric_limits<std::int64_t>::min(),
                   most = std::numeric_limits<std::int64_t>::max();
    return Time(static_cast<std::int64_t>(std::clamp(value, least, most)));
}

}  // namespace

Timestamp Clock::at(Time oscillator) const {
    const Wide elapsed = Wide{oscillator.count()} - anchor_.count();
    return Timestamp(saturated(count(reads_) + elapsed + floor_divide(fraction_ + elapsed * rate_, kParts)));
}

Time Clock::oscillator_at(Timestamp reading) const {
    const Wide gain = (count(reading) - count(reads_)) * kParts - fraction_;
    return saturated(anchor_.count() - floor_divide(-gain, kParts + rate_));
}

void Clock::anchor(Time now) {
    const Wide elapsed = Wide{now.count()} - anchor_.count();
    const Wide gained = fraction_ + elapsed * rate_;
    reads_ = at(now);
    fraction_ = static_cast<std::int64_t>(gained - floor_divide(gained, kParts) * kParts);
    anchor_ = now;
}

void Clock::reset(Time now) {
    anchor_ = now;
    reads_ = {};
    fraction_ = 0;
}

void Clock::step(Time now, Time delta) {
    anchor(now);
    reads_ = Timestamp(saturated(std::clamp<Wide>(count(reads_) + delta.count(), 0, kLatest)));
}

void Clock::steer(Time now, double ppb) {
    anchor(now);
    rate_ = std::llround(std::clamp(ppb, -kMaxSteer_ppb, kMaxSteer_ppb) * 1e3);
}

}  // namespace protocol
