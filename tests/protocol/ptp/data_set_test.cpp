#include "protocol/ptp/data_set.h"

#include <doctest/doctest.h>

#include <array>
#include <functional>

using namespace protocol::ptp;

namespace {

DataSet clock(std::uint64_t identity) {
    return {.grandmaster = identity, .sender = {.clock = identity, .port = 1}};
}

}  // namespace

TEST_CASE("ptp data set: an earlier criterion outweighs all later ones") {
    // From the first to the last, each made worse while all after it are made better.
    const std::array<std::function<void(DataSet&, int)>, 6> criteria{
        [](DataSet& d, int by) { d.priority1 = static_cast<std::uint8_t>(d.priority1 + by); },
        [](DataSet& d, int by) { d.clock_class = static_cast<std::uint8_t>(d.clock_class + by); },
        [](DataSet& d, int by) { d.accuracy = static_cast<std::uint8_t>(d.accuracy + by); },
        [](DataSet& d, int by) { d.variance = static_cast<std::uint16_t>(d.variance + by); },
        [](DataSet& d, int by) { d.priority2 = static_cast<std::uint8_t>(d.priority2 + by); },
        [](DataSet& d, int by) { d.grandmaster += static_cast<std::uint64_t>(by); },
    };
    DataSet usual = clock(1000);
    usual.variance = 0x8000;
    for (std::size_t first = 0; first < criteria.size(); ++first) {
        auto other = usual;
        criteria[first](other, 1);
        for (std::size_t later = first + 1; later < criteria.size(); ++later) criteria[later](other, -1);
        CHECK(better(usual, other));
        CHECK_FALSE(better(other, usual));
    }
}

TEST_CASE("ptp data set: of two paths to one grandmaster the shorter counts, then the sender's identity") {
    auto near = clock(5), far = clock(5);
    far.steps_removed = 2;
    far.sender.clock = 1;
    far.priority1 = 0;  // Quality does not count here.
    CHECK(better(near, far));
    CHECK_FALSE(better(far, near));
    far.steps_removed = near.steps_removed;
    CHECK(better(far, near));
    far.sender = {.clock = near.sender.clock, .port = 2};
    CHECK(better(near, far));
}

TEST_CASE("ptp data set: nothing is better than itself") { CHECK_FALSE(better(clock(7), clock(7))); }
