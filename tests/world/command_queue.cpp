#include "tests/world/command_queue.h"

namespace world {
namespace {

using support::be32, support::gvcp_command;

constexpr Time kPatience = 300ms;
constexpr int kTries = 5;

}  // namespace

void CommandQueue::open(Endpoint from) {
    from_ = from;
    network_.listen(from_, [this](ByteView datagram, Endpoint) { hear(datagram); });
}

void CommandQueue::begin(Endpoint camera) {
    camera_ = camera;
    waiting_.clear();
}

void CommandQueue::close(bool politely) {
    if (politely)
        network_.send(gvcp_command(kWriteRegister, ++last_id_, be32(kPrivilege) + be32(0)), from_, camera_);
    if (timeout_) network_.scheduler().cancel(*timeout_);
    timeout_.reset();
    waiting_.clear();
    network_.leave(from_);
}

void CommandQueue::ask(std::uint16_t code, const Bytes& payload, Then then) {
    if (++last_id_ == 0) last_id_ = 1;
    waiting_.push_back({.datagram = gvcp_command(code, last_id_, payload),
                        .code = code,
                        .id = last_id_,
                        .then = std::move(then)});
    if (waiting_.size() == 1) send_front();
}

void CommandQueue::send_front() {
    ++waiting_.front().tries;
    network_.send(waiting_.front().datagram, from_, camera_);
    wait_for_front(kPatience);
}

void CommandQueue::wait_for_front(Time time) {
    if (timeout_) network_.scheduler().cancel(*timeout_);
    timeout_ = network_.scheduler().after(time, [this] {
        timeout_.reset();
        if (waiting_.empty()) return;
        if (waiting_.front().tries < kTries) return send_front();
        if (const auto then = take_front()) then(std::nullopt);
    });
}

CommandQueue::Then CommandQueue::take_front() {
    auto then = std::move(waiting_.front().then);
    waiting_.pop_front();
    if (timeout_) network_.scheduler().cancel(*timeout_);
    timeout_.reset();
    if (!waiting_.empty()) send_front();
    return then;
}

void CommandQueue::hear(ByteView datagram) {
    if (datagram.size() < 8 || waiting_.empty()) return;
    const Answer answer{.status = static_cast<std::uint16_t>(number_at(datagram, 0, 2)),
                        .code = static_cast<std::uint16_t>(number_at(datagram, 2, 2)),
                        .id = static_cast<std::uint16_t>(number_at(datagram, 6, 2)),
                        .payload = {datagram.begin() + 8, datagram.end()}};
    const auto& front = waiting_.front();
    if (answer.id != front.id) return;
    if (answer.code == kPendingAck) return wait_for_front(1s);
    if (answer.code != front.code + 1) return;
    if (const auto then = take_front()) then(answer);
}

}  // namespace world
