#pragma once

#include <optional>
#include <system_error>
#include <utility>

#include "emulator/net/interface.h"
#include "emulator/net/netlink.h"

namespace emulator::net {

/// Address added by this camera to an interface of its host, and removed by the destructor.
///
/// The kernel keeps a mark with it (IFA_PROTO, from 5.18 on), or a file in the run folder lists it, so that
/// the next camera finds what one that was killed has left. Whoever adds an address has bound port 3956 there
/// before (IP_FREEBIND): a marked address at which that port is free belongs to no running camera.
class AddedAddress {
  public:
    AddedAddress() = default;
    ~AddedAddress() { remove(); }
    AddedAddress(AddedAddress&& other) noexcept : at_(std::exchange(other.at_, std::nullopt)) {}
    AddedAddress& operator=(AddedAddress&& other) noexcept {
        std::swap(at_, other.at_);
        other.remove();
        return *this;
    }

    /// Adds the address to the interface. Not permitted without CAP_NET_ADMIN.
    [[nodiscard]] std::error_code add(const Interface&);
    void remove();

  private:
    std::optional<Interface> at_;
};

/// Whether an entry of the kernel's table of addresses was added by a camera.
[[nodiscard]] bool is_marked(const netlink::Message& address);

/// Removes addresses left by cameras that are not running any more: all of them, or one.
void remove_abandoned_addresses(std::optional<std::uint32_t> only = std::nullopt);

}  // namespace emulator::net
