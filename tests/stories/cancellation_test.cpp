#include <doctest/doctest.h>

#include "tests/support/fake_client.h"

// Work for a stream channel that is closed is given up, and what will be seen is made ahead.

using namespace support;

namespace {

/// A host that needs 130 ms for each frame, of which twenty come in a second.
VirtualCameraOptions slow_host() {
    VirtualCameraOptions options;
    options.frame_work = 130ms;
    return options;
}

}  // namespace

TEST_CASE("frames that are being made for a channel are cancelled when it is closed or opened anew") {
    for (const bool reopen : {false, true}) {
        CAPTURE(reopen);
        VirtualCamera camera(slow_host());
        FakeClient client(camera);
        client.take_control();
        client.keep_alive();
        client.open_stream();
        client.set("AcquisitionFrameRate", 20);
        client.start();
        camera.run_for(1s);
        client.stop();
        const auto asked = camera.requests.size();
        REQUIRE(asked > 10);
        CHECK(camera.camera.busy());
        if (reopen) {
            client.open_stream();
        } else {
            CHECK(client.write(0x0D00, 0) == 0);
        }
        client.blocks.clear();
        camera.run_for(20s);
        CHECK(client.blocks.empty());
        CHECK_FALSE(camera.camera.busy());
        CHECK(camera.cancelled > 0);
        CHECK(camera.cancelled < static_cast<int>(asked));
    }
}

TEST_CASE("the picture is rendered ahead when a client takes control, moves the lens, and opens a channel") {
    VirtualCamera camera;
    FakeClient client(camera);
    CHECK(camera.expected.empty());
    client.take_control();
    client.take_control();  // has it already
    client.keep_alive();
    REQUIRE(camera.expected.size() == 1);
    CHECK(camera.expected.back() == camera.camera.lens().state(camera.now(), 25));
    client.set("Zoom", 300);
    REQUIRE(camera.expected.size() == 2);
    client.set("Zoom", 500);
    client.set("Iris", 200);
    REQUIRE(camera.expected.size() == 4);
    camera.run_for(10s);
    CHECK(camera.expected.back() == camera.camera.lens().state(camera.now(), 25));
    CHECK(camera.expected[2] != camera.expected.back());
    client.open_stream();
    REQUIRE(camera.expected.size() == 5);
    CHECK(camera.expected.back() == camera.camera.lens().state(camera.now(), 25));
    camera.run_for(10s);
    CHECK(camera.expected.size() == 5);  // a camera that waits expects nothing new
}
