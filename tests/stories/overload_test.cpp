#include <doctest/doctest.h>

#include <algorithm>
#include <cerrno>

#include "tests/support/triggered_camera.h"

// A host that cannot make or send all frames: each is either sent whole or dropped with its cause, its block
// id is missing as a real camera's would be, and afterwards the stream is whole again.

using namespace support;
using emulator::acquisition::DropCause;

namespace {

constexpr auto kPeriod = 10ms;

/// Triggered every 10 ms; a frame takes 24 packets of 1500 bytes.
struct Overloaded {
    explicit Overloaded(const VirtualCameraOptions& options = {}) : on({{"ExposureTime", 100}}, options) {}

    /// So many more frames, then time for all that is under way.
    void expose(int frames) {
        for (int i = 0; i < frames; ++i) on.pins.pulse(on.camera.now() + kPeriod * (i + 1));
        on.camera.run_for(frames * kPeriod + 5s);
    }
    [[nodiscard]] std::size_t dropped(DropCause cause) const {
        return static_cast<std::size_t>(
            std::ranges::count(on.pins.dropped, cause, [](const auto& one) { return one.cause; }));
    }
    /// Exposed is sent or dropped by this cause, and the client has what is sent.
    void all_accounted_for(DropCause cause) const {
        CHECK(on.pins.frames.size() == on.camera.sent().blocks + on.pins.dropped.size());
        CHECK(dropped(cause) == on.pins.dropped.size());
        CHECK(on.client.complete_blocks() == on.camera.sent().blocks);
    }
    /// The last so many frames are whole.
    void whole_again(std::size_t frames) const {
        const auto exposed = on.pins.frames.size();
        for (auto id = exposed - frames + 1; id <= exposed; ++id) {
            CAPTURE(id);
            const auto block = on.client.blocks.find(id);
            REQUIRE(block != on.client.blocks.end());
            CHECK(block->second.complete());
            CHECK(block->second.timestamp() ==
                  static_cast<std::uint64_t>(on.pins.frames[id - 1].start.count()));
        }
    }

    Triggered on;
};

}  // namespace

TEST_CASE("overload: images that come late are dropped before they are made, by their cause") {
    VirtualCameraOptions options;
    options.frame_work = 15ms;
    Overloaded o(options);
    o.expose(200);
    o.all_accounted_for(DropCause::rendering_late);
    CHECK(o.dropped(DropCause::rendering_late) > 20);
    CHECK(o.on.client.blocks.size() == 200 - o.on.pins.dropped.size());
    o.expose(20);
    o.all_accounted_for(DropCause::rendering_late);
    o.whole_again(20);
}

TEST_CASE("overload: blocks for which a sender that does not run has no place are dropped") {
    Overloaded o;
    o.expose(3);
    o.on.camera.sender_sleeps_until = o.on.camera.host.now() + 1s;
    o.expose(100);
    o.all_accounted_for(DropCause::sending_late);
    // The first of them finds the sender asleep already.
    CHECK(o.dropped(DropCause::sending_late) == doctest::Approx(100 - 20).epsilon(0.05));
    o.expose(20);
    o.all_accounted_for(DropCause::sending_late);
    o.whole_again(20);
}

TEST_CASE("overload: a block is dropped if the host had no room for one of its packets, or knew no way") {
    for (const bool offload : {false, true}) {
        for (const int error : {EAGAIN, ENOBUFS, ENOMEM, ENETUNREACH, EHOSTUNREACH}) {
            CAPTURE(offload);
            CAPTURE(error);
            VirtualCameraOptions options;
            options.offload = offload;
            Overloaded o(options);
            o.expose(5);
            o.on.camera.stream_socket.faults = {.send_error = error, .unsent_messages = 3};
            o.expose(10);
            const auto cause = error == ENETUNREACH || error == EHOSTUNREACH ? DropCause::unreachable
                                                                             : DropCause::sending_late;
            o.all_accounted_for(cause);
            CHECK(!o.on.pins.dropped.empty());
            CHECK(o.on.pins.dropped.size() <= 3);
            CHECK(o.on.camera.sent().packets_unsent >= 3);
            o.expose(5);
            o.all_accounted_for(cause);
            o.whole_again(5);
        }
    }
}

TEST_CASE("overload: without a way to the client no block counts as sent, and with one again it does") {
    Overloaded o;
    o.on.camera.stream_socket.faults.connect_error = ENETUNREACH;
    CHECK(o.on.client.write(0x0D00, 51000) == 0);
    o.expose(10);
    CHECK(o.dropped(DropCause::unreachable) + o.on.camera.sent().blocks == o.on.pins.frames.size());
    o.on.camera.stream_socket.faults.connect_error = 0;
    o.expose(5);
    CHECK(o.dropped(DropCause::unreachable) + o.on.camera.sent().blocks == o.on.pins.frames.size());
    o.whole_again(5);
}

TEST_CASE("overload: a packet that is sent again and does not leave drops no frame") {
    Overloaded o;
    o.expose(3);
    o.on.camera.stream_socket.faults = {.send_error = ENOBUFS, .unsent_messages = 1};
    o.on.client.ask_resend(2, 1, 1);
    o.on.camera.run_for(10ms);
    CHECK(o.on.camera.sent().packets_unsent == 1);
    CHECK(o.on.pins.dropped.empty());
    CHECK(o.on.camera.sent().blocks == 3);
}
