#include "emulator/net/address_list.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "emulator/file_descriptor.h"
#include "emulator/storage/whole_file.h"

namespace emulator::net {
namespace {

namespace fs = std::filesystem;

std::vector<AddressList::Line> read(const fs::path& file) {
    std::ifstream in(file);
    std::vector<AddressList::Line> lines;
    for (AddressList::Line line; in >> line.interface_index >> line.ip >> line.prefix_bits;)
        lines.push_back(line);
    return lines;
}

}  // namespace

fs::path AddressList::folder() {
    const char* folder = std::getenv("XDG_RUNTIME_DIR");
    return fs::path(folder && *folder ? folder : "/run") / "gigemu";
}

// Namespaces may share a folder, and have different hosts' addresses.
AddressList AddressList::of_host() {
    struct stat space {};
    (void)::stat("/proc/self/ns/net", &space);
    return AddressList(folder() / ("addresses-" + std::to_string(space.st_ino)));
}

bool AddressList::contains(const Line& line) const {
    const auto lines = read(file_);
    return std::ranges::find(lines, line) != lines.end();
}

// A lock serialises cameras that change the list at the same time.
template <class Change>
void AddressList::change(const Change& change) {
    std::error_code ignored;
    fs::create_directories(file_.parent_path(), ignored);
    const auto lock_file = file_.string() + ".lock";
    const FileDescriptor lock(::open(lock_file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
    if (!lock || flock(lock.get(), LOCK_EX) != 0) return;
    auto lines = read(file_);
    change(lines);
    if (lines.empty()) {
        fs::remove(file_, ignored);
        return;
    }
    std::ostringstream text;
    for (const auto& line : lines)
        text << line.interface_index << ' ' << line.ip << ' ' << line.prefix_bits << '\n';
    (void)replace_whole(file_, text.str());  // A list that cannot be written lists nothing new.
}

void AddressList::add(const Line& line) {
    change([&](auto& lines) { lines.push_back(line); });
}

void AddressList::remove(const Line& line) {
    if (contains(line)) change([&](auto& lines) { std::erase(lines, line); });
}

}  // namespace emulator::net
