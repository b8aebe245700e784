#include "emulator/storage/file_system.h"

#include <fcntl.h>
#include <unistd.h>

#include <fstream>
#include <iterator>

#include "emulator/file_descriptor.h"

namespace emulator {
namespace {

namespace fs = std::filesystem;

bool synced(const fs::path& path, int flags) {
    const FileDescriptor opened(open(path.c_str(), flags | O_CLOEXEC));
    return opened && fsync(opened.get()) == 0;
}

class HostFileSystem final : public FileSystem {
    bool exists(const fs::path& path) const override {
        std::error_code error;
        return fs::exists(path, error);
    }
    std::optional<std::string> read(const fs::path& path) const override {
        std::ifstream in(path);
        if (!in) return std::nullopt;
        return std::string(std::istreambuf_iterator<char>(in), {});
    }
    bool create_folders(const fs::path& path) override {
        std::error_code error;
        fs::create_directories(path, error);
        return !error;
    }
    bool write(const fs::path& path, const std::string& content) override {
        const FileDescriptor file(open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
        return file &&
               ::write(file.get(), content.data(), content.size()) == static_cast<ssize_t>(content.size());
    }
    bool sync_file(const fs::path& path) override { return synced(path, O_WRONLY); }
    bool sync_folder(const fs::path& path) override { return synced(path, O_RDONLY | O_DIRECTORY); }
    bool rename(const fs::path& from, const fs::path& to) override {
        std::error_code error;
        fs::rename(from, to, error);
        return !error;
    }
};

}  // namespace

FileSystem& host_file_system() {
    static HostFileSystem host;
    return host;
}

}  // namespace emulator
