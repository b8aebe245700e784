#include "emulator/storage/non_volatile_store.h"

#include <spdlog/spdlog.h>

#include <array>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "emulator/storage/whole_file.h"

namespace emulator {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr std::size_t kMaxUserNameBytes = 15;

constexpr std::array kSlots{"UserSet1", "UserSet2"};

json to_json(const features::UserSet& set) {
    auto values = json::object();
    for (const auto& [name, value] : set)
        values[name] = std::visit([](const auto& one) { return json(one); }, value);
    return values;
}

json to_json(const Flash& flash) {
    const auto& device = flash.device;
    json all{{"user_name", device.user_name},
             {"persistent_ip", device.persistent_ip.ip},
             {"persistent_mask", device.persistent_ip.mask},
             {"persistent_gateway", device.persistent_ip.gateway},
             {"ip_configuration", device.ip_configuration},
             {"user_set_at_power_up", flash.user_sets.at_power_up}};
    for (std::size_t i = 0; i < kSlots.size(); ++i) all[kSlots[i]] = to_json(flash.user_sets.slots[i]);
    return all;
}

// Throws json::exception where something is of another kind than expected.

features::UserSet user_set(const json& values) {
    features::UserSet set;
    for (const auto& [name, value] : values.get<std::map<std::string, json>>()) {
        if (value.is_number_float()) {
            set[name] = value.get<double>();
        } else if (value.is_number()) {
            set[name] = value.get<std::int64_t>();
        } else {
            set[name] = value.get<std::string>();
        }
    }
    return set;
}

/// A whole number; another value throws.
std::int64_t integer(const json& all, const char* key, std::int64_t otherwise) {
    const auto found = all.find(key);
    return found == all.end() ? otherwise : found->get_ref<const json::number_integer_t&>();
}

/// A whole number of 32 bits; another value throws.
std::uint32_t word(const json& all, const char* key, std::uint32_t otherwise = 0) {
    const auto value = integer(all, key, otherwise);
    if (value < 0 || value > UINT32_MAX) throw std::range_error(key);
    return static_cast<std::uint32_t>(value);
}

Flash flash(const json& all) {
    Flash flash;
    auto& device = flash.device;
    device.user_name = all.value("user_name", "").substr(0, kMaxUserNameBytes);
    device.persistent_ip.ip = word(all, "persistent_ip");
    device.persistent_ip.mask = word(all, "persistent_mask");
    device.persistent_ip.gateway = word(all, "persistent_gateway");
    device.ip_configuration = word(all, "ip_configuration", device.ip_configuration);
    auto& sets = flash.user_sets;
    for (std::size_t i = 0; i < kSlots.size(); ++i)
        sets.slots[i] = user_set(all.value(kSlots[i], json::object()));
    // A missing slot is one that was never saved.
    const auto wanted = integer(all, "user_set_at_power_up", 0);
    if (wanted >= 0 && wanted <= static_cast<std::int64_t>(kSlots.size())) sets.at_power_up = wanted;
    return flash;
}

std::optional<Flash> parse(const std::optional<std::string>& content) {
    if (!content) return std::nullopt;
    const auto all = json::parse(*content, nullptr, false);
    if (!all.is_object()) return std::nullopt;
    try {
        return flash(all);
    } catch (const json::exception&) {
        return std::nullopt;
    } catch (const std::range_error&) {
        return std::nullopt;
    }
}

}  // namespace

NonVolatileStore::NonVolatileStore(std::optional<fs::path> directory, const std::string& serial,
                                   FileSystem& disk)
    : disk_(disk) {
    if (directory) file_ = *directory / (serial + ".json");
}

Flash NonVolatileStore::load() const {
    if (!file_ || !disk_.exists(*file_)) return {};
    if (const auto flash = parse(disk_.read(*file_))) return *flash;
    put_aside();
    return {};
}

void NonVolatileStore::put_aside() const {
    fs::path aside;
    int number = 1;
    do {
        aside = file_->string() + ".damaged-" + std::to_string(number++);
    } while (disk_.exists(aside));
    const bool kept = disk_.rename(*file_, aside);
    spdlog::error("{} is not a valid state file; it is {}, and the camera starts with factory settings",
                  file_->string(), kept ? "kept as " + aside.string() : "left to be overwritten");
}

bool NonVolatileStore::save(const Flash& flash) const {
    if (!file_) return true;
    // A name that is no UTF-8 is kept as far as it is.
    return disk_.create_folders(file_->parent_path()) &&
           replace_whole(*file_, to_json(flash).dump(2, ' ', false, json::error_handler_t::replace) + "\n",
                         disk_);
}

}  // namespace emulator
