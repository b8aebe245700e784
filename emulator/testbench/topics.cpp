#include "emulator/testbench/topics.h"

#include "emulator/testbench/bench.h"
#include "emulator/testbench/feature_access.h"
#include "emulator/testbench/to_json.h"

namespace emulator::testbench {
namespace {

/// What one look takes at most; the rest comes with the next.
constexpr std::size_t kEntriesMost = 1000;

Topic::Read open_signals(Bench& bench) {
    return [since = bench.signals().since(UINT64_MAX, 0).next](Bench& now) mutable {
        const auto excerpt = now.signals().since(since, kEntriesMost);
        since = excerpt.next;
        std::vector<Json> entries;
        if (excerpt.lost > 0) entries.push_back({{"lost", excerpt.lost}});
        for (const auto& signal : excerpt.signals) entries.push_back(to_json(signal));
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
        std::vector<Json> entries;
        auto values = values_of(now);
        const auto all = all_features(now.camera());
        for (std::size_t i = 0; i < all.size(); ++i)
            if (values[i] != before[i])
                entries.push_back({{"time_ns", now.ticks(now.now())},
                                   {"name", all[i].feature->info.name},
                                   {"value", values[i]}});
        before = std::move(values);
        return entries;
    };
}

constexpr Topic kTopics[] = {
    {"signals", "as in /api/v1/camera/signals", open_signals},
    {"features", "a feature whose value changed between two looks, 20 a second: time_ns, name, value",
     open_features},
};

}  // namespace

std::span<const Topic> topics() { return kTopics; }

std::string topic_names() {
    std::string text;
    for (const auto& topic : topics()) text += (text.empty() ? "" : ", ") + std::string(topic.name);
    return text;
}

}  // namespace emulator::testbench
