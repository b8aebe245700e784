#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "tests/support/wire.h"

/// A fuzzer is one file with this function: bytes in, and an end of the program if a promise is broken. Under
/// clang libFuzzer finds the bytes; elsewhere `replay.cpp` makes them from seeds or reads them from files.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
extern "C" int LLVMFuzzerInitialize(int* count, char*** arguments);

namespace fuzz {

/// Ends the program with a sentence, unless it is empty.
void must_be_empty(const std::string& sentence);
void must(bool kept, const char* promise);

/// Numbers out of the fuzzer's bytes; zeros when they are used up.
class Source {
  public:
    Source(const std::uint8_t* data, std::size_t size) : bytes_(data, size) {}
    [[nodiscard]] bool empty() const { return bytes_.empty(); }
    std::uint64_t number(std::size_t count) {
        std::uint64_t value = 0;
        for (const auto byte : take(count)) value = value << 8 | byte;
        return value;
    }
    std::uint64_t below(std::uint64_t limit) { return number(4) % limit; }
    support::ByteView take(std::size_t count) {
        const auto taken = bytes_.first(count < bytes_.size() ? count : bytes_.size());
        bytes_ = bytes_.subspan(taken.size());
        return taken;
    }

  private:
    support::ByteView bytes_;
};

}  // namespace fuzz
