#include "emulator/app/file_rules.h"

#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>

#include "emulator/file_descriptor.h"

namespace emulator {
namespace {

// Rights of later kernels than the headers of this build may know, with the version of Landlock that brought
// them.
constexpr std::uint64_t kRefer = 1 << 13, kTruncate = 1 << 14, kConnectTcp = 1 << 1;
constexpr long kWithRefer = 2, kWithTruncate = 3, kWithTcp = 4;

struct Ruleset {
    std::uint64_t files = 0, network = 0;
};

/// All that changes what is on a disk.
constexpr std::uint64_t kWrites = LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR |
                                  LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_CHAR |
                                  LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG |
                                  LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO |
                                  LANDLOCK_ACCESS_FS_MAKE_BLOCK | LANDLOCK_ACCESS_FS_MAKE_SYM;

/// False where the folder does not exist.
bool allow(int ruleset, const std::filesystem::path& folder, std::uint64_t rights) {
    const FileDescriptor opened(::open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!opened) return false;
    const landlock_path_beneath_attr rule{.allowed_access = rights, .parent_fd = opened.get()};
    return syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0;
}

}  // namespace

std::error_code restrict_files_to(const std::vector<std::filesystem::path>& folders) {
    const long version = syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
    if (version < 1) return std::error_code(errno, std::generic_category());
    std::uint64_t writes = kWrites;
    if (version >= kWithRefer) writes |= kRefer;
    if (version >= kWithTruncate) writes |= kTruncate;
    const Ruleset handled{.files = writes | LANDLOCK_ACCESS_FS_EXECUTE,
                          .network = version >= kWithTcp ? kConnectTcp : 0};
    const auto size = version >= kWithTcp ? sizeof handled : sizeof handled.files;
    const FileDescriptor ruleset(static_cast<int>(syscall(SYS_landlock_create_ruleset, &handled, size, 0)));
    if (!ruleset) return std::error_code(errno, std::generic_category());
    for (const auto& folder : folders) (void)allow(ruleset.get(), folder, writes);
    if (syscall(SYS_landlock_restrict_self, ruleset.get(), 0) != 0)
        return std::error_code(errno, std::generic_category());
    return {};
}

}  // namespace emulator
