#include <map>

#include "protocol/gvcp/message_channel.h"
#include "tests/fuzz/fuzz.h"

// Events of any kind, and any datagrams at the channel's port: one command at a time, repeated as often and
// as late as the settings have it, given up or acknowledged by its destination alone; events in order, and
// bounded.

namespace {

using namespace support;
using namespace protocol;
using Channel = gvcp::MessageChannel;

constexpr Endpoint kClient{.ip = 0x0A000001, .port = 50002}, kOther{.ip = 0x0A000002, .port = 50002};

struct Sent {
    Bytes datagram;
    Time at{};
    std::uint64_t times = 0;
    bool acknowledged = false;
};

struct Bench {
    MessageChannelSettings settings;
    Channel channel{settings};
    Time now{};
    std::optional<Sent> under_way;
    std::uint64_t posted = 0, next = 0;  // the number of an event is its block id

    void open(fuzz::Source& source) {
        settings.destination_ip = kClient.ip;
        settings.host_port = kClient.port;
        settings.timeout_ms = static_cast<std::uint32_t>(source.number(1) % 4 * 100);
        settings.retries = static_cast<std::uint32_t>(source.number(1) % 4);
    }
    void reset() {
        channel.reset();
        under_way.reset();
    }
    void post(fuzz::Source& source) {
        const auto data = source.take(source.number(1) % 4 == 1 ? source.number(1) : 0);
        channel.post(
            {.id = gvcp::kTestEvent, .channel = 0, .block_id = ++posted, .data = {data.begin(), data.end()}});
    }
    [[nodiscard]] bool over(const Sent& sent) const {
        const auto timeout = std::chrono::milliseconds(settings.timeout_ms);
        return sent.acknowledged || settings.timeout_ms == 0 ||
               (sent.times == settings.retries + 1 && now >= sent.at + timeout);
    }
    void take(const Bytes& datagram) {
        const auto id = number_at(datagram, 6, 2);
        fuzz::must(id != 0, "an event has a request id");
        if (under_way && under_way->datagram == datagram) {
            const auto timeout = std::chrono::milliseconds(settings.timeout_ms);
            fuzz::must(now >= under_way->at + timeout, "no event is repeated early");
            fuzz::must(!under_way->acknowledged, "what was acknowledged is not repeated");
            fuzz::must(++under_way->times <= settings.retries + 1, "no event is repeated without end");
            under_way->at = now;
            return;
        }
        fuzz::must(!under_way || over(*under_way), "no event is given up early");
        under_way = Sent{.datagram = datagram, .at = now, .times = 1};
        const bool alone = number_at(datagram, 2, 2) == static_cast<std::uint64_t>(gvcp::Code::event_data);
        for (std::size_t at = 8; at < (alone ? 9 : datagram.size()); at += 16) {
            const auto block = number_at(datagram, at + 6, 2);
            fuzz::must(block > next && block <= posted, "events come in their order");
            next = block;
        }
    }
    void hear(fuzz::Source& source) {
        auto bytes = source.take(source.number(1) % 24);
        Bytes datagram(bytes.begin(), bytes.end());
        const auto kind = source.number(1);
        if (under_way && (kind & 1)) {
            const auto code = number_at(under_way->datagram, 2, 2) + 1;
            datagram = be16(0) + be16(code) + be16(0) +
                       Bytes(under_way->datagram.begin() + 6, under_way->datagram.begin() + 8);
            if (kind & 2)
                datagram[source.below(datagram.size())] ^= static_cast<std::uint8_t>(source.number(1));
        }
        const bool other = kind & 4;
        if (under_way && !other && datagram.size() >= 8)
            under_way->acknowledged |=
                number_at(datagram, 2, 2) == number_at(under_way->datagram, 2, 2) + 1 &&
                number_at(datagram, 6, 2) == number_at(under_way->datagram, 6, 2);
        channel.handle(datagram, other ? kOther : kClient);
    }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::Source source(data, size);
    Bench bench;
    bench.open(source);
    while (!source.empty()) {
        switch (source.number(1) % 8) {
            case 0:
            case 1:
            case 2:
                bench.post(source);
                break;
            case 3:
            case 4:
                bench.hear(source);
                break;
            case 5:
                if (source.number(1) % 16 == 1) bench.reset();
                break;
            default:
                bench.now += std::chrono::milliseconds(source.number(1));
                break;
        }
        const auto due = bench.channel.poll(bench.now);
        fuzz::must(due.size() <= Channel::kQueueLength + 1, "no more events leave than can wait");
        for (const auto& datagram : due) bench.take(datagram);
        fuzz::must(bench.channel.poll(bench.now).empty(), "what is due leaves at once");
        const auto deadline = bench.channel.deadline();
        fuzz::must(!deadline || *deadline > bench.now, "what waits, waits for a later time");
    }
    return 0;
}
