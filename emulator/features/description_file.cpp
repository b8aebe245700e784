#include "emulator/features/description_file.h"

#include <zip.h>

#include <algorithm>
#include <cstdio>
#include <stdexcept>

#include "emulator/features/relations.h"
#include "emulator/features/table.h"
#include "protocol/genicam/xml.h"

namespace emulator::features {

using protocol::genicam::Node;

namespace {

const FeatureInfo* find(std::span<const Category> table, std::string_view name) {
    for (const auto& category : table) {
        const auto found =
            std::ranges::find(category.features, name, [](const auto& f) { return f.info.name; });
        if (found != category.features.end()) return &found->info;
    }
    return nullptr;
}

bool is_selector(std::span<const Category> table, std::string_view name) {
    return std::ranges::any_of(table, [name](const Category& category) {
        return std::ranges::any_of(category.features,
                                   [name](const Feature& f) { return f.info.selector == name; });
    });
}

/// Streamable features are those of user sets, unless the row overrides it.
bool is_streamable(std::span<const Category> table, const Feature& feature) {
    if (feature.streamable) return *feature.streamable;
    return feature.value.get && feature.info.access == Access::rw && feature.in_user_sets &&
           !std::holds_alternative<Command>(feature.info.type) && !is_selector(table, feature.info.name);
}

/// Bootstrap registers change by themselves, and some share one; what a client should poll changes, too, and
/// so does whatever depends on it. Values that the camera may adjust are read again after a write.
Caching caching(std::span<const Category> table, const Feature& feature,
                const std::vector<std::string_view>& writers) {
    const auto is_polled = [&](std::string_view name) { return find(table, name)->polling_ms != 0; };
    if (!feature.value.get || feature.info.access == Access::wo || feature.info.polling_ms != 0 ||
        std::ranges::any_of(writers, is_polled))
        return Caching::none;
    return feature.clips || feature.tolerant ? Caching::read : Caching::written;
}

Node node_of(std::span<const Category> table, const Category& category, const Feature& feature) {
    const auto& info = feature.info;
    Node node{.info = info,
              .category = category.name,
              .range_moves = feature.range != nullptr,
              .can_be_locked = feature.locked != nullptr,
              .can_be_unavailable = feature.available != nullptr,
              .streamable = is_streamable(table, feature)};
    node.changed_by = writers_of(info.name);
    if (find(table, info.selector)) node.changed_by.push_back(info.selector);
    std::erase_if(node.changed_by, [&](std::string_view name) { return !find(table, name); });
    if (info.frozen_while_streaming)
        node.lock_changed_by.assign(std::begin(kStreamSwitches), std::end(kStreamSwitches));
    node.caching = caching(table, feature, node.changed_by);
    return node;
}

constexpr const char* kName = "gigemu_DFK_39GX265_Z20";

template <NodeTypes types, bool zips>
const DescriptionFile& made() {
    static const DescriptionFile file = [] {
        DescriptionFile one{.xml = description_xml(table(types)), .url = {}, .bytes = {}};
        const auto plain = std::string(kName) + ".xml";
        one.bytes = zips ? zipped(one.xml, plain) : Bytes(one.xml.begin(), one.xml.end());
        char url[128];
        std::snprintf(url, sizeof url, "Local:%s.%s;%X;%zX", kName, zips ? "zip" : "xml",
                      kDescriptionFileAddress, one.bytes.size());
        one.url = url;
        return one;
    }();
    return file;
}

}  // namespace

const DescriptionFile& description_file(NodeTypes types, bool zips) {
    if (types == NodeTypes::manual)
        return zips ? made<NodeTypes::manual, true>() : made<NodeTypes::manual, false>();
    return zips ? made<NodeTypes::field, true>() : made<NodeTypes::field, false>();
}

std::string description_xml(std::span<const Category> table) {
    std::vector<Node> nodes;
    for (const auto& category : table) {
        for (const auto& feature : category.features) nodes.push_back(node_of(table, category, feature));
    }
    return make_xml({.vendor_symbol = "Imaging_Source",
                     .model_symbol = "DFK_39GX265_Z20",
                     .tip = "DFK 39GX265-Z20, emulated by gigemu"},
                    nodes);
}

Bytes zipped(const std::string& content, const std::string& file_name) {
    const auto must = [](bool fine) {
        if (!fine) throw std::runtime_error("libzip could not pack the description file");
    };
    zip_error_t error;
    zip_error_init(&error);
    auto* archive_bytes = zip_source_buffer_create(nullptr, 0, 0, &error);
    must(archive_bytes);
    zip_source_keep(archive_bytes);
    auto* archive = zip_open_from_source(archive_bytes, ZIP_TRUNCATE, &error);
    must(archive);
    auto* file = zip_source_buffer(archive, content.data(), content.size(), 0);
    const auto index = zip_file_add(archive, file_name.c_str(), file, ZIP_FL_ENC_UTF_8);
    must(index >= 0);
    // One date for all: clients compare the file, and so do tests.
    must(zip_file_set_dostime(archive, static_cast<zip_uint64_t>(index), 0, 0x2821, 0) == 0);
    must(zip_close(archive) == 0);

    must(zip_source_open(archive_bytes) == 0);
    zip_stat_t stat;
    must(zip_source_stat(archive_bytes, &stat) == 0);
    Bytes bytes(stat.size);
    must(zip_source_read(archive_bytes, bytes.data(), bytes.size()) ==
         static_cast<zip_int64_t>(bytes.size()));
    zip_source_close(archive_bytes);
    zip_source_free(archive_bytes);
    return bytes;
}

}  // namespace emulator::features
