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
constexpr Time kLatest{std::int64_t{1} << 62};

Wide floor_divide(Wide value, Wide by) { return value / by - (value % by < 0 ? 1 : 0); }

Time saturated(Wide value) {
    constexpr Wide least = std::numeric_limits<std::int64_t>::min(),
                   most = std::numeric_limits<std::int64_t>::max();
    return Time(static_cast<std::int64_t>(std::clamp(value, least, most)));
}

}  // namespace

Time Clock::at(Time oscillator) const {
    const Wide elapsed = Wide{oscillator.count()} - anchor_.count();
    return saturated(reads_.count() + elapsed + floor_divide(fraction_ + elapsed * rate_, kParts));
}

std::uint64_t Clock::ticks(Time oscillator) const {
    return static_cast<std::uint64_t>(std::max(at(oscillator), Time::zero()).count());
}

Time Clock::oscillator_at(Time reading) const {
    const Wide gain = (Wide{reading.count()} - reads_.count()) * kParts - fraction_;
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
    reads_ = Time(static_cast<std::int64_t>(
        std::clamp<Wide>(Wide{reads_.count()} + delta.count(), 0, kLatest.count())));
}

void Clock::steer(Time now, double ppb) {
    anchor(now);
    rate_ = std::llround(std::clamp(ppb, -kMaxSteer_ppb, kMaxSteer_ppb) * 1e3);
}

}  // namespace protocol
