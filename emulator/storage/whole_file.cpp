#include "emulator/storage/whole_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstdio>

namespace emulator {

// Written beside the file, forced to the disk, and then renamed over it: the rename is all or nothing.
bool replace_whole(const std::filesystem::path& file, const std::string& content) {
    const auto fresh = file.string() + ".new";
    const int handle = open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (handle < 0) return false;
    const bool written =
        write(handle, content.data(), content.size()) == static_cast<ssize_t>(content.size());
    const bool synced = written && fsync(handle) == 0;
    close(handle);
    if (!synced || std::rename(fresh.c_str(), file.c_str()) != 0) return false;
    const int folder = open(file.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) return false;
    const bool kept = fsync(folder) == 0;
    close(folder);
    return kept;
}

}  // namespace emulator
