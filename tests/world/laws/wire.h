#pragma once

#include <optional>
#include <vector>

#include "tests/world/journal.h"

namespace world {

using support::number_at;

/// Registers of GVCP by their standard addresses.
enum Register : std::uint32_t {
    kPersistentIp = 0x064C,
    kUserName = 0x00E8,
    kIpConfiguration = 0x0014,
    kActionDeviceKey = 0x090C,
    kHeartbeat = 0x0938,
    kDiscoveryDelay = 0x0950,
    kGvcpConfiguration = 0x0954,
    kSwitchoverKey = 0x095C,
    kGvspConfiguration = 0x0960,
    kPrivilege = 0x0A00,
    kMessagePort = 0x0B00,
    kMessageDestination = 0x0B10,
    kMessageTimeout = 0x0B14,
    kMessageRetries = 0x0B18,
    kStreamPort = 0x0D00,
    kStreamPacketSize = 0x0D04,
    kStreamDelay = 0x0D08,
    kStreamDestination = 0x0D18,
    kStreamConfiguration = 0x0D24,
    kActionGroupKey = 0x9800,
    kActionGroupMask = 0x9804,
    kFeatures = 0xA000,  // from here on
};
enum Code : std::uint16_t {
    kDiscovery = 0x02,
    kForceIp = 0x04,
    kResend = 0x40,
    kReadRegister = 0x80,
    kWriteRegister = 0x82,
    kReadMemory = 0x84,
    kWriteMemory = 0x86,
    kPendingAck = 0x89,
    kEvent = 0xC0,
    kEventData = 0xC2,
    kAction = 0x100,
};
enum StatusCode : std::uint16_t {
    kSuccess = 0,
    kInvalidParameter = 0x8002,
    kWriteProtect = 0x8004,
    kAccessDenied = 0x8006,
    kBusy = 0x8007,
    kError = 0x8FFF,
};

/// Of the actions of this world, as its applications write them.
struct ActionKeys {
    std::uint32_t device = 0x1234'5678, group = 7, mask = 6;
};

/// A datagram at the control port, taken apart as the standard has it.
struct Command {
    Bytes datagram;
    Endpoint from;
    bool whole = false;  // a header with the right key
    std::uint8_t flags = 0;
    std::uint16_t code = 0, length = 0, id = 0;
    Bytes payload;

    [[nodiscard]] bool is(Code one) const { return whole && code == one; }
    [[nodiscard]] bool wants_ack() const { return whole && (flags & 1) != 0; }
    [[nodiscard]] bool writes() const { return is(kWriteRegister) || is(kWriteMemory); }
    /// A repetition is answered and not executed again.
    [[nodiscard]] bool executed_once() const { return writes() || is(kAction); }
    [[nodiscard]] bool reads() const { return is(kReadRegister) || is(kReadMemory); }
};
[[nodiscard]] Command command_of(ByteView datagram, Endpoint from);

/// A word that a command writes.
struct Write {
    std::uint32_t address = 0, value = 0;
};
/// Empty where the command is malformed, or none.
[[nodiscard]] std::vector<Write> writes_of(const Command&);

struct Answer {
    std::uint16_t status = 0, code = 0, id = 0;
    Bytes payload;
};

/// A command and what came of it.
struct Reaction {
    Command command;
    std::optional<Answer> answer;  // what left at once
    bool repeated = false;         // it was to be answered and not executed again
    std::vector<Write> done;       // what is in force now
};
[[nodiscard]] std::vector<Write> done_of(const Command&, const std::optional<Answer>&, bool from_owner);

}  // namespace world
