#include "tests/world/disk.h"

namespace world {

std::optional<std::string> Disk::read(const Path& path) const {
    const auto found = names_.find(path.string());
    if (found == names_.end()) return std::nullopt;
    return files_.at(found->second).content;
}

bool Disk::step_fails() {
    if (dead_) return true;
    if (faults.steps_before_cut >= 0 && faults.steps_before_cut-- == 0) {
        dead_ = true;
        power_fails_();
        return true;
    }
    if (faults.failing_steps == 0) return false;
    --faults.failing_steps;
    return true;
}

bool Disk::write(const Path& path, const std::string& content) {
    if (step_fails()) return false;
    auto found = names_.find(path.string());
    if (found == names_.end()) {
        change_names({{path.string(), ++last_file_}});
        found = names_.find(path.string());
    }
    auto& file = files_[found->second];
    file.content = faults.full ? content.substr(0, dice_.below(content.size() + 1)) : content;
    file.synced = false;
    return !faults.full;
}

bool Disk::sync_file(const Path& path) {
    const auto found = names_.find(path.string());
    if (step_fails() || found == names_.end()) return false;
    auto& file = files_.at(found->second);
    file.durable = file.content;
    file.synced = true;
    return true;
}

bool Disk::sync_folder(const Path&) {
    if (step_fails()) return false;
    durable_names_ = names_;
    unsynced_.clear();
    return true;
}

bool Disk::rename(const Path& from, const Path& to) {
    const auto found = names_.find(from.string());
    if (step_fails() || found == names_.end()) return false;
    change_names({{to.string(), found->second}, {from.string(), 0}});
    return true;
}

void Disk::change_names(Change change) {
    apply(change, names_);
    unsynced_.push_back(std::move(change));
}

void Disk::apply(const Change& change, std::map<std::string, std::uint64_t>& names) {
    for (const auto& [name, file] : change) {
        if (file == 0) {
            names.erase(name);
        } else {
            names[name] = file;
        }
    }
}

void Disk::lose_power() {
    for (const auto& change : unsynced_) {
        if (dice_.one_in(2)) apply(change, durable_names_);
    }
    unsynced_.clear();
    names_ = durable_names_;
    for (auto& [number, file] : files_) {
        if (!file.synced && dice_.one_in(2))
            file.durable = file.content.substr(0, dice_.below(file.content.size() + 1));
        file.content = file.durable;
        file.synced = true;
    }
    faults = {};
    dead_ = false;
}

}  // namespace world
