#include "scenes/load/built_in.h"

#include <algorithm>

namespace scenes {

const BuiltInFile* built_in_file(std::string_view name) {
    const auto files = built_in_files();
    const auto found = std::ranges::find(files, name, &BuiltInFile::name);
    return found == files.end() ? nullptr : &*found;
}

}  // namespace scenes
