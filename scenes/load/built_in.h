#pragma once

#include <span>
#include <string_view>

namespace scenes {

/// A file of the folder configs that the program carries within itself: "scenes/conveyor.json".
struct BuiltInFile {
    std::string_view name, bytes;
};

/// All of them, by name.
[[nodiscard]] std::span<const BuiltInFile> built_in_files();

/// Null if there is none of this name.
[[nodiscard]] const BuiltInFile* built_in_file(std::string_view name);

}  // namespace scenes
