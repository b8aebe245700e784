#include <doctest/doctest.h>

#include "tests/support/random_client.h"

using namespace support;

TEST_CASE("nothing that a client sends makes the settings illegal or stops the camera from answering") {
    std::uint64_t streamed = 0, seeds_that_streamed = 0;
    for (std::uint64_t seed = 1; seed <= 12; ++seed) {
        CAPTURE(seed);
        VirtualCamera camera;
        RandomClient random(camera, seed);
        for (int step = 0; step < 1500; ++step) {
            CAPTURE(step);
            random.act();
            REQUIRE(wrong_with(camera.camera) == "");
        }
        // After the heartbeat of the random client another one finds a camera that works.
        random.client().die();
        camera.camera.device.heartbeat_disabled = false;
        camera.camera.device.heartbeat_ms = 500;
        camera.camera.device.discovery_delay_ms = 0;
        camera.camera.gvcp().handle_control(gvcp_command(0x80, 1, be32(0)), random.client().control_end());
        camera.run_for(1s);
        FakeClient stranger(camera, {.ip = 0x0A000077});
        REQUIRE(stranger.command(0x02));
        REQUIRE(stranger.take_control() == 0);
        stranger.set("AcquisitionStop", 1);
        CHECK(stranger.write(0x0D00, 0) == 0);
        CHECK(stranger.must_read(0x0A00) == 2);
        streamed += camera.stream_packets;
        seeds_that_streamed += camera.stream_packets > 0;
    }
    // Without sense, but not without luck: most of them come to see pictures.
    CHECK(seeds_that_streamed >= 6);
    CHECK(streamed > 1000);
}
