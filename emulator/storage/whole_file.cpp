#include "emulator/storage/whole_file.h"

namespace emulator {

// Written beside the file, forced to the disk, and then renamed over it: the rename is all or nothing.
bool replace_whole(const std::filesystem::path& file, const std::string& content, FileSystem& disk) {
    const std::filesystem::path fresh = file.string() + ".new";
    return disk.write(fresh, content) && disk.sync_file(fresh) && disk.rename(fresh, file) &&
           disk.sync_folder(file.parent_path());
}

}  // namespace emulator
