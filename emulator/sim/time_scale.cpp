#include "emulator/sim/time_scale.h"

#include <algorithm>

namespace emulator::sim {
namespace {

__extension__ using WideTime = __int128;

constexpr WideTime kLatest = std::int64_t{1} << 62;

Time bounded(WideTime ns) { return Time(static_cast<std::int64_t>(std::clamp(ns, -kLatest, kLatest))); }

WideTime floor_of(WideTime value, WideTime by) { return value / by - (value % by < 0 ? 1 : 0); }

}  // namespace

Time TimeScale::camera_at(Time host) const {
    const auto elapsed = WideTime{host.count()} - host_.count();
    return bounded(camera_.count() + floor_of(elapsed * rate_, kReal));
}

std::optional<Time> TimeScale::host_at(Time camera) const {
    if (rate_ == 0) return std::nullopt;
    const auto ahead = WideTime{camera.count()} - camera_.count();
    return bounded(host_.count() - floor_of(-ahead * kReal, rate_));
}

void TimeScale::set_rate(Time host, std::int64_t millionths) {
    jump(host, camera_at(host));
    rate_ = millionths;
}

void TimeScale::jump(Time host, Time camera) {
    host_ = host;
    camera_ = camera;
}

}  // namespace emulator::sim
