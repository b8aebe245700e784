#include "emulator/testbench/topics.h"

#include "emulator/testbench/bench.h"
#include "emulator/testbench/feature_access.h"
#include "emulator/testbench/journal_filter.h"
#include "emulator/testbench/to_json.h"
#include "emulator/testbench/truth/moment.h"

namespace emulator::testbench {
namespace {

/// What one look takes at most; the rest comes with the next.
constexpr std::size_t kEntriesMost = 1000, kFramesMost = 64;

/// Entries that were overwritten before this look.
Topic::Entry lost(std::uint64_t count) {
    return [count] { return Json{{"lost", count}}; };
}

/// The number that the next signal will have.
std::uint64_t end_of(const SignalLog& log) { return log.since(UINT64_MAX, 0).next; }
/// The same of frames.
std::uint64_t end_of(const std::deque<FrameRecord>& frames) {
    return frames.empty() ? 0 : frames.back().frame.number + 1;
}

Topic::Read open_signals(Bench& bench) {
    return [since = end_of(bench.signals())](Bench& now) mutable {
        if (end_of(now.signals()) < since) since = 0;  // after a reset
        const auto excerpt = now.signals().since(since, kEntriesMost);
        since = excerpt.next;
        std::vector<Topic::Entry> entries;
        if (excerpt.lost > 0) entries.push_back(lost(excerpt.lost));
        for (const auto& signal : excerpt.signals) entries.push_back([signal] { return to_json(signal); });
        return entries;
    };
}

std::vector<Json> values_of(const Bench& bench) {
    std::vector<Json> values;
    for (const auto& one : all_features(bench.camera()))
        values.push_back(value_of(bench.camera(), *one.feature));
    return values;
}

/// Values that changed between two looks, whoever changed them.
Topic::Read open_features(Bench& bench) {
    return [before = values_of(bench)](Bench& now) mutable {
        std::vector<Topic::Entry> entries;
        auto values = values_of(now);
        const auto all = all_features(now.camera());
        for (std::size_t i = 0; i < all.size(); ++i)
            if (values[i] != before[i])
                entries.push_back([change = Json{{"time_ns", now.ticks(now.now())},
                                                 {"name", all[i].feature->info.name},
                                                 {"value", values[i]}}] { return change; });
        before = std::move(values);
        return entries;
    };
}

/// The truth of each frame whose exposure has ended.
Topic::Read open_truth(Bench& bench) {
    return [since = end_of(bench.frames())](Bench& now) mutable {
        if (end_of(now.frames()) < since) since = 0;  // after a reset
        const auto excerpt = truth_since(now, since, kFramesMost);
        since = excerpt.next;
        std::vector<Topic::Entry> entries;
        if (excerpt.lost > 0) entries.push_back(lost(excerpt.lost));
        for (const auto& moment : excerpt.moments) entries.push_back([moment] { return to_json(moment); });
        return entries;
    };
}

/// Entries that are new or have changed: an acknowledge that comes later shows its command again.
Topic::Read open_journal(Bench& bench) {
    return [seen = bench.journal().revision()](Bench& now) mutable {
        std::vector<Topic::Entry> entries;
        const auto& journal = now.journal();
        if (journal.revision() < seen) seen = 0;  // after a reset
        if (journal.revision() == seen) return entries;
        const auto types = now.camera().profile.node_types;
        std::vector<const JournalEntry*> news;
        for (const auto& entry : journal.entries())
            if (entry.revision > seen) news.push_back(&entry);
        seen = journal.revision();
        if (news.size() > kEntriesMost) {
            entries.push_back(lost(news.size() - kEntriesMost));
            news.erase(news.begin(), news.end() - kEntriesMost);
        }
        for (const auto* entry : news)
            entries.push_back([entry = *entry, types] { return to_json(entry, types); });
        return entries;
    };
}

constexpr Topic kTopics[] = {
    {"signals", "as in /api/v1/camera/signals", open_signals},
    {"features", "a feature whose value changed between two looks, 20 a second: time_ns, name, value",
     open_features},
    {"truth", "as in /api/v1/camera/truth, of each frame as its exposure ends", open_truth},
    {"journal",
     "as in /api/v1/camera/journal, each entry as it comes, and again when its acknowledge comes later",
     open_journal},
};

}  // namespace

std::span<const Topic> topics() { return kTopics; }

std::string topic_names() {
    std::string text;
    for (const auto& topic : topics()) text += (text.empty() ? "" : ", ") + std::string(topic.name);
    return text;
}

}  // namespace emulator::testbench
