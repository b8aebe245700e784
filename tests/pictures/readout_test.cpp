#include <doctest/doctest.h>

#include <array>
#include <cmath>

#include "tests/pictures/live_camera.h"

// What is read out, and what becomes of it until it is sent.

using namespace measure;
using namespace std::chrono_literals;

namespace {

/// Differences between pixels that should be alike, of which noise is the rest.
struct Differences {
    double sum = 0, squares = 0;
    int count = 0;

    void add(double difference) { sum += difference, squares += difference * difference, ++count; }
    [[nodiscard]] double mean() const { return sum / count; }
    [[nodiscard]] double error_of_mean() const { return std::sqrt(squares) / count; }
};

}  // namespace

TEST_CASE("the rim of a region has its neighbours' crosstalk, though they are not read") {
    // An upright edge runs along the region's left side.
    Bench bench("slanted_edge", {"items.0.angle_deg=0"});
    const auto middle = bench.view().centre_px;
    bench.aim({1024, 768}, 2048, 1536);
    const auto whole = bench.shoot_mean(8);
    bench.aim({middle.x + 264, middle.y}, 528, 512);
    const auto part = bench.shoot_mean(8);
    std::array<Differences, 5> sides;  // left, right, top, bottom, and within
    for (int y = 0; y < part.height(); ++y)
        for (int x = 0; x < part.width(); ++x) {
            const std::size_t side = x == 0                   ? 0
                                     : x == part.width() - 1  ? 1
                                     : y == 0                 ? 2
                                     : y == part.height() - 1 ? 3
                                                              : 4;
            sides[side].add(part.dn.at(x, y) - whole.dn.at(part.x + x, part.y + y));
        }
    for (std::size_t side = 0; side < sides.size(); ++side) {
        CAPTURE(side);
        CAPTURE(sides[side].error_of_mean());
        CHECK(std::abs(sides[side].mean()) < 5 * sides[side].error_of_mean());
    }
}

TEST_CASE("a frame that waits for the wire is the one that is sent at once: hot pixels collect no more") {
    const auto frames = [](bool slow_wire) {
        auto profile = support::small_profile();
        profile.chip.hot_density = 0.01;
        profile.power_up.image.width = 1024, profile.power_up.image.height = 256;
        LiveCamera live(scene_named("lens_cap"), profile, Acquisition::stopped);
        auto& client = live.client;
        auto& camera = live.camera;
        client.set("ExposureTime", 20'000);
        client.set("TriggerMode", 1);
        if (slow_wire) {
            client.set("DeviceLinkThroughputLimitMode", 1);
            client.set("DeviceLinkThroughputLimit", 1'000'000);
        }
        client.start();
        for (int i = 0; i < 4; ++i) {
            client.set("TriggerSoftware", 1);
            camera.run_for(100ms);
        }
        camera.run_for(2s);
        std::vector<protocol::Bytes> payloads;
        for (const auto& [id, block] : client.blocks) payloads.push_back(block.payload());
        const auto& last = client.blocks.rbegin()->second;
        return std::pair{payloads, last.first_at};
    };
    const auto [at_once, early] = frames(false);
    const auto [waited, late] = frames(true);
    REQUIRE(at_once.size() == 4);
    CHECK(late > early + 300ms);
    CHECK(waited == at_once);
}
