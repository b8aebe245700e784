#pragma once

#include "emulator/features/feature.h"

namespace emulator::features {

/// A value in its register format: big-endian, reals counted in steps, text filled with NUL.
[[nodiscard]] Bytes encode(const Type&, const Value&);
/// A number, already in register units, in the register format of this type.
[[nodiscard]] Bytes encode_number(const Type&, std::int64_t units);
/// `bytes` has the size of the register.
[[nodiscard]] Value decode(const Type&, protocol::ByteView bytes);

}  // namespace emulator::features
