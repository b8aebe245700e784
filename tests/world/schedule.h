#pragma once

#include <string>
#include <vector>

#include "protocol/time.h"

namespace world {

using protocol::Time;

/// What befalls the world, and when.
struct Step {
    enum Kind {
        loss,
        delay,
        doubling,
        reordering,
        partition,
        small_mtu,
        silent_host,
        host_stall,
        sender_stall,
        full_send_buffer,
        disk_failure,
        full_disk,
        power_cut,
        power_cut_in_save,
        id_wrap,
        pulses,
        client_dies,
        client_ends,
        slow_client,
        greedy_client,
        stranger,
        attacker,
        flood,
        administrator,
        forged_icmp,
        master_gone,
        ptp_loss,
        kinds
    };
    Time at{}, duration{};
    Kind kind = loss;
    std::size_t camera = 0;
    std::uint64_t seed = 0;

    [[nodiscard]] std::string text() const;
};

/// A schedule that follows from a seed, for cameras 0 to `cameras` - 1, from 1 s to `end`.
[[nodiscard]] std::vector<Step> make_schedule(std::uint64_t seed, std::size_t cameras, Time end);

}  // namespace world
