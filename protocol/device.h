#pragma once

#include <array>
#include <string>

#include "protocol/bytes.h"
#include "protocol/clock.h"
#include "protocol/gvcp/codec.h"
#include "protocol/gvcp/control.h"
#include "protocol/ip_settings.h"
#include "protocol/ptp/state.h"
#include "protocol/time.h"

namespace protocol {

/// Identity of the device in the bootstrap registers; text is UTF-8.
struct Identity {
    std::string vendor, model, version, manufacturer_info, serial;
    std::uint64_t mac = 0;
};

/// IP configuration methods; the bits of registers 0x0010 and 0x0014.
enum IpConfiguration : std::uint32_t { kPersistentIp = 1, kDhcp = 2, kLinkLocal = 4 };

/// What survives a power cycle.
struct NonVolatile {
    std::string user_name;  // at most 15 bytes; may hold NULs inside while a client writes it in parts
    IpSettings persistent_ip;
    std::uint32_t ip_configuration = kDhcp | kLinkLocal;
    bool operator==(const NonVolatile&) const = default;
};

struct MessageChannelSettings {
    std::uint16_t host_port = 0;  // 0: closed
    std::uint32_t destination_ip = 0;
    std::uint32_t timeout_ms = 300;
    std::uint32_t retries = 2;
    std::uint16_t source_port = 0;
    [[nodiscard]] bool open() const { return host_port != 0 && destination_ip != 0; }
};

struct StreamChannelSettings {
    std::uint16_t host_port = 0;  // 0: closed
    std::uint32_t destination_ip = 0;
    std::uint16_t packet_size_bytes = 1500;  // of the IP packet
    bool do_not_fragment = true;
    std::uint32_t delay_ticks = 0;
    std::uint16_t source_port = 0;
    bool unconditional = false;        // the stream continues without a controlling application
    bool resend_to_requester = false;  // resent packets go to the requester
    bool all_in = false;               // a block that fits travels as one packet
    bool extended_ids = false;         // 64-bit block ids
    [[nodiscard]] bool open() const { return host_port != 0 && destination_ip != 0; }
    [[nodiscard]] Endpoint destination() const { return {.ip = destination_ip, .port = host_port}; }
    [[nodiscard]] bool multicast() const { return (destination_ip >> 28) == 0xE; }
};

/// Limits of SCPS: sizes of the IP packet, manual of the camera family.
inline constexpr std::uint32_t kMinPacketBytes = 576, kMaxPacketBytes = 16364, kPacketStepBytes = 4;
inline constexpr std::uint32_t kMinHeartbeatMs = 500;
inline constexpr std::uint32_t kXmlUrlBytes = 512;
inline constexpr std::uint32_t kActionQueueSlots = 16;  // assumed
inline constexpr std::uint64_t kTickFrequencyHz = 1'000'000'000;

/// What asserts the one action signal that is offered.
struct ActionSignal {
    std::uint32_t device_key = 0, group_key = 0, group_mask = 0;
    bool unconditional = false;  // also while no application has control
    [[nodiscard]] bool asserted_by(const gvcp::Action& action) const {
        return action.device_key == device_key && action.group_key == group_key &&
               (action.group_mask & group_mask) != 0;
    }
};

/// Everything that the bootstrap registers read and write.
struct Device {
    Identity identity;
    IpSettings ip;
    std::uint32_t link_speed_mbps = 1000;
    std::string xml_url;
    NonVolatile non_volatile;

    gvcp::Control control;
    std::uint32_t heartbeat_ms = 3000;
    bool heartbeat_disabled = false, pending_ack_enabled = false, extended_status_enabled = false;
    bool extended_status_2_enabled = false;  // of version 2.0
    std::uint32_t discovery_delay_ms = 0;
    std::uint32_t pending_timeout_ms = 300;

    Clock clock;  // the timestamp counter
    /// IEEE 1588 has the clock, and a client cannot reset it.
    bool ptp_enabled = false;
    ptp::State ptp_state = ptp::State::disabled;  // also where its ports cannot be had
    std::uint64_t latched_ticks = 0;

    ActionSignal action;
    MessageChannelSettings message;
    StreamChannelSettings stream;

    [[nodiscard]] bool ptp_runs() const { return ptp_state != ptp::State::disabled; }
};

/// Device delegate: what the protocol library needs from the device around it.
class DeviceDelegate {
  public:
    virtual ~DeviceDelegate() = default;
    /// The present time of the oscillator that the timestamp counter counts. Times of the control channel,
    /// as for its heartbeat, are another count.
    [[nodiscard]] virtual Time now() const = 0;
    /// The stream channel, or its acquisition, is running: its parameters may not change.
    [[nodiscard]] virtual bool streaming() const = 0;
    virtual void stream_channel_changed() = 0;
    virtual void message_channel_changed() = 0;
    virtual void fire_test_packet() = 0;
    virtual void resend(const gvcp::Resend&) = 0;
    /// An application took control of a device that had no controlling application.
    virtual void control_taken() = 0;
    /// Control was released or timed out; called after the privilege is dropped.
    virtual void control_lost() = 0;
    /// Another application took control over; the message channel is still that of the old one.
    virtual void control_switched() = 0;
    /// Moves the device to these usable settings. `access_denied` where they may not be changed, `error`
    /// where the host cannot give them; then nothing is changed.
    virtual Status apply_ip(const IpSettings&) = 0;
    virtual void restart_ip_configuration() = 0;
    /// The action signal is asserted: now, or when the clock reads `at`. Success, or `action_late` if that
    /// was past and it is performed now; else nothing is performed.
    virtual Status act(std::optional<Timestamp> at) = 0;
    /// Changes `non_volatile`, and is busy while earlier changes are being saved.
    virtual Status store(const NonVolatile&) = 0;
    /// Something was changed that survives a power cycle, and is not being saved yet.
    [[nodiscard]] virtual bool unsaved() const = 0;
    /// Begins to save all of that. `ControlChannel::saved` is called with the result, possibly before this
    /// returns; what could not be saved is restored.
    virtual void save() = 0;
    /// Changes `ptp_enabled` and `ptp_state` at once.
    virtual void enable_ptp(bool) = 0;
};

}  // namespace protocol
