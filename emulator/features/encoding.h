#pragma once

#include "emulator/features/feature.h"

namespace emulator::features {

/// A value as it stands in its register: big-endian, reals counted in steps, text filled with NUL.
[[nodiscard]] Bytes encode(const Type&, const Value&);
/// A number, already in register units, as it stands in a register of this type.
[[nodiscard]] Bytes encode_number(const Type&, std::int64_t units);
/// `bytes` has the size of the register.
[[nodiscard]] Value decode(const Type&, protocol::ByteView bytes);

}  // namespace emulator::features
