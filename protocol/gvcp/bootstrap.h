#pragma once

#include <optional>

#include "protocol/device.h"
#include "protocol/result.h"

namespace protocol::bootstrap {

/// End of the bootstrap registers: the manufacturer's own begin here.
inline constexpr std::uint32_t kEnd = 0xA000;

// Addresses used outside of the table, which has them all.
enum Address : std::uint32_t {
    kCurrentIp = 0x0024,
    kCurrentMask = 0x0034,
    kCurrentGateway = 0x0044,
    kSerialNumber = 0x00D8,
    kUserName = 0x00E8,
    kHeartbeat = 0x0938,
    kTimestampControl = 0x0944,
    kTimestampLatch = 0x0948,
    kGvspConfiguration = 0x0960,
    kControlPrivilege = 0x0A00,
    kPrimaryPort = 0x0A04,
    kPrimaryIp = 0x0A14,
    kMessagePort = 0x0B00,
    kMessageDestination = 0x0B10,
    kMessageSource = 0x0B1C,
    kStreamPort = 0x0D00,
    kStreamPacketSize = 0x0D04,
    kStreamDelay = 0x0D08,
    kStreamDestination = 0x0D18,
    kStreamSource = 0x0D1C,
};

/// Sender and time of a write, as the control channel counts it.
struct Request {
    Endpoint from;
    Time now{};
    DeviceDelegate& delegate;
};

/// Where a register begins, and its size.
struct Place {
    std::uint32_t address = 0, size_bytes = 0;
};
/// The register that holds this address, if one does.
[[nodiscard]] std::optional<Place> register_at(std::uint32_t address);

/// Reads any aligned span. Gaps between registers read as zero; a span that meets no register fails.
Status read(const Device&, std::uint32_t address, std::span<std::uint8_t> out);

/// Writes one aligned 4-byte word, with all that the register does.
Status write(Device&, std::uint32_t address, ByteView word, const Request&);

/// The first 0xF8 bytes, which are also the answer to a discovery.
[[nodiscard]] Bytes discovery_image(const Device&);

}  // namespace protocol::bootstrap
