#include "emulator/app/scenario_file.h"

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

}  // namespace emulator
