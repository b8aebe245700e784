#include "protocol/ptp/measurement.h"

#include <algorithm>

namespace protocol::ptp {
namespace {

/// Longest plausible path delay of a local network.
constexpr Time kMostDelay = std::chrono::seconds(1);

}  // namespace

bool Measurement::sync(const Message& message, Timestamp received) {
    if (used_ == message.sequence || (sync_ && sync_->sequence == message.sequence)) return false;
    sync_ = {.sequence = message.sequence, .time = received, .correction = message.correction()};
    if (!(message.flags & kTwoStep)) {
        follow_up_ = {.sequence = message.sequence, .time = message.time, .correction = {}};
    }
    return join();
}

bool Measurement::follow_up(const Message& message) {
    follow_up_ = {.sequence = message.sequence, .time = message.time, .correction = message.correction()};
    return join();
}

bool Measurement::join() {
    if (!sync_ || !follow_up_ || sync_->sequence != follow_up_->sequence) return false;
    forward_ = sync_->time - follow_up_->time - sync_->correction - follow_up_->correction;
    received_ = sync_->time;
    used_ = sync_->sequence;
    taken_ = false;
    sync_.reset();
    follow_up_.reset();
    return true;
}

void Measurement::request_sent(std::uint16_t sequence, Timestamp sent) {
    if (!request_ || request_->sequence != sequence) return;
    request_->sent = sent;
    finish_request();
}

void Measurement::response(const Message& message) {
    if (!request_ || request_->sequence != message.sequence) return;
    request_->arrived = message.time - message.correction();
    finish_request();
}

void Measurement::finish_request() {
    if (!forward_ || !request_->sent || !request_->arrived) return;
    const auto delay = (*forward_ + (*request_->arrived - *request_->sent)) / 2;
    request_.reset();
    if (std::chrono::abs(delay) < kMostDelay) delays_[delays_measured_++ % kDelays] = delay;
}

std::optional<Time> Measurement::path_delay() const {
    if (delays_measured_ == 0) return std::nullopt;
    auto delays = delays_;
    const auto end = delays.begin() + static_cast<std::ptrdiff_t>(std::min(delays_measured_, kDelays));
    const auto middle = delays.begin() + (end - delays.begin()) / 2;
    std::nth_element(delays.begin(), middle, end);
    return *middle;
}

std::optional<Measurement::Sample> Measurement::take_sample() {
    const auto delay = path_delay();
    if (!forward_ || !delay || taken_) return std::nullopt;
    taken_ = true;
    return Sample{.offset = *forward_ - *delay, .at = received_};
}

void Measurement::clock_stepped(Time by) {
    received_ += by;
    if (sync_) sync_->time += by;
    if (forward_) *forward_ += by;
    if (request_ && request_->sent) *request_->sent += by;
}

}  // namespace protocol::ptp
