#pragma once

#include <optional>

#include "protocol/bytes.h"
#include "protocol/result.h"
#include "protocol/time.h"

namespace protocol::gvcp {

/// Who controls the device (the control channel privilege register, CCP) and until when.
///
/// An application is an address and a UDP port. Control ends when it is released, taken over with the right
/// key, or when no command of its owner arrived for a heartbeat timeout.
class Control {
  public:
    enum Privilege : std::uint32_t { exclusive = 1, control = 2, switchover = 4 };

    /// A write of the privilege register: grant, change, release or take over. The upper half of `value` is
    /// the key.
    Status request(std::uint32_t value, Endpoint who, Time now);
    void heard_from(Endpoint who, Time now);
    void release();

    [[nodiscard]] bool readable_by(Endpoint who) const { return !(privilege_ & exclusive) || owner_ == who; }
    [[nodiscard]] bool owned_by(Endpoint who) const { return owner_ && *owner_ == who; }
    [[nodiscard]] bool taken() const { return owner_.has_value(); }
    [[nodiscard]] std::uint32_t privilege() const { return privilege_; }
    [[nodiscard]] Endpoint owner() const { return owner_.value_or(Endpoint{}); }
    /// How often control was taken, passed on or ended.
    [[nodiscard]] std::uint64_t changes() const { return changes_; }
    [[nodiscard]] Time last_heard() const { return last_heard_; }

    void set_switchover_key(std::uint16_t key) { key_ = key; }

  private:
    std::optional<Endpoint> owner_;
    std::uint32_t privilege_ = 0;
    std::uint16_t key_ = 0;
    std::uint64_t changes_ = 0;
    Time last_heard_{};
};

}  // namespace protocol::gvcp
