#include "emulator/testbench/scenario/tally.h"

#include "emulator/testbench/journal_filter.h"
#include "emulator/testbench/scenario/pattern.h"
#include "emulator/testbench/to_json.h"
#include "emulator/testbench/truth/moment.h"

namespace emulator::testbench {
namespace {

constexpr std::size_t kAtOnce = 5000;

std::uint64_t next_exposure(const Bench& bench) {
    return bench.frames().empty() ? 0 : bench.frames().back().frame.number + 1;
}

}  // namespace

Positions positions_of(const Bench& bench, const ClientReport& client) {
    return {.journal = bench.journal().next(),
            .signals = bench.signals().next(),
            .exposures = next_exposure(bench),
            .frames = client.frames_forgotten() + client.frames().size(),
            .lines = client.lines_forgotten() + client.lines().size()};
}

void Tally::take(std::uint64_t number, const Json& item) {
    seen_.insert(number);
    if (fits(condition_->pattern, item)) {
        fitting_.insert(number);
        last_fitting_ = item;
        return;
    }
    fitting_.erase(number);
    const auto keys = fitting_keys(condition_->pattern, item);
    if (keys < nearest_keys_) return;
    nearest_keys_ = keys;
    nearest_ = item;
}

void Tally::look(const Bench& bench, const ClientReport& client) {
    const auto take_new = [this](const auto& items, std::size_t forgotten, std::uint64_t& from) {
        for (auto number = std::max<std::uint64_t>(from, forgotten); number < forgotten + items.size();
             ++number)
            take(number, to_json(items[number - forgotten]));
        from = forgotten + items.size();
    };
    switch (condition_->source) {
        case Condition::Source::journal:
            for (const auto& entry : bench.journal().entries())
                if (entry.number >= from_.journal && entry.revision > revision_)
                    take(entry.number, to_json(entry, bench.camera().profile.node_types));
            revision_ = bench.journal().revision();
            break;
        case Condition::Source::blocks:
            for (const auto& block : bench.journal().blocks().blocks())
                if (block.frame >= from_.exposures && block.revision > revision_)
                    take(block.frame, to_json(block));
            revision_ = bench.journal().blocks().revision();
            break;
        case Condition::Source::signals: {
            const auto excerpt = bench.signals().since(from_.signals, SignalLog::kKept);
            for (const auto& signal : excerpt.signals) take(signal.number, to_json(signal));
            from_.signals = excerpt.next;
            break;
        }
        case Condition::Source::truth: {
            const auto excerpt = truth_since(bench, from_.exposures, kAtOnce);
            for (const auto& moment : excerpt.moments) take(moment.frame->frame.number, to_json(moment));
            from_.exposures = excerpt.next;
            break;
        }
        case Condition::Source::frames:
            take_new(client.frames(), client.frames_forgotten(), from_.frames);
            break;
        case Condition::Source::output:
            take_new(client.lines(), client.lines_forgotten(), from_.lines);
            break;
        default:
            break;
    }
}

}  // namespace emulator::testbench
