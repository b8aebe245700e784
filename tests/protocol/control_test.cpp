#include <doctest/doctest.h>

#include "protocol/gvcp/control.h"

// The privilege register: every state, every write, by its owner and by another.

using protocol::Endpoint;
using protocol::Status;
using protocol::gvcp::Control;
using namespace std::chrono_literals;

namespace {

constexpr Endpoint kOwner{1, 100}, kOther{2, 100}, kSameHost{1, 101};
constexpr std::uint16_t kKey = 0xBEEF;

Control in_state(std::uint32_t privilege) {
    Control control;
    control.set_switchover_key(kKey);
    if (privilege != 0) CHECK(control.request(privilege, kOwner, 0s) == Status::success);
    return control;
}

bool legal(std::uint32_t bits) {
    return bits == 0 || bits == 1 || bits == 2 || bits == 3 || bits == 5 || bits == 6 || bits == 7;
}

}  // namespace

TEST_CASE("every transition of the privilege ends where the table says") {
    for (std::uint32_t state = 0; state < 8; ++state) {
        if (!legal(state)) continue;
        for (std::uint32_t bits = 0; bits < 16; ++bits) {
            for (const auto& who : {kOwner, kOther, kSameHost}) {
                for (const std::uint32_t key : {0U, std::uint32_t{kKey}, 0x1111U}) {
                    CAPTURE(state);
                    CAPTURE(bits);
                    CAPTURE(key);
                    auto control = in_state(state);
                    const auto status = control.request(key << 16 | bits, who, 1s);
                    const bool free = state == 0, own = who == kOwner;
                    const bool takes_over = state == 6 && bits != 0 && key == kKey;
                    const bool may = free || own || takes_over;
                    CHECK(status == (!may          ? Status::access_denied
                                     : legal(bits) ? Status::success
                                                   : Status::invalid_parameter));
                    if (status == Status::success) {
                        CHECK(control.privilege() == bits);
                        CHECK(control.taken() == (bits != 0));
                        if (bits != 0) CHECK(control.owner() == who);
                        if (bits == 0) CHECK(control.owner() == Endpoint{});
                    } else {
                        CHECK(control.privilege() == state);
                        CHECK(control.owned_by(kOwner) == !free);
                    }
                }
            }
        }
    }
}

TEST_CASE("only an exclusive privilege keeps others from reading") {
    for (std::uint32_t state = 0; state < 8; ++state) {
        if (!legal(state)) continue;
        CAPTURE(state);
        const auto control = in_state(state);
        CHECK(control.readable_by(kOther) == ((state & 1) == 0));
        CHECK(control.readable_by(kOwner));
    }
}

TEST_CASE("only the owner's words count as signs of life") {
    auto control = in_state(2);
    control.heard_from(kOther, 5s);
    control.heard_from(kSameHost, 6s);
    CHECK(control.last_heard() == 0s);
    control.heard_from(kOwner, 7s);
    CHECK(control.last_heard() == 7s);
    control.release();
    CHECK_FALSE(control.taken());
    CHECK(control.privilege() == 0);
}
