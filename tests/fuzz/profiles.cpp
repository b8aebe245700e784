#include "emulator/config.h"
#include "emulator/testbench/http/problem.h"
#include "emulator/testbench/http/schema.h"
#include "scenes/json/config_error.h"
#include "tests/fuzz/nearly_fitting.h"
#include "tests/support/random_client.h"

// Profiles that nearly fit their schema: one is refused with a sentence, or fits the schema, means the same
// when it is written and read again, and makes a camera whose settings are legal.

namespace {

using nlohmann::json;

std::optional<emulator::Profile> read(const json& content) {
    emulator::Profile profile;
    try {
        emulator::apply_config(content, "fuzz.json", profile);
    } catch (const scenes::ConfigError& error) {
        fuzz::must(std::string_view(error.what()).starts_with("fuzz.json"), "a refusal names the file");
        return std::nullopt;
    }
    return profile;
}

bool fits(const json& content) {
    static const emulator::testbench::JsonSchema schema(emulator::profile_schema().dump());
    try {
        schema.check(content, "profile");
    } catch (const emulator::testbench::Problem&) {
        return false;
    }
    return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const auto schema = emulator::profile_schema();
    fuzz::Source source(data, size);
    const auto content = fuzz::nearly_fitting_file(source, schema);
    const auto profile = read(content);
    if (!profile) return 0;
    fuzz::must(fits(content), "what is accepted fits the schema");
    const json written = emulator::to_json(*profile);
    const auto again = read(written);
    fuzz::must(again && json(emulator::to_json(*again)) == written, "a profile that is printed can be used");
    support::VirtualCameraOptions options;
    options.profile = *profile;
    support::VirtualCamera camera(options);
    (void)camera.camera.registers().set_by_name(profile->features);
    fuzz::must_be_empty(support::wrong_with(camera.camera));
    return 0;
}
