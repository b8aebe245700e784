#pragma once

#include <functional>
#include <map>

#include "emulator/sim/scheduler.h"
#include "tests/world/journal.h"

namespace world {

/// What the network does to the datagrams between two hosts, both ways.
struct Way {
    Time delay{150'000}, jitter{20'000};
    std::uint64_t lost_percent = 0, doubled_percent = 0, late_percent = 0;
    Time late{30'000'000};         // what a late one waits more; it is overtaken
    std::size_t mtu_bytes = 9000;  // IP packets that are larger are lost
    bool cut = false;
    bool answers = true;  // a host tells by ICMP that nobody listens at a port
};

/// UDP between hosts, in virtual time.
class Network {
  public:
    using Receive = std::function<void(ByteView, Endpoint from)>;
    /// The beginning of a datagram that found no listener.
    using Unreachable = std::function<void(ByteView quoted, Endpoint to)>;

    Network(emulator::sim::Scheduler& scheduler, Journal& journal, std::uint64_t seed)
        : scheduler_(scheduler), journal_(journal), dice_(seed) {}

    [[nodiscard]] Way& way(std::uint32_t one, std::uint32_t other) { return ways_[std::minmax(one, other)]; }
    void mend() { ways_.clear(); }
    void listen(Endpoint at, Receive receive) { listeners_[key(at)] = std::move(receive); }
    void leave(Endpoint at) { listeners_.erase(key(at)); }
    /// What is sent to the group reaches the member as well; nobody else gets it.
    void join(Endpoint group, Endpoint member) { members_[key(group)].push_back(member); }
    void quit(Endpoint group, Endpoint member) { std::erase(members_[key(group)], member); }
    void on_unreachable(Endpoint of, Unreachable told) { unreachable_[key(of)] = std::move(told); }
    void send(ByteView, Endpoint from, Endpoint to);
    [[nodiscard]] emulator::sim::Scheduler& scheduler() { return scheduler_; }
    [[nodiscard]] Journal& journal() { return journal_; }

  private:
    static std::uint64_t key(Endpoint at) { return std::uint64_t{at.ip} << 16 | at.port; }
    [[nodiscard]] bool happens(std::uint64_t percent) { return percent > 0 && dice_.below(100) < percent; }
    [[nodiscard]] Time transit(const Way&);
    void carry(ByteView, Endpoint from, Endpoint to);
    void arrive(ByteView, Endpoint from, Endpoint to);
    void bounce(ByteView, Endpoint from, Endpoint to);

    emulator::sim::Scheduler& scheduler_;
    Journal& journal_;
    support::Dice dice_;
    std::map<std::pair<std::uint32_t, std::uint32_t>, Way> ways_;
    std::map<std::uint64_t, Receive> listeners_;
    std::map<std::uint64_t, std::vector<Endpoint>> members_;  // by group
    std::map<std::uint64_t, Unreachable> unreachable_;
};

}  // namespace world
