#include "emulator/faults/faults.h"

#include <doctest/doctest.h>

#include "tests/stories/faults/fault_camera.h"

// When faults are in force, and what becomes of those that are over.

using namespace fault_camera;
using State = emulator::faults::Faults::State;

namespace {

State state_of(const FaultCamera& faulty, std::uint64_t id) {
    return faulty.camera.faults.entries().at(id).state;
}

}  // namespace

TEST_CASE("faults: each begins and ends at its times, and repeats itself") {
    FaultCamera faulty;
    const auto id = faulty.set(
        {{"fault", "packet_loss"}, {"after_us", 1000}, {"for_us", 2000}, {"every_us", 10'000}, {"times", 2}});
    std::string seen;
    for (int ms = 0; ms < 25; ++ms) {
        seen += state_of(faulty, id) == State::in_force ? '#'
                : state_of(faulty, id) == State::over   ? '.'
                                                        : '-';
        faulty.camera.run_for(1ms);
    }
    CHECK(seen == "-##--------##............");
    CHECK(faulty.camera.faults.entries().at(id).begun == 2);
}

TEST_CASE("faults: one without an end stays until it is cleared") {
    FaultCamera faulty;
    const auto id = faulty.set({{"fault", "packet_loss"}});
    faulty.camera.run_for(100s);
    CHECK(state_of(faulty, id) == State::in_force);
    CHECK(faulty.camera.faults.remove(id));
    CHECK_FALSE(faulty.camera.faults.remove(id));
    CHECK(faulty.camera.faults.entries().empty());
}

TEST_CASE("faults: a planned one that is cleared never begins") {
    FaultCamera faulty;
    faulty.set({{"fault", "cable_out"}, {"after_us", 1000}});
    faulty.camera.faults.clear();
    faulty.camera.run_for(1s);
    CHECK(faulty.client.must_read(0x0938) > 0);
}

TEST_CASE("faults: link and control count in host time, the others in camera time") {
    FaultCamera faulty;
    faulty.camera.time.set_rate(0);
    const auto link = faulty.set({{"fault", "cable_out"}, {"for_us", 1000}});
    const auto stream = faulty.set({{"fault", "packet_loss"}, {"for_us", 1000}});
    faulty.camera.run_for(10ms);
    CHECK(state_of(faulty, link) == State::over);
    CHECK(state_of(faulty, stream) == State::in_force);
    faulty.camera.time.set_rate(1'000'000);
    faulty.camera.run_for(2ms);
    CHECK(state_of(faulty, stream) == State::over);
}

TEST_CASE("faults: 64 are kept, and one that is over makes room") {
    FaultCamera faulty;
    const auto first = faulty.set({{"fault", "packet_loss"}, {"rate", 0}, {"for_us", 1000}});
    for (int i = 0; i < 63; ++i) faulty.set({{"fault", "packet_loss"}, {"rate", 0}});
    CHECK_THROWS_AS(faulty.set({{"fault", "packet_loss"}}), scenes::ConfigError);
    faulty.camera.run_for(2ms);
    CHECK(state_of(faulty, first) == State::over);
    faulty.set({{"fault", "packet_loss"}, {"rate", 0}});
    CHECK(faulty.camera.faults.entries().size() == 64);
    CHECK_FALSE(faulty.camera.faults.entries().contains(first));
}

TEST_CASE("faults: what is wrong is refused with its key, and changes nothing") {
    FaultCamera faulty;
    const std::pair<json, std::string> wrong[]{
        {{{"fault", "no_such"}}, "fault"},
        {{{"rate", 1}}, "fault"},
        {{{"fault", "packet_loss"}, {"rate", 1.01}}, "rate"},
        {{{"fault", "packet_loss"}, {"rate", -0.01}}, "rate"},
        {{{"fault", "packet_loss"}, {"every", 0}}, "every"},
        {{{"fault", "packet_loss"}, {"blocks", json::array()}}, "blocks"},
        {{{"fault", "packet_loss"}, {"blocks", {"a"}}}, "blocks"},
        {{{"fault", "packet_loss"}, {"part", "head"}}, "part"},
        {{{"fault", "packet_loss"}, {"for_us", 0}}, "for_us"},
        {{{"fault", "packet_loss"}, {"every_us", 1000}}, "every_us"},
        {{{"fault", "packet_loss"}, {"every_us", 1000}, {"for_us", 1000}}, "every_us"},
        {{{"fault", "packet_loss"}, {"times", 2}}, "times"},
        {{{"fault", "packet_loss"}, {"delay_us", 2}}, "delay_us"},
        {{{"fault", "packet_delay"}}, "delay_us"},
        {{{"fault", "packet_delay"}, {"delay_us", 1e6 + 1}}, "delay_us"},
        {{{"fault", "block_id_wrong"}, {"offset", 0}}, "offset"},
        {{{"fault", "control_lost"}, {"for_us", 1000}}, "for_us"},
    };
    for (const auto& one : wrong) {
        CAPTURE(one.first.dump());
        try {
            faulty.set(one.first);
            CHECK(false);
        } catch (const scenes::ConfigError& error) {
            CHECK(error.key.starts_with(one.second));
        }
    }
    CHECK(faulty.camera.faults.entries().empty());
}
