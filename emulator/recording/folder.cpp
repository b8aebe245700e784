#include "emulator/recording/folder.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <fstream>
#include <iterator>

#include "emulator/file_descriptor.h"

namespace emulator::recording {

namespace fs = std::filesystem;

bool is_file_name(std::string_view name) {
    constexpr std::size_t kMost = 96;
    const auto fits = [](unsigned char c) {
        return std::isalnum(c) != 0 || c == '-' || c == '_' || c == '.';
    };
    return !name.empty() && name.size() <= kMost && name.front() != '.' && name.front() != '-' &&
           std::ranges::all_of(name, fits);
}

std::vector<Folder::File> Folder::files() const {
    std::vector<File> found;
    std::error_code error;
    for (fs::directory_iterator entry(path_, error), end; !error && entry != end; entry.increment(error)) {
        if (found.size() >= kListedMost) break;
        if (auto file = find(entry->path().filename().string())) found.push_back(std::move(*file));
    }
    std::ranges::sort(found, {}, &File::name);
    return found;
}

std::optional<Folder::File> Folder::find(const std::string& name) const {
    if (!is_file_name(name)) return std::nullopt;
    std::error_code error;
    const auto path = path_of(name);
    if (fs::symlink_status(path, error).type() != fs::file_type::regular || error) return std::nullopt;
    const auto bytes = fs::file_size(path, error);
    return error ? std::nullopt : std::optional(File{.name = name, .bytes = bytes});
}

std::optional<std::string> Folder::read(const std::string& name) const {
    if (!find(name)) return std::nullopt;
    std::ifstream in(path_of(name), std::ios::binary);
    if (!in) return std::nullopt;
    return std::string(std::istreambuf_iterator<char>(in), {});
}

bool Folder::write(const std::string& name, std::string_view bytes) const {
    const FileDescriptor file(
        ::open(path_of(name).c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644));
    if (!file) return false;
    while (!bytes.empty()) {
        const auto count = ::write(file.get(), bytes.data(), bytes.size());
        if (count < 0 && errno != EINTR) return false;
        if (count > 0) bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
}

}  // namespace emulator::recording
