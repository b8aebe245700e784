#include "tests/world/laws/reply_law.h"

namespace world {
namespace {

/// A write is repeated for so long at most.
constexpr Time kRemembered = 3s;
constexpr std::size_t kAsked = 4000;

}  // namespace

void ReplyLaw::starts() {
    asked_.clear();
    last_.clear();
    saving_.reset();
}

Bytes ReplyLaw::bytes_of(const Answer& answer) {
    return support::be16(answer.status) + support::be16(answer.code) + support::be16(answer.id) +
           answer.payload;
}

bool ReplyLaw::repeats(const Command& command) const {
    const auto found = last_.find(sender(command.from));
    return found != last_.end() && scene_.now() - found->second.at <= kRemembered &&
           found->second.datagram == command.datagram;
}

void ReplyLaw::before(const Command& command) {
    if (!command.wants_ack()) return;
    if (asked_.size() > kAsked) asked_.erase(asked_.begin());
    ++asked_[{sender(command.from), command.code, command.id}];
}

void ReplyLaw::replies(const Answer& answer, Endpoint to) {
    if (answer.code == kPendingAck) return;
    const auto found = asked_.find({sender(to), static_cast<std::uint16_t>(answer.code - 1), answer.id});
    require(found != asked_.end() && found->second > 0, "answers to whom they are due", [&] {
        return "an answer with code " + std::to_string(answer.code) + " and id " + std::to_string(answer.id) +
               " to " + world::text(to) + ", who did not ask, or has his answer";
    });
    if (--found->second == 0) asked_.erase(found);
    if (!saving_ || saving_->from != to || saving_->id != answer.id) return;
    if (answer.status == kSuccess) last_[sender(to)] = {saving_->datagram, bytes_of(answer), scene_.now()};
    saving_.reset();
}

void ReplyLaw::after(const Reaction& reaction) {
    owner_ = scene_.promises.owner;
    const auto& command = reaction.command;
    const bool answered = reaction.answer.has_value();
    if (command.wants_ack() && command.reads())
        require(answered, "answers to whom they are due", "a read is not answered");
    if (command.is(kReadRegister) && answered && reaction.answer->status == kSuccess)
        require(reaction.answer->payload.size() == command.payload.size(), "a word for each address",
                "a read is answered with another length");
    if (!command.executed_once()) return;
    if (reaction.repeated) {
        const auto& last = last_.at(sender(command.from));
        require(!answered || reaction.answer->code == kPendingAck || bytes_of(*reaction.answer) == last.ack,
                "a repeated write is answered as before", "the answer to a repeated write differs");
        require(answered || !command.wants_ack(), "a repeated write is answered as before",
                "a repeated write is not answered");
        return;
    }
    if (!answered && command.wants_ack() && !reaction.done.empty()) saving_ = command;
    const bool executed = !reaction.done.empty() || scene_.promises.asserted_by(command);
    if (command.is(kAction) && executed && !answered)
        last_[sender(command.from)] = {command.datagram, {}, scene_.now()};
    if (answered && reaction.answer->status == kSuccess && executed)
        last_[sender(command.from)] = {command.datagram, bytes_of(*reaction.answer), scene_.now()};
}

// A heartbeat that is over makes the writes of its owner void.
void ReplyLaw::settles() {
    if (owner_ && owner_ != scene_.promises.owner && !scene_.promises.owner) last_.erase(sender(*owner_));
    owner_ = scene_.promises.owner;
}

}  // namespace world
