#include <doctest/doctest.h>

#include "emulator/config.h"
#include "scenes/json/config_error.h"
#include "tests/support/source_dir.h"

// The profile's file: its values apply, and an error in it is one sentence.

using emulator::Profile;
using nlohmann::json;

namespace {

Profile profile_of(const char* text) {
    Profile profile;
    emulator::apply_config(json::parse(text), "camera.json", profile);
    return profile;
}

std::string complaint(const char* text) {
    try {
        (void)profile_of(text);
    } catch (const scenes::ConfigError& error) {
        return error.what();
    }
    return "";
}

bool names(const std::string& sentence, const char* key) {
    return sentence.find("camera.json") != std::string::npos && sentence.find(key) != std::string::npos;
}

}  // namespace

TEST_CASE("an empty profile is the camera as it is") {
    const auto profile = profile_of("{}");
    CHECK(profile.serial == Profile{}.serial);
    CHECK(profile.seed == 1);
    CHECK(profile.features.empty());
}

TEST_CASE("what a profile says is taken") {
    const auto profile = profile_of(
        R"({"serial": "12345678", "user_name": "cam", "seed": 7, "housing_c": 40.5, "scene": "flat_field",
        "link": {"speed_mbps": 100, "gso": "off", "frames_waiting": 7},
        "row_time_follows_rate": false, "faults": [{"fault": "packet_loss", "rate": 0.5, "seed": 3}],
        "features": {"Gain": 3.5, "PixelFormat": "BayerRG16", "ReverseX": true}})");
    CHECK(profile.serial == "12345678");
    CHECK(profile.user_name == "cam");
    CHECK(profile.seed == 7);
    CHECK(profile.housing_c == 40.5);
    CHECK(profile.scene == "flat_field");
    CHECK(profile.link.speed_mbps == 100);
    CHECK(profile.faults == std::vector<std::string>{R"({"fault":"packet_loss","rate":0.5,"seed":3})"});
    CHECK(profile.link.gso == "off");
    CHECK(profile.link.frames_waiting == 7);
    CHECK_FALSE(profile.row_time_follows_rate);
    using Pairs = std::vector<std::pair<std::string, std::string>>;
    CHECK(profile.features == Pairs{{"Gain", "3.5"}, {"PixelFormat", "BayerRG16"}, {"ReverseX", "true"}});
}

TEST_CASE("an error names its file and its key") {
    CHECK(names(complaint(R"({"serail": "12345678"})"), "serail"));
    CHECK(names(complaint(R"({"serial": 12345678})"), "serial"));
    CHECK(names(complaint(R"({"serial": "1234567"})"), "serial"));
    CHECK(names(complaint(R"({"serial": "1234567x"})"), "serial"));
    CHECK(names(complaint(R"({"user_name": "sixteen letters!"})"), "user_name"));
    CHECK(names(complaint(R"({"seed": -1})"), "seed"));
    for (const auto* wrong : {"0", "17", "2.5", "true"})
        CHECK(names(complaint((R"({"link": {"frames_waiting": )" + std::string(wrong) + "}}").c_str()),
                    "link.frames_waiting"));
    CHECK(names(complaint(R"({"row_time_follows_rate": 1})"), "row_time_follows_rate"));
    CHECK(names(complaint(R"({"seed": "one"})"), "seed"));
    CHECK(names(complaint(R"({"housing_c": 1000})"), "housing_c"));
    CHECK(names(complaint(R"({"faults": [{"fault": "packet_loss", "rate": 2}]})"), "faults.0.rate"));
    CHECK(names(complaint(R"({"faults": [{"fault": "packet_los"}]})"), "faults.0.fault"));
    CHECK(names(complaint(R"({"faults": [{"fault": "packet_delay"}]})"), "faults.0.delay_us"));
    CHECK(names(complaint(R"({"faults": {"fault": "packet_loss"}})"), "faults"));
    CHECK(names(complaint(R"({"link": {"gso": "maybe"}})"), "gso"));
    CHECK(names(complaint(R"({"link": {"speed": 1}})"), "speed"));
    CHECK(names(complaint(R"({"link": 5})"), "link"));
    CHECK(names(complaint(R"({"chip": {"no_such_constant": 1}})"), "no_such_constant"));
    CHECK(names(complaint(R"({"chip": {"full_well_e": "many"}})"), "full_well_e"));
    CHECK(names(complaint(R"({"chip": {"dark_doubling_k": 300}})"), "dark_doubling_k"));
    CHECK(names(complaint(R"({"lens": {"no_such_constant": 1}})"), "no_such_constant"));
    CHECK(names(complaint(R"({"features": [1]})"), "features"));
    CHECK(names(complaint(R"({"features": {"Gain": {}}})"), "features"));
    for (const auto* text : {"[]", "5", "null"}) CHECK(complaint(text) != "");
}

TEST_CASE("a file that is missing, or no JSON, is named in the error") {
    const auto complaint_of = [](const std::filesystem::path& file) {
        try {
            (void)emulator::read_config(file);
        } catch (const scenes::ConfigError& error) {
            return std::string(error.what());
        }
        return std::string();
    };
    CHECK(complaint_of("/nowhere/camera.json").find("/nowhere/camera.json") != std::string::npos);
    CHECK(complaint_of(support::source_dir() / "LICENSE").find("LICENSE") != std::string::npos);
}

TEST_CASE("the profile that is printed can be read again") {
    auto profile = profile_of(
        R"({"serial": "12345678", "faults": [{"fault": "packet_loss", "rate": 0.25}], "features": {"Gain": "3.5"}})");
    profile.chip.full_well_e = 12'000;
    Profile again;
    emulator::apply_config(json::parse(emulator::to_json(profile).dump()), "printed", again);
    CHECK(emulator::to_json(again).dump() == emulator::to_json(profile).dump());
}
