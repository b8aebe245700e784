#pragma once

#include <map>
#include <optional>
#include <utility>

#include "protocol/gvcp/codec.h"
#include "protocol/ip_settings.h"

namespace emulator::relay {

/// What clients of a relay and the camera behind it say to each other: which addresses and ports stand in
/// their datagrams on either side. To its clients the relay is the camera; to the camera the relay is the
/// receiver of stream and events.
class Exchange {
  public:
    /// What clients see of the relay.
    struct Ends {
        protocol::IpSettings ip;
        std::uint16_t stream_port = 0, message_port = 0;  // where stream and events leave from
    };

    explicit Exchange(const Ends& ends) : ip_(ends.ip) {
        stream_.source = ends.stream_port;
        message_.source = ends.message_port;
    }

    /// Where the camera reaches the relay.
    void reach(protocol::Endpoint stream, protocol::Endpoint message);

    /// A client's command as the camera gets it.
    [[nodiscard]] protocol::Bytes to_camera(const protocol::gvcp::Command&, protocol::ByteView datagram,
                                            protocol::Endpoint client);
    /// The camera's acknowledge as that client gets it. What the client has written is in force from here on,
    /// as far as the camera has accepted it.
    [[nodiscard]] protocol::Bytes to_client(protocol::ByteView acknowledge, protocol::Endpoint client);
    /// The relay's answer to a discovery, from the registers that the camera has answered one with.
    [[nodiscard]] protocol::Bytes discovery_ack(protocol::ByteView registers, std::uint16_t request_id) const;

    /// Where the controlling client wants stream and events; port 0: nowhere.
    [[nodiscard]] protocol::Endpoint stream_to() const { return stream_.wanted; }
    [[nodiscard]] protocol::Endpoint message_to() const { return message_.wanted; }
    /// A client has taken control through the relay.
    [[nodiscard]] std::optional<protocol::Endpoint> controlling() const { return controlling_; }

    /// The client is gone.
    void forget(protocol::Endpoint client) { asked_.erase(key(client)); }
    /// The camera is gone, and with it all that was written to it.
    void forget_camera();

  private:
    /// A channel from the camera to its client, and the registers of it.
    struct Channel {
        std::uint32_t port_register = 0, destination_register = 0, source_register = 0;
        std::uint16_t source = 0;            // of the relay, as clients see it
        protocol::Endpoint reached, wanted;  // as the camera is told, and as the client has said
    };
    using Key = std::pair<std::uint32_t, std::uint16_t>;
    static Key key(protocol::Endpoint client) { return {client.ip, client.port}; }
    [[nodiscard]] static Channel stream_channel();
    [[nodiscard]] static Channel message_channel();
    [[nodiscard]] std::uint32_t written(std::uint32_t address, std::uint32_t word) const;
    [[nodiscard]] std::uint32_t read(std::uint32_t address, std::uint32_t word) const;
    void accepted(std::uint32_t address, std::uint32_t word, protocol::Endpoint client);

    protocol::IpSettings ip_;
    Channel stream_ = stream_channel(), message_ = message_channel();
    std::map<Key, protocol::Bytes> asked_;  // the last command of each client
    std::optional<protocol::Endpoint> controlling_;
};

}  // namespace emulator::relay
