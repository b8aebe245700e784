#include "tests/world/schedule.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "tests/support/wire.h"

namespace world {
namespace {

using namespace std::chrono_literals;

struct Row {
    const char* name;
    int weight;
    Time longest;  // that it lasts
};
/// By kind.
constexpr std::array<Row, Step::kinds> kRows{{{"loss", 3, 6s},         {"delay", 2, 6s},
                                              {"doubling", 3, 6s},     {"reordering", 3, 6s},
                                              {"partition", 2, 6s},    {"small MTU", 1, 3s},
                                              {"silent host", 1, 10s}, {"host stall", 3, 2s},
                                              {"sender stall", 1, 1s}, {"full send buffer", 1, 1s},
                                              {"disk failure", 2, 3s}, {"full disk", 1, 3s},
                                              {"power cut", 1, 3s},    {"power cut in a save", 2, 1s},
                                              {"id wrap", 1, 1s},      {"pulses", 4, 2s},
                                              {"client dies", 2, 3s},  {"client ends", 1, 3s},
                                              {"slow client", 2, 10s}, {"greedy client", 3, 10s},
                                              {"stranger", 6, 1s},     {"attacker", 6, 1s},
                                              {"flood", 1, 1s},        {"administrator", 2, 6s},
                                              {"forged ICMP", 2, 1s},  {"master gone", 1, 10s},
                                              {"PTP loss", 1, 6s}}};
constexpr Time kStepEach = 1200ms;  // and camera

Step::Kind pick(support::Dice& dice) {
    int all = 0;
    for (const auto& row : kRows) all += row.weight;
    auto left = static_cast<int>(dice.below(static_cast<std::uint64_t>(all)));
    std::size_t kind = 0;
    while (left >= kRows[kind].weight) left -= kRows[kind++].weight;
    return static_cast<Step::Kind>(kind);
}

}  // namespace

std::string Step::text() const {
    std::array<char, 96> line{};
    std::snprintf(line.data(), line.size(), "%s of camera %zu for %.3f s", kRows[kind].name, camera,
                  static_cast<double>(duration.count()) * 1e-9);
    return line.data();
}

std::vector<Step> make_schedule(std::uint64_t seed, std::size_t cameras, Time end) {
    support::Dice dice(seed);
    std::vector<Step> steps;
    for (std::size_t camera = 0; camera < cameras; ++camera) {
        for (Time at = 1s; at < end; at += kStepEach / 2 + Time(dice.below(kStepEach.count()))) {
            const auto kind = pick(dice);
            const auto longest = std::min(kRows[kind].longest, end - at);
            const Time duration(dice.below(static_cast<std::uint64_t>(longest.count()) + 1));
            steps.push_back(
                {.at = at, .duration = duration, .kind = kind, .camera = camera, .seed = dice.next()});
        }
    }
    std::ranges::stable_sort(steps, {}, &Step::at);
    return steps;
}

}  // namespace world
