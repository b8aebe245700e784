#include "tests/world/laws/action_law.h"

namespace world {

using emulator::acquisition::TriggerConditioned, emulator::acquisition::TriggerSource;

/// A client streams and waits for triggers, by actions too.
bool ActionLaw::heard() const {
    const auto& camera = scene_.camera->camera;
    const auto& trigger = camera.settings.trigger;
    return camera.streaming() && trigger.on && allows(trigger.source, TriggerSource::action0);
}

void ActionLaw::before(const Command& command) {
    due_ = scene_.promises.asserted_by(command);
    hears_ = heard();
}

void ActionLaw::puts_out(const emulator::acquisition::Output& output, std::uint64_t) {
    const auto* signal = std::get_if<TriggerConditioned>(&output.what);
    if (signal != nullptr && signal->source == TriggerSource::action0) ++signals_;
}

void ActionLaw::after(const Reaction& reaction) {
    const bool performed = due_ && !reaction.repeated;
    if (performed && reaction.command.wants_ack())
        require(reaction.answer && reaction.answer->status == kSuccess,
                "an action for each command with the keys",
                "an action command with the keys is not acknowledged");
    if (reaction.command.is(kAction) && !due_ && reaction.command.payload.size() == 12)
        require(!reaction.answer || reaction.answer->status != kSuccess, "no action without the keys",
                "an action command without the keys is acknowledged");
    require(signals_ <= (performed ? 1 : 0), "no action without the keys",
            [&] { return std::to_string(signals_) + " trigger signals of actions by one command"; });
    require(signals_ == 1 || !performed || !hears_, "an action for each command with the keys",
            "no trigger signal of an action that was commanded");
    signals_ = 0;
}

void ActionLaw::settles() {
    require(signals_ == 0, "no action without the keys",
            "a trigger signal of an action that nobody commanded");
}

}  // namespace world
