#pragma once

#include <span>
#include <string_view>

namespace emulator::page {

/// A file of the page, built into the program.
struct File {
    std::string_view name, type;
    std::string_view tag;     // changes with the content
    std::string_view packed;  // the content, in gzip format (RFC 1952)
};

/// All files of the page; index.html is its beginning.
[[nodiscard]] std::span<const File> files();

}  // namespace emulator::page
