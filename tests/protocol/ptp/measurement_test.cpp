#include "protocol/ptp/measurement.h"

#include <doctest/doctest.h>

#include "protocol/time.h"

using namespace protocol::ptp;
using namespace std::chrono_literals;
using protocol::Time;
using protocol::Timestamp;

namespace {

constexpr std::int64_t kScale = 65536;

Message message(Type type, std::uint16_t sequence, Time time, Time correction = {}, std::uint16_t flags = 0) {
    Message message;
    message.type = type;
    message.sequence = sequence;
    message.time = Timestamp(time);
    message.scaled_correction = correction.count() * kScale;
    message.flags = flags;
    return message;
}

Message two_step(std::uint16_t sequence, Time correction = {}) {
    return message(Type::sync, sequence, {}, correction, kTwoStep);
}

/// The camera is 500 ns ahead, and the way takes 100 ns.
void exchange(Measurement& measurement, std::uint16_t sequence, Time at) {
    REQUIRE(measurement.sync(message(Type::sync, sequence, at), Timestamp(at + 600ns)));
    measurement.request(sequence);
    measurement.request_sent(sequence, Timestamp(at + 1ms + 500ns));
    measurement.response(message(Type::delay_response, sequence, at + 1ms + 100ns));
}

}  // namespace

TEST_CASE("ptp measurement: four times give the offset and the delay") {
    Measurement measurement;
    CHECK_FALSE(measurement.path_delay());
    exchange(measurement, 1, 5s);
    CHECK(measurement.path_delay() == 100ns);
    const auto sample = measurement.take_sample();
    REQUIRE(sample);
    CHECK(sample->offset == 500ns);
    CHECK(sample->at == Timestamp(5s + 600ns));
    CHECK_FALSE(measurement.take_sample());
}

TEST_CASE("ptp measurement: a two-step master says the time later, or earlier than its Sync comes") {
    for (const bool follow_up_first : {false, true}) {
        Measurement measurement;
        exchange(measurement, 1, 5s);
        (void)measurement.take_sample();
        if (follow_up_first) {
            CHECK_FALSE(measurement.follow_up(message(Type::follow_up, 2, 6s)));
            CHECK(measurement.sync(two_step(2), Timestamp(6s + 700ns)));
        } else {
            CHECK_FALSE(measurement.sync(two_step(2), Timestamp(6s + 700ns)));
            CHECK_FALSE(measurement.take_sample());
            CHECK(measurement.follow_up(message(Type::follow_up, 2, 6s)));
        }
        CHECK(measurement.take_sample()->offset == 600ns);
    }
}

TEST_CASE(
    "ptp measurement: what belongs to different Syncs is never put together, and nothing counts twice") {
    Measurement measurement;
    exchange(measurement, 1, 5s);
    CHECK(measurement.take_sample());
    CHECK_FALSE(measurement.sync(message(Type::sync, 1, 5s), Timestamp(9s)));  // doubled
    CHECK_FALSE(measurement.sync(two_step(2), Timestamp(6s + 600ns)));
    CHECK_FALSE(measurement.sync(two_step(2), Timestamp(6s + 900ns)));  // doubled: the first came in time
    CHECK_FALSE(measurement.sync(two_step(3), Timestamp(7s + 600ns)));
    CHECK_FALSE(measurement.follow_up(message(Type::follow_up, 2, 6s)));
    CHECK(measurement.follow_up(message(Type::follow_up, 3, 7s)));
    CHECK(measurement.take_sample()->offset == 500ns);
    CHECK_FALSE(measurement.follow_up(message(Type::follow_up, 3, 7s)));
}

TEST_CASE("ptp measurement: a master that begins anew with its numbers is followed") {
    Measurement measurement;
    exchange(measurement, 60'000, 5s);
    (void)measurement.take_sample();
    CHECK(measurement.sync(message(Type::sync, 0, 6s), Timestamp(6s + 600ns)));
    CHECK(measurement.take_sample()->offset == 500ns);
}

TEST_CASE("ptp measurement: what bridges corrected is taken off") {
    Measurement measurement;
    CHECK_FALSE(
        measurement.sync(two_step(1, 40ns), Timestamp(5s + 690ns)));  // 40 ns in one bridge, 50 ns in another
    CHECK(measurement.follow_up(message(Type::follow_up, 1, 5s, 50ns)));
    measurement.request(1);
    measurement.request_sent(1, Timestamp(6s + 500ns));
    measurement.response(message(Type::delay_response, 1, 6s + 130ns, 30ns));
    CHECK(measurement.path_delay() == 100ns);
    CHECK(measurement.take_sample()->offset == 500ns);
}

TEST_CASE(
    "ptp measurement: an answer counts for its own request only, and once; its stamp may come after it") {
    Measurement measurement;
    REQUIRE(measurement.sync(message(Type::sync, 1, 5s), Timestamp(5s + 600ns)));
    measurement.request(7);
    measurement.response(message(Type::delay_response, 6, 5s + 9ms));
    measurement.request_sent(6, Timestamp(5s));
    CHECK_FALSE(measurement.path_delay());
    measurement.response(message(Type::delay_response, 7, 6s + 100ns));
    CHECK_FALSE(measurement.path_delay());
    measurement.request_sent(7, Timestamp(6s + 500ns));
    CHECK(measurement.path_delay() == 100ns);
    measurement.response(message(Type::delay_response, 7, 9s));
    CHECK(measurement.path_delay() == 100ns);
}

TEST_CASE("ptp measurement: single delays that are far too long or absurd do no harm") {
    Measurement measurement;
    for (std::uint16_t turn = 1; turn <= 8; ++turn) {
        exchange(measurement, turn, turn * 1s);
        measurement.request(100);
        measurement.request_sent(100, Timestamp(turn * 1s));
        if (turn % 4 == 0) measurement.response(message(Type::delay_response, 100, turn * 1s + 100ms));
        if (turn % 4 == 2) measurement.response(message(Type::delay_response, 100, 4'000'000s));
        CHECK(measurement.path_delay() == 100ns);
    }
}

TEST_CASE("ptp measurement: a clock that is set moves all that was stamped by it") {
    Measurement measurement;
    REQUIRE(measurement.sync(message(Type::sync, 1, 5s), Timestamp(5s + 600ns)));
    measurement.request(1);
    measurement.request_sent(1, Timestamp(5s + 1ms + 500ns));
    measurement.clock_stepped(-500ns);
    measurement.response(message(Type::delay_response, 1, 5s + 1ms + 100ns));
    CHECK(measurement.path_delay() == 100ns);
    CHECK(measurement.take_sample()->offset == 0ns);
    CHECK_FALSE(measurement.sync(two_step(2), Timestamp(6s + 100ns)));
    measurement.clock_stepped(1s);
    CHECK(measurement.follow_up(message(Type::follow_up, 2, 6s)));
    CHECK(measurement.take_sample()->offset == 1s);
}
