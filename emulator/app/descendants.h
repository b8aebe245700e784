#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace emulator {

struct Descendant {
    pid_t pid = 0;
    std::string name;
};
/// All running processes that this process or its descendants have started (/proc).
[[nodiscard]] std::vector<Descendant> descendants();

}  // namespace emulator
