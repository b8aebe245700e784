#include "emulator/acquisition/line.h"

#include <algorithm>
#include <cassert>

#include "scenes/light/random.h"

namespace emulator::acquisition {
namespace {

constexpr Time kTimeMax = std::chrono::hours(24);
constexpr int kBouncesMax = 1000;

/// 0 to `range`, both included; the same for the same pulse and purpose.
Time random_time(const PulseTrain& train, std::uint64_t pulse, std::uint64_t purpose, Time range) {
    const auto share = scenes::light::share(scenes::light::hash(train.seed, pulse, purpose));
    return Time(static_cast<std::int64_t>(share * static_cast<double>(range.count() + 1)));
}

/// Contact bounce: the line goes to `high`, then away and back, each time in its own slot of the bounce time.
void add_edge(std::vector<Edge>& edges, const PulseTrain& train, std::uint64_t pulse, Time at, bool high) {
    const auto closing = high == train.high;
    edges.push_back({at, high});
    for (int i = 0; i < 2 * train.bounces; ++i) {
        const auto slot = train.bounce / (2 * train.bounces);
        const auto purpose = 2 * static_cast<std::uint64_t>(i) + (closing ? 1 : 2);
        const auto in_slot = Time(1) + random_time(train, pulse, purpose, slot - Time(1));
        edges.push_back({at + i * slot + in_slot, (i % 2 == 0) != high});
    }
}

}  // namespace

bool valid(const PulseTrain& train) {
    const auto legal = [](Time time) { return time >= Time::zero() && time <= kTimeMax; };
    if (!legal(train.period) || !legal(train.width) || !legal(train.jitter) || !legal(train.bounce))
        return false;
    if (train.bounces < 0 || train.bounces > kBouncesMax) return false;
    if (train.bounces > 0 && train.bounce < Time(2 * train.bounces)) return false;
    const auto bounce = train.bounces > 0 ? train.bounce : Time::zero();
    return train.width > bounce && (train.count == 1 || train.period > train.jitter + train.width + bounce);
}

std::vector<Edge> pulse_edges(const PulseTrain& train, std::uint64_t pulse) {
    assert(valid(train));
    const auto begin =
        static_cast<std::int64_t>(pulse) * train.period + random_time(train, pulse, 0, train.jitter);
    std::vector<Edge> edges;
    add_edge(edges, train, pulse, begin, train.high);
    add_edge(edges, train, pulse, begin + train.width, !train.high);
    return edges;
}

void InputLine::set(bool high, Time at) {
    const auto later = [](const Edge& a, const Edge& b) { return a.at < b.at; };
    const Edge edge{at, high};
    script_.insert(std::upper_bound(script_.begin(), script_.end(), edge, later), edge);
}

void InputLine::pulse(bool high, Time at, Time width) {
    set(high, at);
    set(!high, at + width);
}

bool InputLine::play(const PulseTrain& train, Time start) {
    if (!valid(train)) return false;
    train_ = train;
    train_start_ = start;
    pulses_ = 0;
    load_pulse();
    return true;
}

void InputLine::stop() {
    script_.clear();
    pulse_.clear();
    train_.reset();
}

void InputLine::load_pulse() {
    pulse_.clear();
    if (!train_ || (train_->count > 0 && pulses_ == train_->count)) return;
    for (const auto& edge : pulse_edges(*train_, pulses_++))
        pulse_.push_back({train_start_ + edge.at, edge.high});
}

std::deque<Edge>* InputLine::first() {
    if (script_.empty() && pulse_.empty()) return nullptr;
    if (script_.empty() || (!pulse_.empty() && pulse_.front().at < script_.front().at)) return &pulse_;
    return &script_;
}

std::optional<Time> InputLine::deadline() const {
    if (script_.empty() && pulse_.empty()) return std::nullopt;
    const auto at = [](const std::deque<Edge>& edges) {
        return edges.empty() ? Time::max() : edges.front().at;
    };
    return std::min(at(script_), at(pulse_));
}

std::vector<Edge> InputLine::expire(Time now) {
    std::vector<Edge> changes;
    for (auto* source = first(); source && source->front().at <= now; source = first()) {
        const auto edge = source->front();
        source->pop_front();
        if (source == &pulse_ && pulse_.empty()) load_pulse();
        if (edge.high != high_) changes.push_back(edge);
        high_ = edge.high;
    }
    return changes;
}

}  // namespace emulator::acquisition
