#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace emulator::recording {

/// A name of letters, digits, "-", "_" and "." that begins with none of the last two, of at most 96: no path.
[[nodiscard]] bool is_file_name(std::string_view name);

/// The one folder that recordings are written to.
class Folder {
  public:
    /// Files that are listed at most.
    static constexpr std::size_t kListedMost = 10'000;

    explicit Folder(std::filesystem::path path) : path_(std::move(path)) {}

    struct File {
        std::string name;
        std::uint64_t bytes = 0;
    };
    /// By name; of other programs' files those with a name of this kind, too.
    [[nodiscard]] std::vector<File> files() const;
    /// A regular file, no link; nothing if there is none of this name.
    [[nodiscard]] std::optional<File> find(const std::string& name) const;
    [[nodiscard]] std::filesystem::path path_of(const std::string& name) const { return path_ / name; }
    /// Its content; nothing if it cannot be read.
    [[nodiscard]] std::optional<std::string> read(const std::string& name) const;
    /// Writes a file that must not exist. False if it cannot be written.
    [[nodiscard]] bool write(const std::string& name, std::string_view bytes) const;

  private:
    std::filesystem::path path_;
};

}  // namespace emulator::recording
