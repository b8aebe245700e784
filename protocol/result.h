#pragma once

#include <cassert>
#include <cstdint>
#include <optional>
#include <utility>

namespace protocol {

/// GVCP and GVSP status codes. Every error that a client can cause travels as one of these.
enum class [[nodiscard]] Status : std::uint16_t{
    success = 0x0000,
    packet_resend = 0x0100,
    not_implemented = 0x8001,
    invalid_parameter = 0x8002,
    invalid_address = 0x8003,
    write_protect = 0x8004,
    bad_alignment = 0x8005,
    access_denied = 0x8006,
    busy = 0x8007,
    packet_unavailable = 0x800C,
    data_overrun = 0x800D,
    invalid_header = 0x800E,
    packet_not_yet_available = 0x8010,
    packet_and_previous_removed = 0x8011,
    packet_removed = 0x8012,
    no_reference_time = 0x8013,
    packet_temporarily_unavailable = 0x8014,
    overflow = 0x8015,
    action_late = 0x8016,
    error = 0x8FFF,
};

[[nodiscard]] constexpr bool ok(Status status) { return status == Status::success; }

/// A value, or the status that says why there is none.
template <class T>
class [[nodiscard]] Result {
  public:
    Result(T value) : value_(std::move(value)) {}
    Result(Status status) : status_(status) { assert(status != Status::success); }

    [[nodiscard]] bool has_value() const { return value_.has_value(); }
    explicit operator bool() const { return has_value(); }
    [[nodiscard]] Status status() const { return status_; }
    [[nodiscard]] const T& operator*() const { return *value_; }
    [[nodiscard]] const T* operator->() const { return &*value_; }

  private:
    std::optional<T> value_;
    Status status_ = Status::success;
};

}  // namespace protocol
