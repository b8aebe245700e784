#include "emulator/storage/whole_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstdio>

#include "emulator/file_descriptor.h"

namespace emulator {
namespace {

bool written_to_disk(const std::string& file, const std::string& content) {
    const FileDescriptor fresh(open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
    return fresh &&
           write(fresh.get(), content.data(), content.size()) == static_cast<ssize_t>(content.size()) &&
           fsync(fresh.get()) == 0;
}

}  // namespace

// Written beside the file, forced to the disk, and then renamed over it: the rename is all or nothing.
bool replace_whole(const std::filesystem::path& file, const std::string& content) {
    const auto fresh = file.string() + ".new";
    if (!written_to_disk(fresh, content) || std::rename(fresh.c_str(), file.c_str()) != 0) return false;
    const FileDescriptor folder(open(file.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    return folder && fsync(folder.get()) == 0;
}

}  // namespace emulator
