#pragma once

#include <algorithm>
#include <map>

#include "protocol/time.h"

namespace protocol::gvsp {

/// Rate limit of resends: each requester gets at most as many packets a second as a block has, so that
/// requests with a spoofed address cause no flood (amplification attack).
class ResendQuota {
  public:
    /// Packets that may be resent to this address now, where a block has `block_packets`.
    [[nodiscard]] std::size_t room(std::uint32_t ip, std::size_t block_packets, Time now) {
        std::erase_if(used_until_, [now](const auto& entry) { return entry.second <= now; });
        const auto found = used_until_.find(ip);
        if (found != used_until_.end()) return packets(now + kPeriod - found->second, block_packets);
        return used_until_.size() < kRequesters ? block_packets : 0;
    }
    /// Records so many resent packets.
    void use(std::uint32_t ip, std::size_t given, std::size_t block_packets, Time now) {
        if (given == 0) return;
        const auto each = kPeriod / static_cast<std::int64_t>(block_packets);
        used_until_.try_emplace(ip, now).first->second += static_cast<std::int64_t>(given) * each;
    }
    void restart() { used_until_.clear(); }

  private:
    [[nodiscard]] static std::size_t packets(Time in, std::size_t block_packets) {
        const auto each = kPeriod / static_cast<std::int64_t>(block_packets);
        return static_cast<std::size_t>(std::max(in / each, std::int64_t{0}));
    }

    static constexpr Time kPeriod = std::chrono::seconds(1);
    static constexpr std::size_t kRequesters = 16;  // assumed: more at a time are not served
    std::map<std::uint32_t, Time> used_until_;      // by address: when all that it got has been made up for
};

}  // namespace protocol::gvsp
