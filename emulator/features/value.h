#pragma once

#include <cstdint>
#include <string>
#include <variant>

#include "protocol/bytes.h"

namespace emulator::features {

using protocol::Bytes;

/// A feature's value: integers, flags and choices as integers.
using Value = std::variant<std::int64_t, double, std::string, Bytes>;

}  // namespace emulator::features
