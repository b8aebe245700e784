#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

#include "protocol/bytes.h"

// rtnetlink: dumps and changes of the kernel's tables of links, addresses, routes and neighbours. Numbers are
// the kernel's: those of addresses are in network byte order.

namespace emulator::net::netlink {

inline constexpr std::uint8_t kIpv4 = 2;       // AF_INET
inline constexpr std::uint16_t kDump = 0x301;  // NLM_F_REQUEST and NLM_F_DUMP

/// A message with its header, a fixed body, and attributes behind it.
class Message {
  public:
    explicit Message(protocol::Bytes received) : bytes_(std::move(received)) {}
    template <class Body>
    Message(std::uint16_t type, std::uint16_t flags, const Body& body)
        : Message(type, flags, &body, sizeof body) {}

    /// Appends an attribute.
    template <class Value>
    Message& with(std::uint16_t attribute, const Value& value) {
        return with(attribute, &value, sizeof value);
    }

    /// The body, which must be of this kind.
    template <class Body>
    [[nodiscard]] Body body() const {
        return read<Body>(body_bytes()).value_or(Body{});
    }
    /// An attribute behind a body of this kind; nothing if it is not there.
    template <class Body, class Value>
    [[nodiscard]] std::optional<Value> attribute(std::uint16_t wanted) const {
        return read<Value>(find(sizeof(Body), wanted));
    }
    /// Likewise, as text.
    template <class Body>
    [[nodiscard]] std::string text(std::uint16_t wanted) const {
        const auto found = find(sizeof(Body), wanted);
        return {found.begin(), std::find(found.begin(), found.end(), 0)};
    }
    [[nodiscard]] const protocol::Bytes& bytes() const { return bytes_; }
    /// Turns an entry of a dump into a request, or numbers a request.
    void set_header(std::uint16_t flags, std::uint32_t sequence);

  private:
    Message(std::uint16_t type, std::uint16_t flags, const void* body, std::size_t size);
    Message& with(std::uint16_t attribute, const void* value, std::size_t size);
    [[nodiscard]] protocol::ByteView body_bytes() const;
    [[nodiscard]] protocol::ByteView find(std::size_t body_size, std::uint16_t attribute) const;

    template <class Value>
    static std::optional<Value> read(protocol::ByteView bytes) {
        Value value;
        if (bytes.size() < sizeof value) return std::nullopt;
        std::memcpy(&value, bytes.data(), sizeof value);
        return value;
    }

    protocol::Bytes bytes_;
};

/// All IPv4 entries of a table whose entries have this body; `type` is of the question (RTM_GETADDR). None if
/// the kernel does not answer.
[[nodiscard]] std::vector<Message> dump(const Message& question);
template <class Body>
[[nodiscard]] std::vector<Message> dump(std::uint16_t type) {
    Body body{};
    *reinterpret_cast<std::uint8_t*>(&body) = kIpv4;  // Every body begins with the family.
    return dump(Message(type, kDump, body));
}
/// Sends requests in one batch, and returns the result of each.
std::vector<std::error_code> perform(std::vector<Message> orders);

}  // namespace emulator::net::netlink
