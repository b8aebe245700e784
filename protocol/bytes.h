#pragma once

#include <algorithm>
#include <concepts>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace protocol {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

/// Where a datagram comes from or goes to, in host byte order.
struct Endpoint {
    std::uint32_t ip = 0;
    std::uint16_t port = 0;
    bool operator==(const Endpoint&) const = default;
};

/// The big-endian value of the first bytes; `bytes` must be long enough.
template <std::unsigned_integral T>
[[nodiscard]] constexpr T load(ByteView bytes) {
    T value = 0;
    for (std::size_t i = 0; i < sizeof(T); ++i) value = static_cast<T>((value << 8) | bytes[i]);
    return value;
}

template <std::unsigned_integral T>
constexpr void store(std::span<std::uint8_t> bytes, T value) {
    for (std::size_t i = sizeof(T); i-- > 0; value = static_cast<T>(value >> 8)) {
        bytes[i] = static_cast<std::uint8_t>(value);
    }
}

/// Reads big-endian fields in order. A read past the end fails, and so do all that follow: check `ok()` once
/// at the end.
class Reader {
  public:
    explicit Reader(ByteView bytes) : bytes_(bytes) {}

    template <std::unsigned_integral T>
    T get() {
        if (!take(sizeof(T))) return 0;
        return load<T>(bytes_.subspan(at_ - sizeof(T)));
    }
    std::uint8_t u8() { return get<std::uint8_t>(); }
    std::uint16_t u16() { return get<std::uint16_t>(); }
    std::uint32_t u32() { return get<std::uint32_t>(); }
    std::uint64_t u64() { return get<std::uint64_t>(); }
    void skip(std::size_t count) { take(count); }

    [[nodiscard]] ByteView rest() const { return ok_ ? bytes_.subspan(at_) : ByteView{}; }
    [[nodiscard]] bool ok() const { return ok_; }

  private:
    bool take(std::size_t count) {
        ok_ = ok_ && count <= bytes_.size() - at_;
        if (ok_) at_ += count;
        return ok_;
    }

    ByteView bytes_;
    std::size_t at_ = 0;
    bool ok_ = true;
};

/// Appends big-endian fields.
class Writer {
  public:
    template <std::unsigned_integral T>
    Writer& put(T value) {
        bytes_.resize(bytes_.size() + sizeof(T));
        store<T>(std::span(bytes_).last(sizeof(T)), value);
        return *this;
    }
    Writer& u8(std::uint8_t value) { return put(value); }
    Writer& u16(std::uint16_t value) { return put(value); }
    Writer& u32(std::uint32_t value) { return put(value); }
    Writer& u64(std::uint64_t value) { return put(value); }
    Writer& zeros(std::size_t count) {
        bytes_.resize(bytes_.size() + count);
        return *this;
    }
    Writer& bytes(ByteView more) {
        bytes_.insert(bytes_.end(), more.begin(), more.end());
        return *this;
    }
    /// Text in a field of fixed size, filled with NUL; what does not fit is cut.
    Writer& text(std::string_view text, std::size_t size) {
        const auto field = bytes_.size();
        zeros(size);
        std::copy_n(text.begin(), std::min(text.size(), size),
                    bytes_.begin() + static_cast<std::ptrdiff_t>(field));
        return *this;
    }

    [[nodiscard]] Bytes take() { return std::move(bytes_); }

  private:
    Bytes bytes_;
};

/// The text in a field of fixed size: up to the first NUL.
[[nodiscard]] inline std::string text_of(ByteView field) {
    return {field.begin(), std::find(field.begin(), field.end(), std::uint8_t{0})};
}

}  // namespace protocol
