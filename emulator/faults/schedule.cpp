#include "emulator/faults/schedule.h"

#include <cmath>

namespace emulator::faults {
namespace {

constexpr scenes::Bounds kDay{0, 86'400e6, "us"};
constexpr scenes::Bounds kLength{1, 86'400e6, "us"};

Time time_of(double us) { return Time(std::llround(us * 1e3)); }

}  // namespace

Schedule read_schedule(const scenes::Node& node, bool at_once) {
    Schedule schedule{.after = time_of(node.number_or("after_us", kDay, 0))};
    if (!at_once && node.has("for_us")) schedule.length = time_of(node.number("for_us", kLength));
    if (node.has("every_us")) {
        schedule.period = time_of(node.number("every_us", kLength));
        schedule.times = node.whole_or("times", {0, 1e6}, 0);
        if (node.is_recording()) return schedule;
        if (!at_once && !schedule.length) node.wrong("every_us", "it takes for_us, or the fault never ends");
        if (schedule.length && *schedule.length >= *schedule.period)
            node.wrong("every_us", "a time longer than for_us was expected");
    } else if (node.has("times")) {
        node.wrong("times", "it takes every_us");
    }
    return schedule;
}

}  // namespace emulator::faults
