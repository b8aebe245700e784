#include <algorithm>
#include <map>

#include "emulator/features/table.h"
#include "emulator/storage/non_volatile_store.h"
#include "tests/fuzz/nearly_fitting.h"
#include "tests/support/random_client.h"

// State files that nearly are some: one that cannot be used is put aside and not lost, one that can be used
// means the same when it is saved again, and the camera that wakes up with it has legal settings.

namespace {

using nlohmann::json;
using Path = std::filesystem::path;

struct Files final : emulator::FileSystem {
    std::map<std::string, std::string> content;

    [[nodiscard]] bool exists(const Path& path) const override { return content.contains(path.string()); }
    [[nodiscard]] std::optional<std::string> read(const Path& path) const override {
        const auto found = content.find(path.string());
        return found == content.end() ? std::nullopt : std::optional(found->second);
    }
    [[nodiscard]] bool create_folders(const Path&) override { return true; }
    [[nodiscard]] bool write(const Path& path, const std::string& text) override {
        content[path.string()] = text;
        return true;
    }
    [[nodiscard]] bool sync_file(const Path&) override { return true; }
    [[nodiscard]] bool sync_folder(const Path&) override { return true; }
    [[nodiscard]] bool rename(const Path& from, const Path& to) override {
        auto node = content.extract(from.string());
        if (!node) return false;
        content.insert_or_assign(to.string(), node.mapped());
        return true;
    }
};

/// Of a type, at both ends, between, and outside.
json feature_value(fuzz::Source& source, const protocol::genicam::Type& type) {
    using namespace protocol::genicam;
    const auto among = [&](double least, double most) {
        const auto part = static_cast<double>(source.number(2)) / 65535;
        const std::array values{least, most, least + part * (most - least), least - 1, most + 1};
        return std::clamp(values[source.number(1) % values.size()], -9e18, 9e18);
    };
    if (source.number(1) % 16 == 1) return fuzz::any_value(source);
    if (const auto* real = std::get_if<Real>(&type)) return among(real->min, real->max);
    if (const auto* integer = std::get_if<Integer>(&type))
        return static_cast<std::int64_t>(
            among(static_cast<double>(integer->min), static_cast<double>(integer->max)));
    if (const auto* choice = std::get_if<Choice>(&type))
        return choice->entries[source.number(1) % choice->entries.size()].value;
    if (std::holds_alternative<Text>(type)) return fuzz::any_word(source);
    return static_cast<std::int64_t>(source.number(1) % 3);
}

json user_set(fuzz::Source& source) {
    auto set = json::object();
    for (const auto& category : emulator::features::table())
        for (const auto& feature : category.features)
            if (feature.in_user_sets && source.number(1) % 8 == 1)
                set[std::string(feature.info.name)] = feature_value(source, feature.info.type);
    if (source.number(1) % 8 == 1) set[fuzz::any_word(source)] = fuzz::any_value(source);
    return set;
}

/// The file that the camera writes is the dictionary.
std::string file(fuzz::Source& source, const std::string& written) {
    auto all = json::parse(written);
    for (auto& [key, value] : all.items()) {
        if (value.is_object())
            value = user_set(source);
        else if (source.number(1) % 2 == 1)
            value = source.number(1) % 4 == 1 ? fuzz::any_value(source) : json(source.number(1) % 4);
    }
    auto text = all.dump(-1, ' ', false, json::error_handler_t::replace);
    if (source.number(1) % 8 == 1) text.resize(source.below(text.size()));
    if (source.number(1) % 8 == 1 && !text.empty())
        text[source.below(text.size())] = static_cast<char>(source.number(1));
    return text;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::Source source(data, size);
    Files files;
    const emulator::NonVolatileStore store("/state", "39265001", files);
    fuzz::must(store.save({}), "a state is saved");
    const auto path = files.content.begin()->first;
    const auto given = files.content[path] = file(source, files.content[path]);
    const auto flash = store.load();
    const bool used = files.exists(path);
    if (!used) {
        fuzz::must(files.content.size() == 1 && files.content.begin()->second == given,
                   "what is put aside is kept");
        fuzz::must(flash == emulator::Flash(), "without a state there is a new camera");
    }
    fuzz::must(store.save(flash) && store.load() == flash, "what is saved is loaded");
    support::VirtualCameraOptions options;
    options.flash = flash;
    const support::VirtualCamera camera(options);
    fuzz::must_be_empty(support::wrong_with(camera.camera));
    return 0;
}
