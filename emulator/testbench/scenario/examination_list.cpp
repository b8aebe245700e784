#include "emulator/testbench/scenario/examination_list.h"

#include <filesystem>

#include "scenes/load/built_in.h"

namespace emulator::testbench {

std::vector<ExaminationScenario> examination_list() {
    std::vector<ExaminationScenario> scenarios;
    for (const auto& file : scenes::built_in_files())
        if (file.name.starts_with("examination/"))
            scenarios.push_back({std::filesystem::path(file.name).stem().string(),
                                 nlohmann::json::parse(file.bytes, nullptr, true, true)});
    return scenarios;
}

}  // namespace emulator::testbench
