#include "tests/world/laws/event_law.h"

#include <algorithm>

namespace world {
namespace {

namespace acquisition = emulator::acquisition;

/// As the manual numbers them, and where EventSelector has them.
constexpr std::uint16_t kExposureEnd = 0x9001, kTriggerMissed = 0x9002, kFalling = 0x9003, kRising = 0x9004,
                        kTest = 0x90FF, kSwitch = 0x0007;
constexpr std::uint32_t kTestEventGenerate = 0x0016'0008;
constexpr std::size_t kQueueLength = 64;

std::uint32_t selector_of(std::uint16_t id) { return id == kTest ? 6 : id - kExposureEnd; }

}  // namespace

void EventLaw::restart() {
    openings_ = scene_.promises.message_openings;
    waiting_.clear();
    sent_.clear();
    under_way_.reset();
    last_ticks_ = 0;
}

void EventLaw::happens(std::uint16_t id, std::uint64_t block_id) {
    if (openings_ != scene_.promises.message_openings) restart();
    if (!scene_.promises.message.open()) return;
    if (id != kSwitch && !scene_.promises.notified[selector_of(id)]) return;
    if (waiting_.size() < kQueueLength)
        waiting_.push_back({id, static_cast<std::uint16_t>(block_id), steps_});
}

void EventLaw::puts_out(const acquisition::Output& output, std::uint64_t block_id) {
    if (std::holds_alternative<acquisition::ExposureEnd>(output.what)) happens(kExposureEnd, block_id);
    if (std::holds_alternative<acquisition::TriggerMissed>(output.what)) happens(kTriggerMissed, 0);
    if (const auto* edge = std::get_if<acquisition::LineEdge>(&output.what))
        happens(edge->high ? kRising : kFalling, 0);
}

void EventLaw::after(const Reaction& reaction) {
    if (openings_ != scene_.promises.message_openings) restart();
    if (reaction.repeated) return;
    for (const auto& write : reaction.done)
        if (write.address == kTestEventGenerate) happens(kTest, 0);
    if (owner_ && scene_.promises.owner && owner_ != scene_.promises.owner) happens(kSwitch, 0);
}

void EventLaw::messages(ByteView datagram, Endpoint to) {
    sent_.push_back({.datagram = {datagram.begin(), datagram.end()}, .to = to, .at = scene_.now()});
}

void EventLaw::hears_message(ByteView datagram, Endpoint from) {
    settles();
    if (!under_way_ || from.ip != scene_.promises.message.ip || datagram.size() < 8) return;
    if (number_at(datagram, 2, 2) == kEvent + 1 && number_at(datagram, 6, 2) == under_way_->id)
        under_way_->acknowledged = true;
}

void EventLaw::settles() {
    if (openings_ != scene_.promises.message_openings) restart();
    for (const auto& sent : std::exchange(sent_, {})) judge(sent);
    if (!under_way_ || under_way_->acknowledged || scene_.now() < scene_.slack) return;
    const auto due = under_way_->last + std::chrono::milliseconds(under_way_->timeout_ms) + 1ms;
    const bool more = under_way_->timeout_ms != 0 && under_way_->sends < under_way_->retries + 1;
    require(!more || scene_.now() <= due, "events repeated until they are acknowledged",
            "an event that was not acknowledged is not repeated in time");
}

void EventLaw::judge(const Sent& sent) {
    const auto& promises = scene_.promises;
    const Endpoint due{promises.message.ip, promises.message.port};
    require(promises.message.open() && sent.to == due, "message destination", [&] {
        return "an event goes to " + world::text(sent.to) + " where " + world::text(due) + " is due";
    });
    const auto id = static_cast<std::uint16_t>(number_at(sent.datagram, 6, 2));
    require(id != 0, "events in order", "an event has the request id 0");
    if (under_way_ && under_way_->id == id) return judge_repetition(sent);
    const bool over = !under_way_ || under_way_->acknowledged || under_way_->timeout_ms == 0 ||
                      (under_way_->sends == under_way_->retries + 1 &&
                       sent.at >= under_way_->last + std::chrono::milliseconds(under_way_->timeout_ms));
    require(over, "events repeated until they are acknowledged",
            "an event leaves while the one before waits for its acknowledge");
    under_way_ = UnderWay{.id = id,
                          .last = sent.at,
                          .timeout_ms = promises.message_timeout_ms,
                          .retries = promises.message_retries};
    judge_items(sent);
}

void EventLaw::judge_repetition(const Sent& sent) {
    auto& one = *under_way_;
    require(!one.acknowledged, "events repeated until they are acknowledged",
            "an acknowledged event is repeated");
    require(sent.at >= one.last + std::chrono::milliseconds(one.timeout_ms) && ++one.sends <= one.retries + 1,
            "events repeated until they are acknowledged", [&] {
                return "an event is sent for the " + std::to_string(one.sends) + ". time, " +
                       std::to_string((sent.at - one.last).count() / 1'000'000) + " ms after the time before";
            });
    one.last = sent.at;
    one.timeout_ms = scene_.promises.message_timeout_ms;  // which may have been written since
}

void EventLaw::judge_items(const Sent& sent) {
    require(number_at(sent.datagram, 2, 2) == kEvent && sent.datagram.size() % 16 == 8, "events in order",
            "a malformed event");
    for (std::size_t at = 8; at < sent.datagram.size(); at += 16) {
        const Event event{static_cast<std::uint16_t>(number_at(sent.datagram, at + 2, 2)),
                          static_cast<std::uint16_t>(number_at(sent.datagram, at + 6, 2)), 0};
        require(!waiting_.empty() && waiting_.front().is(event), "events in order", [&] {
            return "event " + std::to_string(event.id) + " of block " + std::to_string(event.block_id) +
                   " is told, and the next that happened is " +
                   (waiting_.empty() ? "none"
                                     : std::to_string(waiting_.front().id) + " of block " +
                                           std::to_string(waiting_.front().block_id));
        });
        const auto steps = waiting_.front().steps;
        waiting_.pop_front();
        const auto ticks = number_at(sent.datagram, at + 8, 8);
        require(steps != last_steps_ || ticks >= last_ticks_, "stamps in order",
                "an event has an earlier stamp than the one before");
        last_ticks_ = ticks;
        last_steps_ = steps;
    }
}

}  // namespace world
