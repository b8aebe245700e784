#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace emulator::testbench {

/// A scenario of the examination, which the program carries within itself.
struct ExaminationScenario {
    std::string name;
    nlohmann::json content;
};

/// All of them, by name.
[[nodiscard]] std::vector<ExaminationScenario> examination_list();

}  // namespace emulator::testbench
