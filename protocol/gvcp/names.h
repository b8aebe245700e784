#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "protocol/gvcp/codec.h"

namespace protocol::gvcp {

// Names of GVCP as GigE Vision and Wireshark print them.

struct GvcpName {
    std::uint16_t code = 0;
    std::string_view name;
};
/// Commands, by their codes.
[[nodiscard]] std::span<const GvcpName> command_names();
/// Status codes of acknowledges.
[[nodiscard]] std::span<const GvcpName> status_names();

inline constexpr std::string_view kMalformed = "malformed", kOtherCommand = "other", kNoAnswer = "none";

/// The name of a command, `other` for a code that has none, `malformed` for what is no command.
[[nodiscard]] std::string_view command_name(const std::optional<Command>&);
/// The name of a status code, or its four hexadecimal digits.
[[nodiscard]] std::string status_name(std::uint16_t status);
/// The name of a standard event; empty for those of the manufacturer.
[[nodiscard]] std::string_view event_name(std::uint16_t id);

/// The name of the bootstrap register that begins at this address; empty if none does.
[[nodiscard]] std::string_view bootstrap_name(std::uint32_t address);

/// "0x0A00", of at least so many digits.
[[nodiscard]] std::string hex(std::uint64_t number, int digits);
[[nodiscard]] std::string hex(ByteView bytes);

}  // namespace protocol::gvcp
