#pragma once

#include <optional>
#include <vector>

#include "protocol/ptp/message.h"

namespace protocol::ptp {

/// Foreign master data set: masters whose Announce messages qualify (IEEE 1588-2008, 9.3.2).
class ForeignMasters {
  public:
    /// The standard requires five at least.
    static constexpr std::size_t kMost = 8;

    /// `own` is the expected announce interval; slower masters qualify by theirs.
    explicit ForeignMasters(Time own_interval) : own_interval_(own_interval) {}

    void hear(const Message& announce, Time now);
    /// The best of the qualified ones: two Announce messages within four intervals.
    [[nodiscard]] std::optional<DataSet> best(Time now) const;
    /// Announce interval of this master.
    [[nodiscard]] Time interval_of(const PortIdentity&) const;
    void forget(const PortIdentity&);
    void clear() { records_.clear(); }
    [[nodiscard]] std::size_t size() const { return records_.size(); }

  private:
    struct Record {
        DataSet master;
        Time interval{}, heard{};
        std::optional<Time> heard_before;  // that
        std::uint16_t sequence = 0;
    };
    [[nodiscard]] bool qualified(const Record&, Time now) const;
    Record* find_or_add(const PortIdentity&, Time now);

    Time own_interval_;
    std::vector<Record> records_;
};

/// The announce interval of a message, limited to a sane range.
[[nodiscard]] Time interval_of_log(std::int8_t log_interval, int log_min, int log_max);

}  // namespace protocol::ptp
