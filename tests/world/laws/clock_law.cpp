#include "tests/world/laws/clock_law.h"

namespace world {
namespace {

/// From then on a slave is near its master. The bounds are those of the way's jitter.
constexpr Time kSettling = 25s, kNear = 2us, kOffsetError = 2us;
/// More than that within a second is a step.
constexpr double kRateMost = 2e-4;

}  // namespace

void ClockLaw::starts() {
    stream_.clock_stepped();
    events_.clock_stepped();
    last_at_ = scene_.now();
    last_reading_ = static_cast<std::int64_t>(scene_.camera->camera.device.clock.ticks(scene_.camera->now()));
    quiet_since_ = scene_.now();
}

void ClockLaw::settles() {
    auto& camera = scene_.camera->camera;
    const auto reading = static_cast<std::int64_t>(camera.device.clock.ticks(scene_.camera->now()));
    const auto passed = (scene_.now() - last_at_).count();
    const auto error = static_cast<double>(std::abs(reading - last_reading_ - passed));
    if (error > kRateMost * static_cast<double>(passed) + 10) {
        stream_.clock_stepped();
        events_.clock_stepped();
    }
    last_at_ = scene_.now();
    last_reading_ = reading;
    const auto& port = camera.ptp().port();
    const auto ahead = ahead_();
    if (port.state() != protocol::ptp::State::slave || !ahead) {
        quiet_since_ = std::max(quiet_since_, scene_.now());
        return;
    }
    if (scene_.now() < quiet_since_ + kSettling) return;
    require(std::chrono::abs(*ahead) < kNear && std::chrono::abs(*ahead - port.offset()) < kOffsetError,
            "the offset is where the servo says", [&] {
                return "the clock is " + std::to_string(ahead->count()) +
                       " ns ahead of its master, and PTP says " + std::to_string(port.offset().count()) +
                       " ns";
            });
}

}  // namespace world
