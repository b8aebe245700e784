#pragma once

#include <doctest/doctest.h>

#include "tests/support/fake_client.h"
#include "tests/support/pin_recorder.h"

namespace support {

/// A camera that waits for actions, and begins a frame at the very nanosecond of each. Its clock reads
/// `kStart` at power-up, as if it had come from a network that counts from 1970.
struct ActionBench {
    static constexpr Timestamp kStart{Time(1'800'000'000'123'456'789)};
    static constexpr std::uint32_t kDeviceKey = 0x1234'5678, kGroupKey = 0x24, kGroupMask = 0x6;
    static constexpr double kAction0 = 4, kAny = 7;

    VirtualCamera camera;
    FakeClient client{camera};
    PinRecorder pins{camera};

    explicit ActionBench(bool synchronised = true) {
        client.take_control();
        client.keep_alive();
        client.open_stream();
        CHECK(client.set("AcquisitionFrameRate", 300) == 0);  // readouts are short
        CHECK(client.set("ActionDeviceKey", kDeviceKey) == 0);
        CHECK(client.set("ActionGroupKey", kGroupKey) == 0);
        CHECK(client.set("ActionGroupMask", kGroupMask) == 0);
        CHECK(client.set("TriggerMode", 1) == 0);
        CHECK(client.set("IMXLowLatencyTriggerMode", 1) == 0);
        client.start();
        camera.camera.step_clock(kStart.time_since_epoch());
        in_step(synchronised);
    }

    /// Whether the clock is synchronised by PTP.
    void in_step(bool yes) {
        camera.camera.enable_ptp(yes);
        // It would lead itself after some seconds of listening.
        if (yes) camera.camera.device.ptp_state = protocol::ptp::State::master;
        camera.camera.set_synchronised(yes);
    }
    /// Writes the GVCP configuration, and leaves PTP as it is.
    void configure(std::uint32_t bits) {
        const std::uint32_t ptp = camera.camera.device.ptp_enabled ? 1u << 19 : 0;
        CHECK(client.write(0x0954, bits | ptp) == 0);
    }
    [[nodiscard]] Timestamp reading() const { return camera.camera.device.clock.at(camera.now()); }

    static Bytes action(std::optional<Timestamp> at = {}, std::uint32_t device = kDeviceKey,
                        std::uint32_t group = kGroupKey, std::uint32_t mask = kGroupMask) {
        auto payload = be32(device) + be32(group) + be32(mask);
        return at ? payload + be64(protocol::ticks(*at)) : payload;
    }
    /// The status of the acknowledge, if one came.
    static std::optional<std::uint16_t> act(FakeClient& from, std::optional<Timestamp> at = {}) {
        const auto ack = from.command(0x0100, action(at), at ? 0x81 : 0x01);
        if (!ack) return std::nullopt;
        CHECK(ack->code == 0x0101);
        CHECK(ack->payload.empty());
        return ack->status;
    }
    std::optional<std::uint16_t> act(std::optional<Timestamp> at = {}) { return act(client, at); }

    /// The status of the commit.
    std::uint16_t commit(Timestamp at, std::uint32_t interval_us = 0) {
        const auto time = be64(protocol::ticks(at));
        CHECK(client.write_memory(FakeClient::address_of("ActionSchedulerTime"), time) == 0);
        CHECK(client.set("ActionSchedulerInterval", interval_us) == 0);
        return client.set("ActionSchedulerCommit", 1);
    }

    /// When frames began, by the camera's clock.
    [[nodiscard]] std::vector<Timestamp> stamps() const {
        std::vector<Timestamp> times;
        for (const auto& request : camera.requests) times.push_back(request.stamp);
        return times;
    }
};

}  // namespace support
