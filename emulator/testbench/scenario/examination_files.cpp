#include "emulator/testbench/scenario/examination_files.h"

#include <algorithm>

namespace emulator::testbench {

std::vector<std::filesystem::path> examination_files() {
    for (const std::filesystem::path folder :
         {GIGEMU_CONFIG_DIR "/examination", "/usr/share/gigemu/examination"}) {
        std::error_code error;
        std::vector<std::filesystem::path> files;
        for (const auto& entry : std::filesystem::directory_iterator(folder, error))
            if (entry.path().extension() == ".json") files.push_back(entry.path());
        std::ranges::sort(files);
        if (!files.empty()) return files;
    }
    return {};
}

}  // namespace emulator::testbench
