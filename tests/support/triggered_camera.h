#pragma once

#include <doctest/doctest.h>

#include <initializer_list>
#include <string_view>
#include <utility>

#include "tests/support/fake_client.h"
#include "tests/support/pin_recorder.h"

namespace support {

/// Features and their values.
using Values = std::initializer_list<std::pair<std::string_view, double>>;

/// The highest rate that can be set, in Hz, is set.
inline double set_fastest(FakeClient& client) {
    constexpr std::uint32_t kMaxPlane = 0x2000'0000;
    const auto address = FakeClient::address_of("AcquisitionFrameRate");
    const auto steps = client.must_read(address + kMaxPlane);
    CHECK(client.write(address, steps) == 0);
    return steps * 1e-5;
}

/// A camera that waits for triggers: 528 by 64 pixels, exposed for a millisecond, read as fast as they can be
/// unless a rate is among the settings.
struct Triggered {
    VirtualCamera camera;
    FakeClient client{camera};
    PinRecorder pins{camera};

    explicit Triggered(Values settings = {}, const VirtualCameraOptions& options = {}) : camera(options) {
        client.take_control();
        client.keep_alive();
        client.open_stream();
        set_fastest(client);
        set(settings);
        set({{"TriggerMode", 1}});
        client.start();
    }
    void set(Values settings) {
        for (const auto& wanted : settings) {
            CAPTURE(wanted.first);
            CHECK(client.set(wanted.first, wanted.second) == 0);
        }
    }
    void software_trigger(Time at) {
        camera.scheduler.at(at, [this] { CHECK(client.set("TriggerSoftware", 1) == 0); });
    }
};

}  // namespace support
