#include "emulator/features/description_file.h"

#include <zip.h>

#include <stdexcept>

#include "protocol/genicam/xml.h"

namespace emulator::features {

std::string description_name() { return "gigemu_DFK_39GX265_Z20"; }

std::string description_xml(std::span<const Category> table) {
    std::vector<Node> nodes;
    for (const auto& category : table) {
        for (const auto& feature : category.features) {
            nodes.push_back({.info = feature.info,
                             .category = category.name,
                             .range_moves = feature.range != nullptr,
                             .can_be_locked = feature.locked != nullptr,
                             .can_be_unavailable = feature.available != nullptr});
        }
    }
    return make_xml({.vendor_symbol = "TheImagingSource",
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
