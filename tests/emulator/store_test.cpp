#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "emulator/non_volatile_store.h"

// What survives a power cycle, and a kill.

using emulator::NonVolatileStore;
using protocol::NonVolatile;
namespace fs = std::filesystem;

namespace {

/// A folder of its own, gone at the end.
struct Folder {
    fs::path path = fs::temp_directory_path() / ("gigemu-store-test-" + std::to_string(getpid()));
    Folder() { fs::remove_all(path); }
    ~Folder() { fs::remove_all(path); }
};

NonVolatile example() {
    NonVolatile values;
    values.user_name = "left of door";
    values.persistent_ip = {0xC0A80002, 0xFFFFFF00, 0xC0A80001};
    values.ip_configuration = 7;
    return values;
}

}  // namespace

TEST_CASE("what is saved is loaded again, for each serial number its own") {
    Folder folder;
    const NonVolatileStore store(folder.path, "39265001"), other(folder.path, "39265002");
    CHECK(store.load() == NonVolatile{});
    REQUIRE(store.save(example()));
    CHECK(store.load() == example());
    CHECK(other.load() == NonVolatile{});
    REQUIRE(store.save({}));
    CHECK(store.load() == NonVolatile{});
}

TEST_CASE("a kill while saving leaves the old values whole") {
    Folder folder;
    const NonVolatileStore store(folder.path, "1");
    REQUIRE(store.save(example()));
    // As a kill in the middle of the write leaves it: a new file that was begun and never took the old one's place.
    std::ofstream(folder.path / "1.json.new") << R"({"user_name": "half)";
    CHECK(store.load() == example());
    auto later = example();
    later.user_name = "right of door";
    REQUIRE(store.save(later));
    CHECK(store.load() == later);
    CHECK_FALSE(fs::exists(folder.path / "1.json.new"));
}

TEST_CASE("a file that cannot be understood is as good as none") {
    Folder folder;
    const NonVolatileStore store(folder.path, "1");
    REQUIRE(store.save(example()));
    for (const auto* text : {"", "{", "[]", "null", R"({"user_name": 5})", R"({"persistent_ip": "x"})",
                             R"({"ip_configuration": {}})"}) {
        CAPTURE(text);
        std::ofstream(folder.path / "1.json") << text;
        CHECK(store.load() == NonVolatile{});
    }
}

TEST_CASE("without a folder nothing is kept, and that is no failure") {
    const NonVolatileStore store(std::nullopt, "1");
    CHECK(store.save(example()));
    CHECK(store.load() == NonVolatile{});
}

TEST_CASE("a folder that cannot be made is told, and no harm") {
    Folder folder;
    std::ofstream(folder.path) << "a file in the way";
    const NonVolatileStore store(folder.path / "below", "1");
    CHECK_FALSE(store.save(example()));
    CHECK(store.load() == NonVolatile{});
}

TEST_CASE("any bytes that a client writes as a name can be kept") {
    Folder folder;
    const NonVolatileStore store(folder.path, "1");
    auto values = example();
    values.user_name = std::string("\xFF\xFE\0x", 4);
    CHECK(store.save(values));
    CHECK(store.load().persistent_ip == values.persistent_ip);
    CHECK(store.load().user_name.size() <= 15);
}
