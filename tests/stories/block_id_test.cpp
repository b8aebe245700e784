#include <doctest/doctest.h>

#include "tests/support/fake_client.h"

using namespace support;

namespace {

/// The ids of the leaders that come within a time, from a camera with the smallest image at its highest rate.
std::vector<std::uint64_t> ids_of_a_fast_camera(bool extended, Time time) {
    VirtualCameraOptions options;
    options.profile.power_up.image.height = 4;
    options.profile.power_up.exposure.time_us = 20;
    options.profile.power_up.acquisition.frame_rate_hz = 1e6;  // Settled to what is possible.
    VirtualCamera camera(options);
    FakeClient client(camera);
    std::vector<std::uint64_t> ids;
    camera.listen(client.stream_end(), [&](ByteView datagram, Endpoint) {
        if ((datagram[4] & 0x0F) != 1) return;
        ids.push_back(extended ? number_at(datagram, 8, 8) : number_at(datagram, 2, 2));
    });
    client.take_control();
    client.write(0x0954, 1);
    client.write(0x0960, extended ? 0x4000'0000 : 0);
    client.open_stream();
    client.start();
    camera.run_for(time);
    return ids;
}

}  // namespace

TEST_CASE("a 16-bit block id goes from 65535 to 1, and a 64-bit one goes on") {
    for (const bool extended : {false, true}) {
        CAPTURE(extended);
        const auto ids = ids_of_a_fast_camera(extended, extended ? 1s : 13s);
        REQUIRE(ids.size() > (extended ? 5'000 : 66'000));
        for (std::size_t i = 0; i < ids.size(); ++i) REQUIRE(ids[i] == (extended ? i : i % 0xFFFF) + 1);
    }
}
