#pragma once

#include <vector>

#include "protocol/gvcp/codec.h"

namespace protocol::gvcp {

/// Some bytes of the device's address space that a command reads or writes.
struct RegisterAccess {
    std::uint32_t address = 0;
    std::size_t size_bytes = 0;
    ByteView bytes;  // empty where they are not known

    [[nodiscard]] bool holds(std::uint32_t at) const { return at >= address && at - address < size_bytes; }
};

/// What READREG, WRITEREG, READMEM or WRITEMEM reach, in the order of the command; nothing for others.
/// `answer` is the payload of the acknowledge, which has the bytes that are read.
[[nodiscard]] std::vector<RegisterAccess> accesses_of(const Command&, ByteView answer);
[[nodiscard]] bool is_write(const Command&);

}  // namespace protocol::gvcp
