#pragma once

#include <map>
#include <optional>

#include "protocol/time.h"
#include "tests/support/wire.h"

namespace support {

/// A stream packet as a client takes it apart.
struct StreamPacket {
    std::uint16_t status = 0, flags = 0;
    bool extended = false;
    std::uint8_t format = 0;
    std::uint64_t block_id = 0;
    std::uint32_t packet_id = 0;
    Bytes content;
};

[[nodiscard]] StreamPacket parse_stream_packet(ByteView datagram);

/// What has arrived of a block.
struct ReceivedBlock {
    std::optional<Bytes> leader, trailer;
    std::uint32_t trailer_id = 0;
    std::uint16_t leader_flags = 0;        // with extended ids
    std::map<std::uint32_t, Bytes> parts;  // payload by packet id
    protocol::Time first_at{}, last_at{};
    std::uint64_t resent = 0, refused = 0;

    bool operator==(const ReceivedBlock&) const = default;

    void take(const StreamPacket&, protocol::Time now);
    [[nodiscard]] bool complete() const { return leader && trailer && parts.size() + 1 == trailer_id; }
    [[nodiscard]] Bytes payload() const;
    /// Ids that are missing, from the first to the last; open-ended while no trailer has come.
    struct Gap {
        std::uint32_t first = 0;
        std::optional<std::uint32_t> last;
    };
    [[nodiscard]] std::vector<Gap> gaps() const;

    // What the leader says.
    [[nodiscard]] std::uint64_t timestamp() const { return number_at(*leader, 4, 8); }
    [[nodiscard]] std::uint32_t pixel_format() const { return field(12); }
    [[nodiscard]] std::uint32_t size_x() const { return field(16); }
    [[nodiscard]] std::uint32_t size_y() const { return field(20); }
    [[nodiscard]] std::uint32_t offset_x() const { return field(24); }
    [[nodiscard]] std::uint32_t offset_y() const { return field(28); }

  private:
    [[nodiscard]] std::uint32_t field(std::size_t at) const {
        return static_cast<std::uint32_t>(number_at(*leader, at, 4));
    }
};

}  // namespace support
