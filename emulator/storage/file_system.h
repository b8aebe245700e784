#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace emulator {

/// The file system that state is kept on: the host's in the program, a simulated disk in tests.
///
/// What is written, or renamed, survives a loss of power once it is synced.
class FileSystem {
  public:
    virtual ~FileSystem() = default;

    [[nodiscard]] virtual bool exists(const std::filesystem::path&) const = 0;
    /// Nothing where the file cannot be read.
    [[nodiscard]] virtual std::optional<std::string> read(const std::filesystem::path&) const = 0;

    // False if that failed.
    [[nodiscard]] virtual bool create_folders(const std::filesystem::path&) = 0;
    /// The file has this content alone, and is made if there is none.
    [[nodiscard]] virtual bool write(const std::filesystem::path&, const std::string& content) = 0;
    /// Forces the content of a file to the disk.
    [[nodiscard]] virtual bool sync_file(const std::filesystem::path&) = 0;
    /// Forces the names of the files in a folder to the disk.
    [[nodiscard]] virtual bool sync_folder(const std::filesystem::path&) = 0;
    /// Replaces what has the new name, in one step.
    [[nodiscard]] virtual bool rename(const std::filesystem::path& from, const std::filesystem::path& to) = 0;
};

[[nodiscard]] FileSystem& host_file_system();

}  // namespace emulator
