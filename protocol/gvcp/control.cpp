#include "protocol/gvcp/control.h"

namespace protocol::gvcp {
namespace {

constexpr std::uint32_t kPrivilegeBits = Control::exclusive | Control::control | Control::switchover;

bool is_privilege(std::uint32_t bits) { return (bits & ~kPrivilegeBits) == 0 && bits != Control::switchover; }

}  // namespace

Status Control::request(std::uint32_t value, Endpoint who, Time now) {
    const auto bits = value & 0xFFFF;
    if (taken() && !owned_by(who)) {
        const bool takes_over =
            (privilege_ & switchover) && !(privilege_ & exclusive) && bits != 0 && (value >> 16) == key_;
        if (!takes_over) return Status::access_denied;
    }
    if (!is_privilege(bits)) return Status::invalid_parameter;
    if (bits == 0) {
        release();
        return Status::success;
    }
    if (!owned_by(who)) ++changes_;
    owner_ = who;
    privilege_ = bits;
    last_heard_ = now;
    return Status::success;
}

void Control::heard_from(Endpoint who, Time now) {
    if (owned_by(who)) last_heard_ = now;
}

void Control::release() {
    if (taken()) ++changes_;
    owner_.reset();
    privilege_ = 0;
}

}  // namespace protocol::gvcp
