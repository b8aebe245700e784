#include "tests/support/source_dir.h"

namespace support {

std::filesystem::path source_dir() { return GIGEMU_SOURCE_DIR; }

}  // namespace support
