#pragma once

#include "emulator/acquisition/sequencer.h"
#include "tests/support/virtual_camera.h"
#include "tests/world/laws/wire.h"

namespace world {

/// What the camera promised its clients by its acknowledges, by the standard's rules; kept apart from the
/// camera.
struct Promises {
    std::optional<Endpoint> owner;
    std::uint32_t privilege = 0, heartbeat_ms = 3000;
    std::uint16_t key = 0;
    bool heartbeat_off = false, unconditional_action = false;
    ActionKeys keys{.device = 0, .group = 0, .mask = 0};
    std::uint32_t ip = 0;  // the camera's
    Time heard{};          // of the owner

    struct Channel {
        std::uint32_t ip = 0;
        std::uint16_t port = 0;
        [[nodiscard]] bool open() const { return ip != 0 && port != 0; }
        [[nodiscard]] bool multicast() const { return ip >> 28 == 0xE; }
        bool operator==(const Channel&) const = default;
    };
    Channel stream, message;
    std::uint64_t stream_openings = 0, message_openings = 0;  // what waited before is gone
    bool extended_ids = false, unconditional = false;
    std::uint32_t packet_size = 1500 | 0x4000'0000;
    std::uint32_t message_timeout_ms = 300, message_retries = 2;
    std::uint32_t event_selected = 0;
    std::map<std::uint32_t, bool> notified;  // by EventSelector

    [[nodiscard]] bool owned_by(Endpoint who) const { return owner == who; }
    /// An action command that is for this camera.
    [[nodiscard]] bool asserted_by(const Command&) const;
    /// A FORCEIP command for this camera, while nobody has control.
    [[nodiscard]] bool moved_by(const Command&, std::uint64_t mac) const;
};

/// What all laws of one camera look at.
struct Scene {
    std::string serial;
    std::uint32_t home_ip = 0;                 // at power-up
    support::VirtualCamera* camera = nullptr;  // null without power
    Promises promises = {};
    std::uint64_t send_failures = 0;  // packets that the host was to refuse, since power-up
    Time sending_fails_until{};       // packets that were sent again may not have left
    Time slack{};                     // until then a stalled host excuses what is late, in host time

    [[nodiscard]] Time now() const { return camera->host.now(); }
    /// Packets that the host did not take.
    [[nodiscard]] std::uint64_t unsent() const {
        return send_failures - static_cast<std::uint64_t>(camera->stream_socket.faults.unsent_messages);
    }
};

/// An invariant of one camera: told of all that reaches and leaves it. Times are the camera's host time.
class Law {
  public:
    explicit Law(Scene& scene) : scene_(scene) {}
    virtual ~Law() = default;
    Law(const Law&) = delete;
    Law& operator=(const Law&) = delete;

    /// The camera has power from now on; also after a reset.
    virtual void starts() {}
    virtual void before(const Command&) {}
    virtual void after(const Reaction&) {}
    virtual void replies(const Answer&, Endpoint) {}
    virtual void streams(ByteView, Endpoint) {}
    virtual void messages(ByteView, Endpoint) {}
    virtual void hears_message(ByteView, Endpoint) {}
    virtual void makes(const emulator::FrameRequest&, const Bytes& payload);
    virtual void puts_out(const emulator::acquisition::Output&, std::uint64_t block_id);
    virtual void stores(const emulator::Flash&) {}
    virtual void stored(bool) {}
    /// Time has passed, or a datagram was handled: nothing is under way.
    virtual void settles() {}

  protected:
    /// `sentence` is a text, or what makes one.
    template <class Sentence>
    void require(bool holds, const char* invariant, const Sentence& sentence) const {
        if (holds) return;
        if constexpr (std::is_invocable_v<Sentence>) {
            throw Violation(invariant, scene_.serial + ": " + sentence());
        } else {
            throw Violation(invariant, scene_.serial + ": " + sentence);
        }
    }

    Scene& scene_;
};

}  // namespace world
