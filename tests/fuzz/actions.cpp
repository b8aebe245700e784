#include "tests/fuzz/fuzz.h"
#include "tests/support/action_bench.h"
#include "tests/support/random_client.h"

// Action commands of any shape, commits and cancels, while the clock is stepped and steered: a command has
// one answer at most, nothing is performed that was not accepted, no frame is older than its action, and the
// queue ends.

namespace {

using namespace support;
using Bench = ActionBench;

/// What the camera said that it would do.
struct Promised {
    std::uint64_t once = 0, repeated = 0, jumps = 0;
    Time since{};  // when the first repeated one was accepted
};

/// A time near the reading, or any.
protocol::Timestamp some_time(fuzz::Source& source, protocol::Timestamp reading) {
    const auto kind = source.number(1);
    if (kind % 8 == 0) return protocol::Timestamp(Time(static_cast<std::int64_t>(source.number(8))));
    return reading + Time(static_cast<std::int64_t>(source.below(40'000'000)) - 10'000'000);
}

void command(Bench& bench, fuzz::Source& source, Promised& promised) {
    const auto flags = static_cast<std::uint8_t>(source.number(1));
    const bool timed = source.number(1) & 1;
    auto payload = timed ? Bench::action(some_time(source, bench.reading())) : Bench::action();
    const auto damage = source.number(1);
    if (damage % 4 == 0 && !payload.empty())
        payload[source.below(payload.size())] ^= static_cast<std::uint8_t>(damage);
    if (damage % 16 == 1) payload.resize(source.below(40));
    const auto before = bench.client.acks.size();
    const auto ack = bench.client.command(0x0100, payload, flags);
    fuzz::must(bench.client.acks.size() <= before + 1, "a command has one answer at most");
    fuzz::must(!ack || (flags & 1), "nobody is answered who did not ask");
    fuzz::must(!ack || ack->payload.empty(), "the answer is a header");
    const bool refused = ack && ack->status != 0 && ack->status != 0x8016 && ack->status != 0x8FFF;
    promised.once += !refused;
}

void commit(Bench& bench, fuzz::Source& source, Promised& promised) {
    const auto at = protocol::ticks(some_time(source, bench.reading()));
    const auto interval_us = source.number(1) & 1 ? source.below(5'000) : source.number(4);
    bench.client.write_memory(FakeClient::address_of("ActionSchedulerTime"), be64(at));
    bench.client.write(FakeClient::address_of("ActionSchedulerInterval"),
                       static_cast<std::uint32_t>(interval_us));
    const bool accepted = bench.client.set("ActionSchedulerCommit", 1) == 0;
    if (!accepted) return;
    ++promised.once;
    if (bench.camera.camera.settings.action.interval_us == 0) return;
    if (promised.repeated++ == 0) promised.since = bench.camera.now();
}

void change_clock(Bench& bench, fuzz::Source& source, Promised& promised) {
    ++promised.jumps;
    auto& camera = bench.camera.camera;
    switch (source.number(1) % 4) {
        case 0:
            camera.step_clock(Time(static_cast<std::int64_t>(source.number(8))));
            break;
        case 1:
            camera.step_clock(Time(static_cast<std::int64_t>(source.below(20'000'000)) - 10'000'000));
            break;
        case 2:
            camera.steer_clock(static_cast<double>(source.below(4'000'000)) - 2e6);
            break;
        default:
            bench.in_step(source.number(1) & 3);
            break;
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::Source source(data, size);
    Bench bench;
    bench.client.keeps_payload = false;
    Promised promised;
    while (!source.empty()) {
        switch (source.number(1) % 8) {
            case 0:
            case 1:
                command(bench, source, promised);
                break;
            case 2:
                commit(bench, source, promised);
                break;
            case 3:
                change_clock(bench, source, promised);
                break;
            case 4:
                bench.client.write(0x0954, static_cast<std::uint32_t>(source.number(4)) & ~1u);
                break;
            case 5:
                if (source.number(1) % 8 == 0) bench.client.set("ActionSchedulerCancel", 1);
                break;
            default:
                bench.camera.run_for(Time(source.below(3'000'000)));
                break;
        }
        fuzz::must_be_empty(wrong_with(bench.camera.camera));
        bench.client.blocks.clear();
    }
    const auto performed = bench.pins.frames.size() + bench.pins.missed.size();
    const auto span = bench.camera.now() - promised.since;
    const auto rests = promised.jumps + static_cast<std::uint64_t>(span / std::chrono::microseconds(80));
    const auto repeats = promised.repeated ? 16 * rests : 0;
    fuzz::must(performed <= promised.once + promised.repeated + repeats,
               "nothing is performed that was not accepted");
    for (const auto& request : bench.camera.requests)
        fuzz::must(request.stamp >= protocol::Timestamp{}, "bit 63 of a stamp is clear");
    bench.client.take_control();
    bench.client.set("ActionSchedulerCancel", 1);
    fuzz::must(bench.client.get("ActionSchedulerStatus") == 0, "after a cancel nothing waits");
    return 0;
}
