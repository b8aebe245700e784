#pragma once

#include <chrono>

#include "protocol/bytes.h"
#include "protocol/result.h"

namespace protocol {

/// Result of a write, and the time until it may be acknowledged.
struct Outcome {
    Status status = Status::success;
    std::chrono::milliseconds takes{0};
    std::size_t written_bytes = 0;  // before the register that was refused
};

/// The manufacturer's address space, from 0xA000 up: features and the description file.
class Memory {
  public:
    virtual ~Memory() = default;
    /// Fills `out`; address and size are multiples of 4. On failure `out` is left in any state.
    virtual Status read(std::uint32_t address, std::span<std::uint8_t> out) const = 0;
    virtual Outcome write(std::uint32_t address, ByteView bytes) = 0;
};

}  // namespace protocol
