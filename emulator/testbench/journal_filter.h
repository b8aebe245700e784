#pragma once

#include "emulator/testbench/journal.h"
#include "emulator/testbench/register_access.h"

namespace emulator::testbench {

/// What entries of the journal are wanted: all that is set must fit.
struct JournalFilter {
    std::uint64_t since = 0;
    std::optional<std::uint64_t> from_ns{};
    std::optional<std::uint32_t> client_ip{};
    std::optional<std::uint16_t> client_port{};
    std::optional<std::string> command{}, status{}, fault{};
    std::optional<FeaturePlaces> feature{};

    /// The keys that do not fit, in the order of the criteria; `since` is none of them.
    [[nodiscard]] std::vector<std::string_view> misfits(const JournalEntry&) const;
    /// How many criteria are set.
    [[nodiscard]] std::size_t criteria() const;
};

/// From the keys of a query or body that fit the schema. Throws Problem for names that do not exist.
[[nodiscard]] JournalFilter journal_filter(const nlohmann::json& keys, NodeTypes);

/// Part of the journal.
struct JournalExcerpt {
    std::vector<JournalEntry> entries;
    std::uint64_t next = 0;  // where to read on
};
/// The first entries that fit, at most so many.
[[nodiscard]] JournalExcerpt journal_excerpt(const Journal&, const JournalFilter&, std::size_t limit);
[[nodiscard]] std::size_t journal_count(const Journal&, const JournalFilter&);

/// An entry that misses a part of the criteria.
struct NearMiss {
    JournalEntry entry;
    std::vector<std::string_view> misfits;
};
/// Those that miss the fewest, the newest first; none that misses all.
[[nodiscard]] std::vector<NearMiss> nearest_entries(const Journal&, const JournalFilter&, std::size_t limit);

[[nodiscard]] Json to_json(const JournalEntry&, NodeTypes);

}  // namespace emulator::testbench
