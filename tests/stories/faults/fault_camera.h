#pragma once

#include <nlohmann/json.hpp>

#include "tests/support/fake_client.h"

/// A camera with faults, and a client that has control and streams.
namespace fault_camera {

using namespace support;
using nlohmann::json;

/// Of the image that `small_profile` makes: leader, payload packets, trailer.
inline constexpr std::uint32_t kPackets = 26;

struct Arrived {
    Time at{};
    StreamPacket packet;
    Bytes datagram;
    bool operator==(const Arrived& other) const { return at == other.at && datagram == other.datagram; }
};

struct FaultCamera {
    explicit FaultCamera(bool asks_resends = false, const VirtualCameraOptions& options = {})
        : camera(options), client(camera, {.asks_resends = asks_resends}) {
        client.take_control();
        client.keep_alive();
        client.open_stream();
    }

    std::uint64_t set(const json& order) { return camera.faults.add(order); }
    [[nodiscard]] std::uint64_t hits(std::uint64_t id) const {
        return camera.faults.entries().at(id).fault->hits();
    }
    /// Frames at 30 a second, and whoever listens gets them.
    void stream(int frames) {
        client.start();
        camera.run_for(frames * 33'333'333ns);
        client.stop();
        camera.run_for(1500ms);
    }
    /// The packets of so many frames, as they arrive.
    std::vector<Arrived> packets(int frames) {
        std::vector<Arrived> arrived;
        const auto keep = [&](ByteView datagram, Endpoint) {
            arrived.push_back(
                {camera.host.now(), parse_stream_packet(datagram), Bytes(datagram.begin(), datagram.end())});
        };
        camera.listen(client.stream_end(), keep);
        stream(frames);
        camera.leave(client.stream_end());
        return arrived;
    }

    VirtualCamera camera;
    FakeClient client;
};

/// The packets that a client gets with a fault, or without.
inline std::vector<Arrived> packets_with(const json& fault, int frames, bool extended = false) {
    FaultCamera faulty;
    if (extended) {
        CHECK(faulty.client.write(0x0960, 0x4000'0000) == 0);
        faulty.client.open_stream();
    }
    if (!fault.is_null()) faulty.set(fault);
    return faulty.packets(frames);
}

/// Two runs with a fault are equal; a run whose fault is cleared before the stream is as one without; and the
/// fault leaves no trace in the stream that is opened after it; in the open one its block ids may go on.
inline void check_laws(const json& fault, bool lasts_in_channel = false) {
    const auto with = packets_with(fault, 5), without = packets_with(nullptr, 5);
    CHECK(with == packets_with(fault, 5));
    CHECK(with != without);
    if (!lasts_in_channel) {
        FaultCamera cleared;
        cleared.set(fault);
        cleared.camera.faults.clear();
        CHECK(cleared.packets(5) == without);
    }

    FaultCamera over, never;
    over.set(fault);
    const auto stream_again = [](FaultCamera& one) {
        (void)one.packets(5);
        one.camera.faults.clear();
        one.client.write(0x0D00, 0);
        one.client.open_stream();
        return one.packets(5);
    };
    CHECK(stream_again(over) == stream_again(never));
}

}  // namespace fault_camera
