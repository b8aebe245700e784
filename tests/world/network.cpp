#include "tests/world/network.h"

#include <algorithm>

namespace world {
namespace {

constexpr std::size_t kIpUdpBytes = 28, kQuotedBytes = 520;

}  // namespace

Time Network::transit(const Way& way) {
    auto time = way.delay + Time(dice_.below(static_cast<std::uint64_t>(way.jitter.count()) + 1));
    if (happens(way.late_percent)) time += way.late;
    return time;
}

void Network::send(ByteView datagram, Endpoint from, Endpoint to) {
    const bool multicast = to.ip >> 28 == 0xE;
    if (!multicast) return carry(datagram, from, to);
    for (const auto member : members_[key(to)]) carry(datagram, from, member);
}

void Network::carry(ByteView datagram, Endpoint from, Endpoint to) {
    const auto& way = this->way(from.ip, to.ip);
    if (way.cut || datagram.size() + kIpUdpBytes > way.mtu_bytes || happens(way.lost_percent))
        return journal_.datagram("lost", datagram, from, to);
    journal_.datagram("sent", datagram, from, to);
    const int copies = happens(way.doubled_percent) ? 2 : 1;
    for (int copy = 0; copy < copies; ++copy) {
        scheduler_.after(transit(way), [this, bytes = Bytes(datagram.begin(), datagram.end()), from, to] {
            arrive(bytes, from, to);
        });
    }
}

void Network::arrive(ByteView datagram, Endpoint from, Endpoint to) {
    const auto found = listeners_.find(key(to));
    if (found == listeners_.end()) return bounce(datagram, from, to);
    const auto receive = found->second;  // It may leave while it receives.
    receive(datagram, from);
}

void Network::bounce(ByteView datagram, Endpoint from, Endpoint to) {
    const auto& way = this->way(from.ip, to.ip);
    if (!unreachable_.contains(key(from)) || !way.answers || way.cut || happens(way.lost_percent)) return;
    const auto part = datagram.first(std::min(datagram.size(), kQuotedBytes));
    scheduler_.after(transit(way), [this, quoted = Bytes(part.begin(), part.end()), from, to] {
        unreachable_.at(key(from))(quoted, to);
    });
}

}  // namespace world
