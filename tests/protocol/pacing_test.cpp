#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <map>

#include "protocol/gvsp/transmitter.h"
#include "protocol/time.h"
#include "tests/support/wire.h"

// How evenly a stream leaves that is slower than its wire: by the throughput limit, or by the packet delay.

using namespace support;
using namespace protocol::gvsp;
using protocol::Time;
using namespace std::chrono_literals;

namespace {

struct Departure {
    Time at;
    std::size_t ip_bytes;
};

Block block_of(std::uint64_t id, std::size_t bytes) {
    Block block;
    block.id = id;
    block.payload.assign(bytes, 7);
    return block;
}

protocol::gvcp::Resend whole(std::uint64_t block) {
    return {.block_id = block, .first = 0, .last = 0xFFFF'FFFF, .from_ip = 1};
}

/// Latency of the sender's thread, by the number of the wake-up.
using Lateness = std::function<Time(int)>;

Time never(int) { return 0ns; }
/// A noisy host: 60 us late as a rule, a millisecond now and then, and once 100 ms.
Time noisy(int wake) {
    if (wake == 500) return 100ms;
    if (wake % 97 == 0) return 1ms;
    return 20us + std::chrono::microseconds(wake * 37 % 80);
}

/// Three blocks, of which the first is requested again repeatedly.
std::vector<Departure> run(const Transmitter::Settings& settings, std::size_t bytes, bool resends,
                           const Lateness& late) {
    Transmitter transmitter;
    for (std::uint64_t id = 1; id <= 3; ++id) transmitter.submit(block_of(id, bytes), 0s, settings);
    std::vector<Departure> departures;
    for (int wake = 0; const auto due = transmitter.deadline(); ++wake) {
        const auto before = departures.empty() ? 0ns : departures.back().at;
        const auto now = std::max(*due, before) + late(wake);
        for (const auto& outgoing : transmitter.take(now))
            departures.push_back({now, outgoing.packet.size_bytes() + 28});
        if (resends && wake % 50 == 10 && wake < 1000) transmitter.resend(whole(1), settings, now);
    }
    return departures;
}

/// The most that any window of this length carries, in bytes of IP or, with `count`, in packets. Both ends
/// belong to it.
std::size_t most_in(const std::vector<Departure>& all, Time window, bool count = false) {
    std::size_t most = 0, carried = 0, first = 0;
    for (const auto& one : all) {
        carried += count ? 1 : one.ip_bytes;
        for (; all[first].at < one.at - window; ++first) carried -= count ? 1 : all[first].ip_bytes;
        most = std::max(most, carried);
    }
    return most;
}

std::size_t largest_burst(const std::vector<Departure>& all) { return most_in(all, 0ns, true); }

/// The slots of all packets that leave at one moment.
Time longest_burst(const std::vector<Departure>& all, const Pace& pace) {
    Time longest{}, burst{};
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (i == 0 || all[i].at != all[i - 1].at) burst = 0ns;
        burst += slot(all[i].ip_bytes - 28, pace);
        longest = std::max(longest, burst);
    }
    return longest;
}

}  // namespace

TEST_CASE("no 5 ms carry more than 1.1 times the throughput limit") {
    // 576 to 9000 bytes; just below the wire to a hundredth of it.
    for (const std::uint64_t limit : {110'000'000U, 50'000'000U, 20'000'000U, 5'000'000U, 1'200'000U}) {
        for (const std::uint32_t size : {576U, 1500U, 4000U, 9000U}) {
            for (const bool resends : {false, true}) {
                for (const auto& late : {Lateness(never), Lateness(noisy)}) {
                    CAPTURE(limit);
                    CAPTURE(size);
                    CAPTURE(resends);
                    const Transmitter::Settings settings{.layout = {.packet_size_bytes = size},
                                                         .pace = {.limit_bytes_per_s = limit}};
                    const auto all = run(settings, 400'000, resends, late);
                    REQUIRE(all.size() > 3 * 400'000 / size);
                    // One packet more may begin within a window, however long it lasts itself.
                    const double allowed = 1.1 * static_cast<double>(limit) * 5e-3 + size;
                    CHECK(static_cast<double>(most_in(all, 5ms)) <= allowed);
                }
            }
        }
    }
}

TEST_CASE("a packet delay of 100 us or more keeps each packet apart") {
    for (const Time gap : {Time(100us), Time(150us), Time(1ms)}) {
        for (const bool resends : {false, true}) {
            CAPTURE(gap.count());
            CAPTURE(resends);
            const Transmitter::Settings settings{.pace = {.gap = gap}};
            const auto exact = run(settings, 200'000, resends, never);
            CHECK(largest_burst(exact) == 1);
            for (std::size_t i = 1; i < exact.size(); ++i) CHECK(exact[i].at - exact[i - 1].at >= gap);
            const auto late = run(settings, 200'000, resends, noisy);
            CHECK(largest_burst(late) == 1);
            // What is late does not push the others together: 5 ms have no more than a tenth too many.
            CHECK(most_in(late, 5ms, true) <= 1 + static_cast<std::size_t>(5.5ms / gap));
        }
    }
}

TEST_CASE("bursts of a slowed stream last at most 250 us") {
    for (const Time gap : {Time(1us), Time(20us), Time(60us), Time(99us)}) {
        CAPTURE(gap.count());
        const Transmitter::Settings settings{.pace = {.gap = gap}};
        for (const auto& late : {Lateness(never), Lateness(noisy)}) {
            CHECK(longest_burst(run(settings, 400'000, true, late), settings.pace) <= 250us);
        }
    }
    const Transmitter::Settings limited{.pace = {.limit_bytes_per_s = 20'000'000}};
    const auto all = run(limited, 400'000, false, never);
    CHECK(longest_burst(all, limited.pace) <= 250us);
    CHECK(most_in(all, 20 * 75us) <= 1.25 * 20e6 * 20 * 75e-6);
}

TEST_CASE("a limited stream makes good for what its host held it up, and goes no faster than its limit") {
    const Transmitter::Settings settings{.pace = {.limit_bytes_per_s = 20'000'000}};
    const auto exact = run(settings, 4'000'000, false, never);
    const auto late = run(settings, 4'000'000, false, [](int wake) { return wake % 100 ? 30us : 1ms; });
    // A wake-up of 1 ms in every 100 of 225 us would cost 4 %, of which 2 % are made good for.
    const auto longer =
        static_cast<double>(late.back().at.count()) / static_cast<double>(exact.back().at.count());
    CHECK(longer < 1.025);
    const auto seldom =
        run(settings, 4'000'000, false, [](int wake) { return wake % 1000 == 50 ? 1ms : 30us; });
    CHECK(seldom.back().at - exact.back().at < 2ms);
}

TEST_CASE("the pace of the plain wire stays in bursts of at most a millisecond, resends included") {
    for (const auto& late : {Lateness(never), Lateness(noisy)}) {
        const auto all = run({}, 4'000'000, true, late);
        CHECK(longest_burst(all, {}) <= 1ms);
        CHECK(most_in(all, 5ms, true) <= 7ms / 12us);
    }
}

TEST_CASE("no burst is longer than half a millisecond and a packet") {
    std::map<Time, std::size_t> bursts;
    for (const auto& one : run({}, 1'000'000, false, never))
        bursts[one.at] += one.ip_bytes + kEthernetOverheadBytes;
    for (const auto& [at, bytes] : bursts) CHECK(bytes <= 62'500 + 1538);
    CHECK(bursts.size() > 45);
}

TEST_CASE("a sender that was held up for 100 ms does not flood its receiver") {
    Transmitter transmitter;
    for (std::uint64_t id = 1; id <= 6; ++id) transmitter.submit(block_of(id, 5'000'000), 0s, {});
    Time now = 0s;
    for (; now < 10ms; now += 100us) (void)transmitter.take(now);
    now += 100ms;
    std::size_t bytes = 0;
    const auto held_until = now;
    for (; now < held_until + 1ms; now += 10us) {
        for (const auto& outgoing : transmitter.take(now)) bytes += outgoing.packet.size_bytes() + 66;
    }
    // What a gigabit carries in one millisecond, and one burst to make good.
    CHECK(bytes <= 125'000 + 2 * 62'500 + 2 * 1538);
}

TEST_CASE("a late sender makes good by bursts as short as ever, with a pause between them") {
    Transmitter transmitter;
    for (std::uint64_t id = 1; id <= 20; ++id) transmitter.submit(block_of(id, 5'000'000), 0s, {});
    constexpr std::size_t kBurst = 62'500 + 1538;
    // Bytes that a reader finds who looks every 200 us, as the sender wakes up to 0.8 ms late, again and
    // again.
    std::map<Time, std::size_t> found;
    Time now = 0s, late = 0us;
    std::size_t bytes = 0;
    while (now < 300ms) {
        std::size_t burst = 0;
        for (const auto& outgoing : transmitter.take(now)) burst += outgoing.packet.size_bytes() + 66;
        CHECK(burst <= kBurst);
        found[now / 200us * 200us] += burst;
        bytes += burst;
        late = (late + 370us) % 2ms;
        now = std::max(now, *transmitter.deadline()) + (late < 800us ? late : 0us);
    }
    for (const auto& [at, each] : found) CHECK(each <= kBurst);
    // Nothing is lost to wakes below 0.8 ms.
    CHECK(static_cast<double>(bytes) / 0.3 == doctest::Approx(125e6).epsilon(0.02));
}
