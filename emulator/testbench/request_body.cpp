#include "emulator/testbench/request_body.h"

#include <algorithm>
#include <charconv>

#include "emulator/acquisition/trigger.h"

namespace emulator::testbench {
namespace {

using nlohmann::json;
using scenes::ConfigError;
using scenes::Node;

constexpr double kDay_us = 86'400e6;
constexpr double kLargestWhole = 2'147'483'647;
constexpr double kBouncesMax = 1000;
constexpr auto kFarthest = std::chrono::hours(24);
constexpr auto kShortest_us = 0.001;

std::int64_t whole_of(const Node& node, const std::string& key) {
    const auto* value = node.value(key);
    if (!value->is_number_integer()) node.unfit(key, "A whole number");
    // Above the range of signed numbers it is far in the future, and stays there.
    if (value->is_number_unsigned() && value->get<std::uint64_t>() > INT64_MAX) return INT64_MAX;
    return value->get<std::int64_t>();
}

void add_bounces(const Node& node, PulseTrain& train) {
    train.bounces = node.whole("times", {0, kBouncesMax});
    train.bounce = time_of(node, "us", 0);
    if (train.bounces > 0 && train.bounce < Time(2 * train.bounces))
        node.wrong("us", "too short for this number of bounces.");
    node.done();
}

}  // namespace

json parse_body(const std::string& body) {
    if (body.find_first_not_of(" \t\r\n") == std::string::npos) return json::object();
    auto value = json::parse(body, nullptr, false);
    if (value.is_discarded()) throw ConfigError("body", "", "this is not JSON.");
    return value;
}

Time begin_of(const Node& node, const protocol::Clock& clock, Time now) {
    if (!node.has("at_ns")) return node.has("after_us") ? now + time_of(node, "after_us", 0) : now;
    if (node.has("after_us")) node.wrong("after_us", "this and at_ns exclude each other.");
    const protocol::Timestamp wanted{Time(whole_of(node, "at_ns"))};
    const auto stands = clock.at(now);
    const auto clock_says =
        "the camera's clock stands at " + std::to_string(stands.time_since_epoch().count()) + " ns";
    if (wanted < stands) node.wrong("at_ns", "this time is past; " + clock_says + ".");
    if (wanted - stands > kFarthest) node.wrong("at_ns", "this is more than a day away; " + clock_says + ".");
    return clock.oscillator_at(wanted);
}

Time time_of(const Node& node, const std::string& key, double us_min) {
    return acquisition::time_from_us(node.number(key, {us_min, kDay_us, "us"}));
}

PulseTrain train_of(const Node& node) {
    PulseTrain train{.period = time_of(node, "period_us", kShortest_us),
                     .width = time_of(node, "width_us", kShortest_us)};
    train.count = static_cast<std::uint64_t>(node.whole_or("count", {0, kLargestWhole}, 0));
    train.high = node.flag_or("high", true);
    if (node.has("jitter_us")) train.jitter = time_of(node, "jitter_us", 0);
    train.seed = static_cast<std::uint64_t>(node.whole_or("seed", {0, kLargestWhole}, 1));
    if (node.has("bounce")) add_bounces(node.object("bounce"), train);

    const auto bounce = train.bounces > 0 ? train.bounce : Time::zero();
    if (train.width <= bounce) node.wrong("width_us", "a pulse must be longer than its bounces.");
    if (train.count == 1) return train;
    if (train.period <= train.jitter + train.width + bounce)
        node.wrong("period_us", "a period must be longer than jitter, width and bounces together.");
    const auto edges = 2 + 4 * train.bounces;
    if (train.period < edges * kMeanEdgeTime)
        node.wrong("period_us",
                   "a period must have at least 10 us for each of its " + std::to_string(edges) + " edges.");
    return train;
}

std::uint64_t number_or(const Query& query, const std::string& key, std::uint64_t otherwise) {
    const auto found = query.find(key);
    if (found == query.end()) return otherwise;
    const auto& text = found->second;
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size() || text.empty())
        throw ConfigError("query", key, "a whole number from 0 on is expected.");
    return number;
}

void only(const Query& query, std::initializer_list<std::string_view> keys) {
    for (const auto& [key, value] : query) {
        if (std::find(keys.begin(), keys.end(), key) == keys.end())
            throw ConfigError("query", key, "this key is not known here.");
    }
}

}  // namespace emulator::testbench
