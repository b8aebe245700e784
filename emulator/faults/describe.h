#pragma once

#include <string>

namespace emulator::faults {

/// The kinds of faults as docs/faults.md lists them, in Markdown.
[[nodiscard]] std::string kinds_markdown();

}  // namespace emulator::faults
