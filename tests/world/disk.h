#pragma once

#include <functional>
#include <map>
#include <vector>

#include "emulator/storage/file_system.h"
#include "tests/support/wire.h"

namespace world {

/// What goes wrong on a disk.
struct DiskFaults {
    bool full = false;          // a file is written in part
    int failing_steps = 0;      // how many more steps fail
    int steps_before_cut = -1;  // that many are done, and in the next the power fails; -1: it does not
};

/// A disk that keeps what was synced. Of the rest, a loss of power keeps some steps and not others, in any
/// order, and of a file that was written any part.
class Disk final : public emulator::FileSystem {
  public:
    using Path = std::filesystem::path;

    Disk(std::uint64_t seed, std::function<void()> power_fails)
        : dice_(seed), power_fails_(std::move(power_fails)) {}

    [[nodiscard]] bool exists(const Path& path) const override { return names_.contains(path.string()); }
    [[nodiscard]] std::optional<std::string> read(const Path&) const override;
    [[nodiscard]] bool create_folders(const Path&) override { return true; }
    [[nodiscard]] bool write(const Path&, const std::string& content) override;
    [[nodiscard]] bool sync_file(const Path&) override;
    [[nodiscard]] bool sync_folder(const Path&) override;
    [[nodiscard]] bool rename(const Path& from, const Path& to) override;

    /// What the power leaves is what there is from now on.
    void lose_power();

    DiskFaults faults;

  private:
    /// A file by its number; names point to it.
    struct File {
        std::string content, durable;
        bool synced = false;
    };
    /// A change of names that is not synced: the name, and the file it points to then, or 0.
    using Change = std::vector<std::pair<std::string, std::uint64_t>>;

    [[nodiscard]] bool step_fails();
    void change_names(Change);
    static void apply(const Change&, std::map<std::string, std::uint64_t>& names);

    support::Dice dice_;
    std::function<void()> power_fails_;
    std::map<std::uint64_t, File> files_;
    std::map<std::string, std::uint64_t> names_, durable_names_;
    std::vector<Change> unsynced_;
    std::uint64_t last_file_ = 0;
    bool dead_ = false;  // until the power is back
};

}  // namespace world
