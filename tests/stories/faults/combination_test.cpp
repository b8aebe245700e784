#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <set>

#include "tests/stories/faults/fault_camera.h"

// Random combinations of faults, and two clients: the laws that no fault suspends, and no trace afterwards.

using namespace fault_camera;

namespace {

using Random = std::mt19937_64;

/// What packets are allowed to be.
enum class Suspends : std::uint8_t { nothing, content, stamps };

struct Choice {
    json order;
    Suspends suspends = Suspends::nothing;
};

const std::vector<Choice>& choices() {
    static const std::vector<Choice> all{
        {{{"fault", "packet_loss"}, {"rate", 0.02}}},
        {{{"fault", "packet_loss"}, {"every", 300}, {"burst", 40}}},
        {{{"fault", "packet_delay"}, {"delay_us", 900}, {"rate", 0.1}}},
        {{{"fault", "packet_jitter"}, {"jitter_us", 500}}},
        {{{"fault", "packet_reorder"}, {"behind", 9}, {"rate", 0.05}}},
        {{{"fault", "packet_duplicate"}, {"copies", 4}, {"rate", 0.05}}},
        {{{"fault", "packet_corruption"}, {"rate", 0.01}}, Suspends::content},
        {{{"fault", "mtu_drop"}, {"mtu_bytes", 1400}}},
        {{{"fault", "resend_refused"}, {"rate", 0.5}}},
        {{{"fault", "resend_ignored"}, {"rate", 0.5}}},
        {{{"fault", "resend_late"}, {"delay_us", 30'000}}},
        {{{"fault", "resend_partial"}}},
        {{{"fault", "frame_truncated"}, {"every", 5}}, Suspends::content},
        {{{"fault", "leader_missing"}, {"every", 5}}},
        {{{"fault", "trailer_missing"}, {"every", 5}}},
        {{{"fault", "leader_size_wrong"}, {"width", 9}, {"every", 5}}},
        {{{"fault", "block_id_wrong"}, {"every", 5}}, Suspends::content},
        {{{"fault", "block_id_wrap"}}, Suspends::content},
        {{{"fault", "timestamp_jump"}, {"jump_us", 1e6}, {"every", 5}}, Suspends::stamps},
        {{{"fault", "timestamp_wrap"}}, Suspends::stamps},
        {{{"fault", "payload_stale"}, {"every", 5}}, Suspends::content},
        {{{"fault", "command_loss"}, {"rate", 0.2}}},
        {{{"fault", "ack_loss"}, {"rate", 0.2}}},
        {{{"fault", "ack_delay"}, {"delay_us", 90'000}, {"rate", 0.3}}},
        {{{"fault", "ack_duplicate"}}},
        {{{"fault", "ack_reorder"}, {"rate", 0.3}}},
        {{{"fault", "pending_ack"}, {"rate", 0.3}}},
        {{{"fault", "ack_status"}, {"rate", 0.2}}},
        {{{"fault", "register_value"}, {"register", "0x0938"}, {"value", 1}}},
        {{{"fault", "control_lost"}}},
        {{{"fault", "cable_out"}}},
        {{{"fault", "link_speed"}}},
        {{{"fault", "address_change"}, {"address", "10.0.0.77"}}},
        {{{"fault", "slow_ip_configuration"}, {"takes_us", 2e6}}},
        {{{"fault", "power_cycle"}}, Suspends::stamps},
        {{{"fault", "brown_out"}}, Suspends::stamps},
        {{{"fault", "over_temperature"}}},
        {{{"fault", "hot_pixels"}}},
        {{{"fault", "motor_stuck"}, {"part", "zoom"}}},
        {{{"fault", "iris_stuck"}}},
        {{{"fault", "strobe_dead"}}},
        {{{"fault", "clock_jump"}, {"jump_us", 3e6}}, Suspends::stamps},
        {{{"fault", "trigger_settings_lost"}}},
        {{{"fault", "read_only_write_freeze"}}},
        {{{"fault", "pixel_format_stuck"}}},
    };
    return all;
}

/// Some faults, each at a time of its own.
struct Combination {
    std::vector<json> orders;
    bool content = true, stamps = true;  // laws that hold
};

Combination draw(Random& random) {
    const auto below = [&random](int count) {
        return static_cast<int>(random() % static_cast<unsigned>(count));
    };
    Combination drawn;
    std::set<int> taken;
    while (taken.size() < 3 + static_cast<std::size_t>(drawn.orders.size() % 3)) taken.insert(below(45));
    for (const auto index : taken) {
        auto choice = choices()[static_cast<std::size_t>(index)];
        const std::string name = choice.order["fault"];
        choice.order["after_us"] = below(10'000'000);
        choice.order["every_us"] = 8'000'000 + below(4'000'000);
        if (name != "control_lost" && name != "brown_out" && name != "clock_jump")
            choice.order["for_us"] = 100'000 + below(5'000'000);
        drawn.content &= choice.suspends != Suspends::content;
        drawn.stamps &= choice.suspends != Suspends::stamps;
        drawn.orders.push_back(choice.order);
    }
    return drawn;
}

/// A client that opens the camera whenever it has not got it.
class Persistent {
  public:
    Persistent(VirtualCamera& camera, const FakeClientOptions& options)
        : camera_(camera), client_(camera, options) {
        visit();
    }
    [[nodiscard]] FakeClient& client() { return client_; }
    void die() {
        client_.die();
        dead_ = true;
    }
    [[nodiscard]] bool owns() const { return camera_.camera.device.control.owned_by(client_.control_end()); }

  private:
    void visit() {
        if (dead_) return;
        camera_.host.after(300ms, [this] { visit(); });
        if (owns() && camera_.camera.streaming()) return (void)client_.read(0x0A00);
        (void)client_.take_control();
        if (!owns()) return;
        client_.blocks.clear();
        client_.write(0x0D00, 0);
        client_.write(0x0D04, 0x4000'0000U | 1500);
        client_.write(0x0D18, client_.stream_end().ip);
        client_.write(0x0D00, client_.stream_end().port);
        client_.start();
    }

    VirtualCamera& camera_;
    FakeClient client_;
    bool dead_ = false;
};

/// Each part of a block that has come is that of the frame with the stamp of its leader.
void check_content(const VirtualCamera& camera, const FakeClient& client) {
    for (const auto& entry : client.blocks) {
        const auto& block = entry.second;
        if (!block.leader) continue;
        const auto request = std::ranges::find_if(camera.requests, [&](const auto& one) {
            return protocol::ticks(one.stamp) == block.timestamp();
        });
        REQUIRE(request != camera.requests.end());
        const auto picture = camera.picture(*request);
        for (const auto& part : block.parts) {
            const auto at = (part.first - 1) * std::size_t{1464};
            REQUIRE(at + part.second.size() <= picture.size());
            CHECK(std::equal(part.second.begin(), part.second.end(),
                             picture.begin() + static_cast<std::ptrdiff_t>(at)));
        }
    }
}

void check_laws(VirtualCamera& camera, Persistent& one, Persistent& other, const Combination& drawn) {
    // One controller, and nobody else changes a feature.
    CHECK_FALSE((one.owns() && other.owns()));
    for (auto* stranger : {&one, &other}) {
        if (stranger->owns()) continue;
        const auto before = camera.camera.settings.exposure.gain_db;
        (void)stranger->client().set("Gain", before > 5 ? 1 : 9);
        CHECK(camera.camera.settings.exposure.gain_db == before);
    }
    for (auto* client : {&one.client(), &other.client()}) {
        if (drawn.stamps) {
            const auto stamps = client->timestamps();
            CHECK((!drawn.content || std::ranges::is_sorted(stamps)));
        }
        if (drawn.content && drawn.stamps) check_content(camera, *client);
    }
}

/// After `clear` a client opens the camera, and gets every frame.
void check_as_new(VirtualCamera& camera, Persistent& one, Persistent& other) {
    camera.faults.clear();
    CHECK(camera.camera.disturbance() == emulator::Disturbance{});
    one.die();
    other.die();
    camera.run_for(15s);
    FakeClient fresh(camera, {.ip = 0x0A000003, .asks_resends = true});
    REQUIRE(fresh.take_control() == 0);
    fresh.keep_alive();
    CHECK(fresh.set("AcquisitionStop", 1) == 0);
    fresh.open_stream();
    fresh.start();
    camera.run_for(1s);
    fresh.stop();
    camera.run_for(200ms);
    CHECK(fresh.blocks.size() >= 29);
    CHECK(fresh.complete_blocks() == fresh.blocks.size());
    CHECK(fresh.blocks.begin()->first == 1);
    CHECK(fresh.refusals.empty());
    CHECK(fresh.stream_packets == fresh.blocks.size() * kPackets);
    check_content(camera, fresh);
}

}  // namespace

TEST_CASE("faults: in 24 random combinations of them the camera keeps its laws, and is as new afterwards") {
    CHECK(choices().size() == 45);
    for (std::uint64_t seed = 1; seed <= 24; ++seed) {
        Random random(seed);
        const auto drawn = draw(random);
        VirtualCamera camera;
        Persistent one(camera, {.asks_resends = true});
        Persistent other(camera, {.ip = 0x0A000002, .control_port = 50001, .asks_resends = true});
        std::string names;
        for (const auto& order : drawn.orders) {
            camera.faults.add(order);
            names += order["fault"].get<std::string>() + ' ';
        }
        CAPTURE(seed);
        CAPTURE(names);
        for (int tenth = 0; tenth < 300; ++tenth) {
            camera.run_for(100ms);
            if (tenth % 10 == 0) check_laws(camera, one, other, drawn);
        }
        std::uint64_t begun = 0;
        for (const auto& entry : camera.faults.entries())
            begun += static_cast<std::uint64_t>(entry.second.begun);
        CHECK(begun >= drawn.orders.size());
        check_as_new(camera, one, other);
    }
}
