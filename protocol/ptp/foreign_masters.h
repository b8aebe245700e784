#pragma once

#include <optional>
#include <vector>

#include "protocol/ptp/message.h"

namespace protocol::ptp {

/// The masters that announce themselves, as far as they can be believed (IEEE 1588-2008, 9.3.2).
class ForeignMasters {
  public:
    /// The standard asks for five at least.
    static constexpr std::size_t kMost = 8;

    /// `own` is the interval at which masters should announce themselves; slower ones are understood.
    explicit ForeignMasters(Time own_interval) : own_interval_(own_interval) {}

    void hear(const Message& announce, Time now);
    /// The best of those that were heard twice of late.
    [[nodiscard]] std::optional<DataSet> best(Time now) const;
    /// How often this master announces itself.
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

/// The interval that a message says, within bounds, so that nobody can make us hurry or sleep.
[[nodiscard]] Time interval_of_log(std::int8_t log_interval, int log_min, int log_max);

}  // namespace protocol::ptp
