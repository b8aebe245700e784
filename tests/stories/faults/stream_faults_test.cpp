#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "tests/stories/faults/fault_camera.h"

// Faults of the stream's packets, as a client sees them.

using namespace fault_camera;

namespace {

using Id = std::pair<std::uint64_t, std::uint32_t>;  // of block and packet

std::vector<Id> ids(const std::vector<Arrived>& packets) {
    std::vector<Id> ids;
    for (const auto& one : packets) ids.emplace_back(one.packet.block_id, one.packet.packet_id);
    return ids;
}

std::set<Id> set_of(const std::vector<Arrived>& packets) {
    const auto list = ids(packets);
    return {list.begin(), list.end()};
}

}  // namespace

TEST_CASE("faults: packet_loss loses the chosen packets of the chosen blocks, and these alone") {
    for (const bool extended : {false, true}) {
        CAPTURE(extended);
        const auto all = set_of(packets_with(nullptr, 5, extended));
        REQUIRE(all.size() == 5 * kPackets);
        auto expected = all;
        for (const auto& lost : {Id{3, 0}, Id{3, 17}, Id{5, 0}, Id{5, 17}}) expected.erase(lost);
        const json order{{"fault", "packet_loss"}, {"blocks", {3, 5}}, {"packets", {0, 17}}};
        CHECK(set_of(packets_with(order, 5, extended)) == expected);
    }
    const auto leaders = set_of(packets_with({{"fault", "packet_loss"}, {"part", "leader"}}, 5));
    CHECK(leaders.size() == 5 * (kPackets - 1));
    CHECK(std::ranges::none_of(leaders, [](const Id& id) { return id.second == 0; }));
}

TEST_CASE("faults: a packet that is lost once comes when it is asked for, one that is lost always never") {
    for (const bool once : {true, false}) {
        CAPTURE(once);
        FaultCamera faulty(true);
        json order{{"fault", "packet_loss"}, {"blocks", {3}}, {"packets", {17}}};
        if (once) order["resent"] = false;
        const auto id = faulty.set(order);
        faulty.stream(5);
        REQUIRE(faulty.client.blocks.size() == 5);
        CHECK(faulty.client.complete_blocks() == (once ? 5 : 4));
        CHECK(faulty.client.blocks.at(3).complete() == once);
        CHECK((faulty.hits(id) == 1) == once);
        CHECK(faulty.hits(id) >= 1);
    }
}

TEST_CASE("faults: bursts of lost packets are as long as they should be") {
    const auto arrived =
        set_of(packets_with({{"fault", "packet_loss"}, {"every", 50}, {"burst", 4}, {"resent", false}}, 5));
    std::vector<bool> lost;
    for (std::uint64_t block = 1; block <= 5; ++block)
        for (std::uint32_t packet = 0; packet < kPackets; ++packet)
            lost.push_back(!arrived.contains({block, packet}));
    for (std::size_t i = 0; i < lost.size(); ++i) {
        const bool expected = i >= 49 && (i - 49) % 50 < 4;
        CHECK_MESSAGE(lost[i] == expected, i);
    }
}

TEST_CASE("faults: packet_delay brings packets later by its time, and others overtake them") {
    const auto without = packets_with(nullptr, 2);
    const auto all = packets_with({{"fault", "packet_delay"}, {"delay_us", 700}}, 2);
    REQUIRE(all.size() == without.size());
    for (std::size_t i = 0; i < all.size(); ++i) {
        CHECK(all[i].datagram == without[i].datagram);
        CHECK(all[i].at - without[i].at == 700us);
    }
    const auto one =
        packets_with({{"fault", "packet_delay"}, {"delay_us", 100}, {"packets", {3}}, {"blocks", {2}}}, 2);
    CHECK(set_of(one) == set_of(without));
    const auto order = ids(one);
    const auto place = std::ranges::find(order, Id{2, 3});
    REQUIRE(place != order.begin());
    CHECK(std::prev(place)->second > 3);
}

TEST_CASE("faults: packet_jitter delays each packet by up to its time, and keeps their order") {
    const auto without = packets_with(nullptr, 3);
    const auto with = packets_with({{"fault", "packet_jitter"}, {"jitter_us", 200}}, 3);
    REQUIRE(with.size() == without.size());
    CHECK(ids(with) == ids(without));
    std::set<Time> delays;
    for (std::size_t i = 0; i < with.size(); ++i) {
        const auto delay = with[i].at - without[i].at;
        CHECK(delay >= 0us);
        CHECK(delay <= 200us);
        delays.insert(delay);
    }
    CHECK(delays.size() > 5);
}

TEST_CASE("faults: packet_reorder lets so many packets pass, and brings the packet at the latest in 20 ms") {
    for (const std::uint32_t behind : {1, 5}) {
        CAPTURE(behind);
        const auto order = ids(packets_with(
            {{"fault", "packet_reorder"}, {"behind", behind}, {"packets", {3}}, {"blocks", {2}}}, 3));
        CHECK(order.size() == 3 * kPackets);
        const auto place = std::ranges::find(order, Id{2, 3});
        REQUIRE(place != order.end());
        CHECK(std::prev(place)->second == 3 + behind);
    }
    const auto last = packets_with(
        {{"fault", "packet_reorder"}, {"behind", 1000}, {"part", "trailer"}, {"blocks", {3}}}, 3);
    REQUIRE(last.size() == 3 * kPackets);
    CHECK(last.back().packet.format == 2);
    CHECK(last.back().at - last[last.size() - 2].at > 19ms);
    CHECK(last.back().at - last[last.size() - 2].at < 21ms);
}

TEST_CASE("faults: packet_duplicate sends copies of the very packet") {
    const auto packets =
        packets_with({{"fault", "packet_duplicate"}, {"copies", 3}, {"packets", {0, 25}}}, 2);
    CHECK(packets.size() == 2 * (kPackets + 4));
    CHECK(set_of(packets).size() == 2 * kPackets);
    for (std::size_t i = 0; i < 3; ++i) CHECK(packets[i].datagram == packets[0].datagram);
}

TEST_CASE("faults: packet_corruption flips so many bits, where it should") {
    const auto without = packets_with(nullptr, 2);
    for (const auto* field : {"any", "header", "content"}) {
        CAPTURE(std::string(field));
        const auto with =
            packets_with({{"fault", "packet_corruption"}, {"field", field}, {"part", "payload"}}, 2);
        REQUIRE(with.size() == without.size());
        std::size_t flipped = 0, in_header = 0;
        for (std::size_t i = 0; i < with.size(); ++i) {
            const auto &is = with[i].datagram, &was = without[i].datagram;
            REQUIRE(is.size() == was.size());
            for (std::size_t byte = 0; byte < is.size(); ++byte) {
                const auto bits = static_cast<std::size_t>(std::popcount(unsigned{is[byte]} ^ was[byte]));
                flipped += bits;
                in_header += byte < 8 ? bits : 0;
            }
        }
        CHECK(flipped == 2 * (kPackets - 2));
        if (std::string(field) == "header") CHECK(in_header == flipped);
        if (std::string(field) == "content") CHECK(in_header == 0);
    }
}

TEST_CASE(
    "faults: mtu_drop loses what is larger, test packets, too, and all comes with a smaller packet size") {
    FaultCamera faulty;
    const auto id = faulty.set({{"fault", "mtu_drop"}, {"mtu_bytes", 1000}});
    faulty.client.write(0x0D04, 0xC000'0000 | 1500);
    faulty.client.write(0x0D04, 0xC000'0000 | 1000);
    faulty.camera.run_for(1ms);
    REQUIRE(faulty.client.test_packets.size() == 1);
    CHECK(faulty.client.test_packets[0].size() == 1000 - 28);
    CHECK(faulty.hits(id) == 1);
    CHECK(packets_with({{"fault", "mtu_drop"}, {"mtu_bytes", 1000}}, 2).size() == 2 * 3);
    faulty.client.open_stream(1000);
    faulty.stream(3);
    CHECK(faulty.client.complete_blocks() == 3);
}

TEST_CASE("faults: refused, ignored, late and partial resends") {
    const auto run = [](const json& fault) {
        FaultCamera faulty;
        const auto id = faulty.set(fault);
        faulty.client.start();
        faulty.camera.run_for(50ms);
        faulty.client.stop();
        faulty.camera.run_for(100ms);
        std::vector<Arrived> answers;
        faulty.camera.listen(faulty.client.stream_end(), [&](ByteView datagram, Endpoint) {
            answers.push_back({faulty.camera.host.now(), parse_stream_packet(datagram), {}});
        });
        const auto asked = faulty.camera.host.now();
        faulty.client.ask_resend(1, 2, 9);
        faulty.camera.run_for(1s);
        CHECK(faulty.hits(id) == 1);
        for (auto& one : answers) one.at -= asked;
        return answers;
    };
    const auto refused = run({{"fault", "resend_refused"}});
    CHECK(refused.size() == 8);
    for (const auto& one : refused) {
        CHECK(one.packet.status == 0x800C);
        CHECK(one.packet.content.empty());
    }
    CHECK(run({{"fault", "resend_ignored"}}).empty());
    const auto late = run({{"fault", "resend_late"}, {"delay_us", 30'000}});
    REQUIRE(late.size() == 8);
    CHECK(late[0].at >= 30ms);
    CHECK(late[7].at < 31ms);
    const auto partial = run({{"fault", "resend_partial"}, {"part", 0.4}});
    REQUIRE(partial.size() == 3);
    CHECK(partial[2].packet.packet_id == 4);
    CHECK(run({{"fault", "resend_partial"}, {"part", 0}}).size() == 1);
}

TEST_CASE("faults: a client that asks again gets complete images in spite of the stream's faults") {
    FaultCamera faulty(true);
    faulty.set({{"fault", "packet_loss"}, {"rate", 0.05}});
    faulty.set({{"fault", "packet_reorder"}, {"rate", 0.05}, {"behind", 3}});
    faulty.set({{"fault", "packet_duplicate"}, {"rate", 0.05}});
    faulty.set({{"fault", "packet_jitter"}, {"jitter_us", 50}});
    faulty.stream(30);
    CHECK(faulty.client.blocks.size() == 30);
    CHECK(faulty.client.complete_blocks() == 30);
    for (const auto& entry : faulty.client.blocks)
        CHECK(entry.second.payload() == faulty.camera.picture(faulty.camera.requests[entry.first - 1]));
}

TEST_CASE("faults: those of packets are alike in two runs, and leave no trace") {
    const json orders[]{{{"fault", "packet_loss"}, {"rate", 0.1}},
                        {{"fault", "packet_delay"}, {"delay_us", 300}, {"rate", 0.1}},
                        {{"fault", "packet_jitter"}, {"jitter_us", 300}},
                        {{"fault", "packet_reorder"}, {"rate", 0.1}, {"behind", 4}},
                        {{"fault", "packet_duplicate"}, {"rate", 0.1}},
                        {{"fault", "packet_corruption"}, {"rate", 0.1}},
                        {{"fault", "mtu_drop"}, {"mtu_bytes", 900}}};
    for (const auto& order : orders) {
        CAPTURE(order.dump());
        check_laws(order);
    }
}
