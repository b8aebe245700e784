#include "protocol/ptp/foreign_masters.h"

#include <algorithm>

namespace protocol::ptp {
namespace {

// IEEE 1588-2008, 9.3.2.4.4: two announcements within four intervals.
constexpr int kWindowIntervals = 4;
constexpr int kLogMin = -3, kLogMax = 4;

auto is_from(const PortIdentity& sender) {
    return [sender](const auto& record) { return record.master.sender == sender; };
}

}  // namespace

Time interval_of_log(std::int8_t log_interval, int log_min, int log_max) {
    const auto log = std::clamp<int>(log_interval, log_min, log_max);
    const Time second = std::chrono::seconds(1);
    return log < 0 ? second / (1 << -log) : second * (1 << log);
}

bool ForeignMasters::qualified(const Record& record, Time now) const {
    const auto window = kWindowIntervals * std::max(record.interval, own_interval_);
    return record.heard_before && now - *record.heard_before <= window;
}

// With all records in use, a new master replaces one with a single Announce.
ForeignMasters::Record* ForeignMasters::find_or_add(const PortIdentity& sender, Time now) {
    const auto found = std::ranges::find_if(records_, is_from(sender));
    if (found != records_.end()) return &*found;
    if (records_.size() < kMost) return &records_.emplace_back();
    const auto oldest = std::ranges::min_element(
        records_, {}, [&](const Record& record) { return std::pair(qualified(record, now), record.heard); });
    if (qualified(*oldest, now)) return nullptr;
    *oldest = {};
    return &*oldest;
}

void ForeignMasters::hear(const Message& announce, Time now) {
    auto* record = find_or_add(announce.source, now);
    if (!record) return;
    const bool known = record->master.sender == announce.source;
    if (known && record->sequence == announce.sequence) return;  // A duplicate.
    if (known) record->heard_before = record->heard;
    record->master = announce.master;
    // 0x7F: the own interval is assumed.
    record->interval = announce.log_interval == 0x7F
                           ? own_interval_
                           : interval_of_log(announce.log_interval, kLogMin, kLogMax);
    record->heard = now;
    record->sequence = announce.sequence;
}

std::optional<DataSet> ForeignMasters::best(Time now) const {
    const Record* best = nullptr;
    for (const auto& record : records_) {
        if (qualified(record, now) && (!best || better(record.master, best->master))) best = &record;
    }
    if (!best) return std::nullopt;
    return best->master;
}

Time ForeignMasters::interval_of(const PortIdentity& sender) const {
    const auto found = std::ranges::find_if(records_, is_from(sender));
    return found == records_.end() ? own_interval_ : found->interval;
}

void ForeignMasters::forget(const PortIdentity& sender) { std::erase_if(records_, is_from(sender)); }

}  // namespace protocol::ptp
