#include "emulator/testbench/routes/begin.h"

#include "emulator/acquisition/trigger.h"

namespace emulator::testbench::routes {
namespace {

using nlohmann::json;

constexpr auto kFarthest = std::chrono::hours(24);

}  // namespace

Time time_of(const json& us) { return acquisition::time_from_us(us.get<double>()); }

Time begin_of(const json& body, const Bench& bench) {
    const auto& clock = bench.camera().device.clock;
    const auto now = bench.now();
    if (!body.contains("at_ns")) return body.contains("after_us") ? now + time_of(body["after_us"]) : now;
    if (body.contains("after_us"))
        throw Problem(kBadRequest, "after_us", "this and at_ns exclude each other.");
    const protocol::Timestamp wanted{Time(body["at_ns"].get<std::int64_t>())};
    const auto stands = clock.at(now);
    const auto clock_says =
        "the camera's clock stands at " + std::to_string(stands.time_since_epoch().count()) + " ns.";
    if (wanted < stands) throw Problem(kBadRequest, "at_ns", "this time is past; " + clock_says);
    if (wanted - stands > kFarthest)
        throw Problem(kBadRequest, "at_ns", "this is more than a day away; " + clock_says);
    return clock.oscillator_at(wanted);
}

}  // namespace emulator::testbench::routes
