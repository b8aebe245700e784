#pragma once

#include <functional>
#include <span>
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

/// What a word of a register becomes.
using WordChange = std::function<std::uint32_t(std::uint32_t address, std::uint32_t word)>;
/// Changes the words that WRITEREG or WRITEMEM writes, in the command's payload.
void change_written(std::uint16_t code, std::span<std::uint8_t> payload, const WordChange&);
/// Changes the words that DISCOVERY, READREG or READMEM has read, in the acknowledge's payload.
void change_read(const Command&, std::span<std::uint8_t> answer, const WordChange&);

}  // namespace protocol::gvcp
