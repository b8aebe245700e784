#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/bytes.h"

/// The wire as the tests write and read it, without the code that is tested.
namespace support {

using protocol::Bytes;
using protocol::ByteView;

/// Big-endian bytes of a number.
[[nodiscard]] inline Bytes big_endian(std::uint64_t value, int count) {
    Bytes bytes;
    for (int shift = 8 * (count - 1); shift >= 0; shift -= 8)
        bytes.push_back(static_cast<std::uint8_t>(value >> shift));
    return bytes;
}
[[nodiscard]] inline Bytes be16(std::uint64_t value) { return big_endian(value, 2); }
[[nodiscard]] inline Bytes be32(std::uint64_t value) { return big_endian(value, 4); }
[[nodiscard]] inline Bytes be64(std::uint64_t value) { return big_endian(value, 8); }

[[nodiscard]] inline std::uint64_t number_at(ByteView bytes, std::size_t at, int count) {
    std::uint64_t value = 0;
    for (int i = 0; i < count; ++i) value = value << 8 | bytes[at + static_cast<std::size_t>(i)];
    return value;
}

[[nodiscard]] inline Bytes operator+(Bytes first, ByteView second) {
    first.insert(first.end(), second.begin(), second.end());
    return first;
}

/// "4211 0002": spaces are for the eye.
[[nodiscard]] inline Bytes from_hex(std::string_view text) {
    Bytes bytes;
    int high = -1;
    for (const char c : text) {
        if (c == ' ') continue;
        const int digit = c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
        if (high >= 0) bytes.push_back(static_cast<std::uint8_t>(high * 16 + digit));
        high = high >= 0 ? -1 : digit;
    }
    return bytes;
}

[[nodiscard]] inline std::string to_hex(ByteView bytes) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text;
    for (const auto byte : bytes) {
        text += kDigits[byte >> 4];
        text += kDigits[byte & 15];
    }
    return text;
}

/// Whether a PTP message goes to the event port, by its type (IEEE 1588-2008, table 19).
[[nodiscard]] inline bool is_event_datagram(ByteView ptp) { return !ptp.empty() && (ptp[0] & 0xF) < 8; }

/// A GVCP command; `length` may be wrong on purpose.
[[nodiscard]] inline Bytes gvcp_command(std::uint16_t code, std::uint16_t id, ByteView payload = {},
                                        std::uint8_t flags = 1) {
    return Bytes{0x42, flags} + be16(code) + be16(payload.size()) + be16(id) + payload;
}

/// Numbers without a random device: the same for the same seed, everywhere.
class Dice {
  public:
    explicit Dice(std::uint64_t seed) : state_(seed) {}
    std::uint64_t next() {
        state_ += 0x9E37'79B9'7F4A'7C15;
        auto mixed = (state_ ^ (state_ >> 30)) * 0xBF58'476D'1CE4'E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D0'49BB'1331'11EB;
        return mixed ^ (mixed >> 31);
    }
    /// 0 .. count - 1
    std::uint64_t below(std::uint64_t count) { return next() % count; }
    bool one_in(std::uint64_t count) { return below(count) == 0; }

  private:
    std::uint64_t state_;
};

}  // namespace support
