#pragma once

#include <bitset>

#include "emulator/testbench/journal.h"
#include "emulator/testbench/named_registers.h"

namespace emulator::testbench {

/// What entries of the journal are wanted: all that is set must fit.
struct JournalFilter {
    /// Criteria, in the order in which they are told; `since` is none of them.
    enum Criterion : std::size_t { kFromNs, kClient, kCommand, kFeature, kStatus, kFault, kCriteria };
    using Misfits = std::bitset<kCriteria>;

    std::uint64_t since = 0;
    std::optional<std::uint64_t> from_ns{};
    std::optional<std::uint32_t> client_ip{};
    std::optional<std::uint16_t> client_port{};
    std::optional<std::string> command{}, fault{};
    std::optional<FeaturePlaces> feature{};
    std::optional<std::optional<std::uint16_t>> status{};  // of no value: without an acknowledge

    /// The criteria that an entry does not fit.
    [[nodiscard]] Misfits misfits(const JournalEntry&) const;
    /// Those that are set.
    [[nodiscard]] Misfits criteria() const;
};
/// Keys of these criteria.
[[nodiscard]] std::vector<std::string_view> keys_of(const JournalFilter::Misfits&);

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
    JournalFilter::Misfits misfits;
};
/// Those that miss the fewest, the newest first; none that misses all.
[[nodiscard]] std::vector<NearMiss> nearest_entries(const Journal&, const JournalFilter&, std::size_t limit);

[[nodiscard]] Json to_json(const JournalEntry&, NodeTypes);

}  // namespace emulator::testbench
