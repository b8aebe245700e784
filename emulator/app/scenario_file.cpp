#include "emulator/app/scenario_file.h"

#include <algorithm>

#include "emulator/config.h"

namespace emulator {
namespace {

void judge_camera(const scenes::Node& node) {
    Profile profile;
    read_profile(node, profile);
}

}  // namespace

testbench::Scenario read_scenario(const nlohmann::json& content, const std::filesystem::path& file) {
    return testbench::read_scenario(scenes::Node(content, file.string()), file.stem().string(), judge_camera);
}

testbench::Scenario read_scenario_file(const std::filesystem::path& file, bool has_client) {
    auto scenario = read_scenario(read_config(file), file);
    if (scenario.needs_client() && !has_client)
        throw scenes::ConfigError(file.string(), "steps", std::string(testbench::kClientMissing));
    return scenario;
}

nlohmann::json scenario_schema() {
    scenes::ObjectSchema schema;
    (void)testbench::read_scenario(scenes::Node::recording(schema), "scenario", judge_camera);
    return schema.made();
}

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
    throw scenes::ConfigError("gigemu examine", "", "the folder of its scenarios is not installed");
}

}  // namespace emulator
