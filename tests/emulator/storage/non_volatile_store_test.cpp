#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "emulator/storage/non_volatile_store.h"

// What survives a power cycle, and a kill.

using emulator::Flash;
using emulator::NonVolatileStore;
namespace fs = std::filesystem;

namespace {

/// A folder of its own, gone at the end.
struct Folder {
    fs::path path = fs::temp_directory_path() / ("gigemu-store-test-" + std::to_string(getpid()));
    Folder() { fs::remove_all(path); }
    ~Folder() { fs::remove_all(path); }
};

Flash example() {
    Flash flash;
    flash.device.user_name = "left of door";
    flash.device.persistent_ip = {0xC0A80002, 0xFFFFFF00, 0xC0A80001};
    flash.device.ip_configuration = 7;
    // Kinds of values are kept apart: a real number that is whole stays real.
    flash.user_sets.slots[0] = {
        {"ExposureTime", 12'000.0}, {"Gain", 0.1}, {"PixelFormat", std::int64_t{0x0108'0009}}};
    flash.user_sets.slots[1] = {
        {"BalanceRatio[Red]", 1.015625}, {"Hue", -180.0}, {"Text", std::string("a \"b\"")}};
    flash.user_sets.at_power_up = 2;
    return flash;
}

std::string content(const fs::path& file) {
    std::ifstream in(file);
    return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

TEST_CASE("what is saved is loaded again, for each serial number its own") {
    Folder folder;
    const NonVolatileStore store(folder.path, "39265001"), other(folder.path, "39265002");
    CHECK(store.load() == Flash{});
    REQUIRE(store.save(example()));
    CHECK(store.load() == example());
    CHECK(other.load() == Flash{});
    REQUIRE(store.save({}));
    CHECK(store.load() == Flash{});
}

TEST_CASE("a kill while saving leaves the old values whole") {
    Folder folder;
    const NonVolatileStore store(folder.path, "1");
    REQUIRE(store.save(example()));
    // As a kill in the middle of the write leaves it: a new file that was begun and never took the old one's
    // place.
    std::ofstream(folder.path / "1.json.new") << R"({"user_name": "half)";
    CHECK(store.load() == example());
    auto later = example();
    later.device.user_name = "right of door";
    REQUIRE(store.save(later));
    CHECK(store.load() == later);
    CHECK_FALSE(fs::exists(folder.path / "1.json.new"));
}

TEST_CASE("a malformed file counts as none, and is kept under another name") {
    Folder folder;
    const NonVolatileStore store(folder.path, "1");
    int damaged = 0;
    for (const std::string text :
         {"", "{", "[]", "null", R"({"user_name": 5})", R"({"persistent_ip": "x"})",
          R"({"ip_configuration": {}})", R"({"UserSet1": 7})", R"({"UserSet2": {"Gain": [1]}})",
          R"({"user_set_at_power_up": "UserSet1"})", R"({"persistent_ip": -1.0})",
          R"({"persistent_mask": 4294967296})", R"({"user_set_at_power_up": 1e300})"}) {
        CAPTURE(text);
        REQUIRE(store.save(example()));
        std::ofstream(folder.path / "1.json") << text;
        CHECK(store.load() == Flash{});
        CHECK_FALSE(fs::exists(folder.path / "1.json"));
        CHECK(content(folder.path / ("1.json.damaged-" + std::to_string(++damaged))) == text);
    }
    REQUIRE(store.save(example()));
    CHECK(store.load() == example());
}

TEST_CASE("a file that was cut off after any byte is read whole, or not at all") {
    Folder folder;
    const NonVolatileStore store(folder.path, "1");
    REQUIRE(store.save(example()));
    const auto whole = content(folder.path / "1.json");
    REQUIRE(whole.size() > 200);
    std::size_t refused = 0;
    for (std::size_t bytes = 0; bytes < whole.size(); ++bytes) {
        CAPTURE(bytes);
        std::ofstream(folder.path / "1.json", std::ios::trunc) << whole.substr(0, bytes);
        const auto flash = store.load();
        if (flash == Flash{})
            ++refused;
        else
            CHECK(flash == example());
        fs::remove(folder.path / "1.json.damaged-1");
    }
    CHECK(refused >= whole.size() - 2);  // All but the line's end belong to the value.
}

TEST_CASE("what an older or a newer version has saved is read as far as it is known") {
    Folder folder;
    const NonVolatileStore store(folder.path, "1");
    fs::create_directories(folder.path);
    std::ofstream(folder.path / "1.json")
        << R"({"user_name": "old", "UserSet1": {"Gain": 6}, "wings": [1, 2]})";
    const auto flash = store.load();
    CHECK(flash.device.user_name == "old");
    CHECK(flash.device.ip_configuration == Flash{}.device.ip_configuration);
    CHECK(flash.user_sets.slots[0] == emulator::features::UserSet{{"Gain", std::int64_t{6}}});
    CHECK(flash.user_sets.slots[1].empty());
    std::ofstream(folder.path / "1.json") << R"({"user_set_at_power_up": 9})";
    CHECK(store.load().user_sets.at_power_up == 0);
}

TEST_CASE("without a folder nothing is kept, and that is no failure") {
    const NonVolatileStore store(std::nullopt, "1");
    CHECK(store.save(example()));
    CHECK(store.load() == Flash{});
}

TEST_CASE("a folder that cannot be made is reported, and changes nothing") {
    Folder folder;
    std::ofstream(folder.path) << "a file in the way";
    const NonVolatileStore store(folder.path / "below", "1");
    CHECK_FALSE(store.save(example()));
    CHECK(store.load() == Flash{});
}

TEST_CASE("any bytes that a client writes as a name can be kept") {
    Folder folder;
    const NonVolatileStore store(folder.path, "1");
    auto flash = example();
    flash.device.user_name = std::string("\xFF\xFE\0x", 4);
    CHECK(store.save(flash));
    CHECK(store.load().device.persistent_ip == flash.device.persistent_ip);
    CHECK(store.load().device.user_name.size() <= 15);
}
