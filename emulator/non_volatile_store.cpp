#include "emulator/non_volatile_store.h"

#include <fcntl.h>
#include <unistd.h>

#include <fstream>
#include <nlohmann/json.hpp>

namespace emulator {
namespace {

namespace fs = std::filesystem;

// Written beside the file, forced to the disk, and then renamed over it: the rename is all or nothing.
bool replace_whole(const fs::path& file, const std::string& content) {
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

}  // namespace

NonVolatileStore::NonVolatileStore(std::optional<fs::path> directory, const std::string& serial) {
    if (directory) file_ = *directory / (serial + ".json");
}

protocol::NonVolatile NonVolatileStore::load() const {
    protocol::NonVolatile values;
    if (!file_) return values;
    std::ifstream in(*file_);
    const auto json = nlohmann::json::parse(in, nullptr, false);
    if (!json.is_object()) return values;
    try {
        auto loaded = values;
        loaded.user_name = json.value("user_name", "");
        loaded.persistent_ip.ip = json.value("persistent_ip", 0U);
        loaded.persistent_ip.mask = json.value("persistent_mask", 0U);
        loaded.persistent_ip.gateway = json.value("persistent_gateway", 0U);
        loaded.ip_configuration = json.value("ip_configuration", values.ip_configuration);
        return loaded;
    } catch (const nlohmann::json::exception&) {
        return values;
    }
}

bool NonVolatileStore::save(const protocol::NonVolatile& values) const {
    if (!file_) return true;
    std::error_code error;
    fs::create_directories(file_->parent_path(), error);
    const nlohmann::json json{{"user_name", values.user_name},
                              {"persistent_ip", values.persistent_ip.ip},
                              {"persistent_mask", values.persistent_ip.mask},
                              {"persistent_gateway", values.persistent_ip.gateway},
                              {"ip_configuration", values.ip_configuration}};
    // A name that is no UTF-8 is kept as far as it is.
    return replace_whole(*file_, json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
}

}  // namespace emulator
