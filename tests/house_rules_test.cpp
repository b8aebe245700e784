#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

// The rules of the house: who may include whom, what is pure, and how long things may be.

namespace {

namespace fs = std::filesystem;

const fs::path kRoot = GIGEMU_SOURCE_DIR;
constexpr std::array kRooms{"scenes", "lens_model", "sensor_model", "protocol", "emulator", "tests"};

struct File {
    std::string name;  // below the root
    std::vector<std::string> lines;
};

File read(const fs::path& path) {
    File file{.name = fs::relative(path, kRoot).string(), .lines = {}};
    std::ifstream in(path);
    for (std::string line; std::getline(in, line);) file.lines.push_back(line);
    return file;
}

const std::vector<File>& sources() {
    static const auto all = [] {
        std::vector<File> files;
        for (const auto* room : kRooms) {
            for (const auto& entry : fs::recursive_directory_iterator(kRoot / room)) {
                const auto ending = entry.path().extension();
                if (ending == ".h" || ending == ".cpp") files.push_back(read(entry.path()));
            }
        }
        std::ranges::sort(files, {}, &File::name);
        return files;
    }();
    return all;
}

bool in(const std::string& name, std::string_view room) { return name.starts_with(room); }

bool in_any(const std::string& name, std::initializer_list<std::string_view> rooms) {
    return std::ranges::any_of(rooms, [&](std::string_view room) { return in(name, room); });
}

std::string place(const File& file, std::size_t line) { return file.name + ":" + std::to_string(line + 1); }

/// What a line includes: "room/file.h", or <library>; nothing for other lines.
std::string included(const std::string& line) {
    static const std::regex pattern(R"(^\s*#\s*include\s*([<"][^>"]+[>"]))");
    std::smatch match;
    return std::regex_search(line, match, pattern) ? match[1].str() : "";
}

/// The code of a line, without its comment and its texts.
std::string code(const std::string& line) {
    static const std::regex texts(R"("([^"\\]|\\.)*")");
    const auto bare = std::regex_replace(line, texts, "\"\"");
    return bare.substr(0, bare.find("//"));
}

/// The rows that count for a file: the longest folder that it is in.
struct MayInclude {
    std::string_view folder;
    std::vector<std::string_view> rooms;
};
const std::vector<MayInclude>& include_table() {
    static const std::vector<MayInclude> table{
        {"scenes/light/", {"scenes/light/"}},
        {"scenes/", {"scenes/"}},
        {"lens_model/", {"lens_model/", "scenes/light/"}},
        {"sensor_model/", {"sensor_model/", "scenes/light/"}},
        {"protocol/", {"protocol/"}},
        {"emulator/isp/",
         {"emulator/isp/", "emulator/settings.h", "scenes/light/", "sensor_model/", "protocol/bytes.h",
          "protocol/gvsp/pixel_format.h"}},
        {"emulator/auto/",
         {"emulator/auto/", "emulator/isp/", "emulator/settings.h", "scenes/light/", "sensor_model/",
          "lens_model/"}},
        {"emulator/features/", {"emulator/", "protocol/", "scenes/light/", "sensor_model/", "lens_model/"}},
        {"emulator/", {"emulator/", "protocol/", "scenes/", "lens_model/", "sensor_model/"}},
        {"tests/", {"tests/", "emulator/", "protocol/", "scenes/", "lens_model/", "sensor_model/"}},
    };
    return table;
}

const MayInclude& row_of(const std::string& name) {
    return *std::ranges::find_if(include_table(), [&](const auto& row) { return in(name, row.folder); });
}

/// Wings and rooms of the hall that are pure: the same values in give the same values out.
bool pure(const std::string& name) {
    return in_any(name, {"scenes/", "lens_model/", "sensor_model/", "protocol/", "emulator/features/",
                         "emulator/acquisition/", "emulator/isp/", "emulator/auto/"});
}

bool speaks_asio(const std::string& name) {
    return in_any(name, {"emulator/net/", "emulator/sim/pacer.h", "emulator/bench/", "emulator/main.cpp"});
}

/// Tables and data are as long and as wide as they are.
bool is_data(const std::string& name) { return name.find("/data/") != std::string::npos; }
bool is_feature_table(const std::string& name) {
    return in(name, "emulator/features/") && name.ends_with("_control.h");
}

/// Files with longer lines, which are broken when the file is next changed; then it leaves this list.
constexpr std::array kStillWide{"emulator/acquisition/frame_loop.",
                                "emulator/camera.cpp",
                                "emulator/features/register_map.cpp",
                                "emulator/features/table.cpp",
                                "emulator/frame.cpp",
                                "emulator/main.cpp",
                                "emulator/net/",
                                "tests/benchmarks/"};

std::size_t column_limit(const std::string& name) {
    return std::ranges::any_of(kStillWide, [&](std::string_view wide) { return in(name, wide); }) ? 150 : 120;
}

std::size_t columns(const std::string& line) {
    return static_cast<std::size_t>(std::ranges::count_if(line, [](char c) { return (c & 0xC0) != 0x80; }));
}

}  // namespace

TEST_CASE("house: a room includes only what the table of rooms allows") {
    for (const auto& file : sources()) {
        const auto& row = row_of(file.name);
        for (std::size_t i = 0; i < file.lines.size(); ++i) {
            const auto what = included(file.lines[i]);
            if (what.empty() || what.front() != '"') continue;
            const auto target = what.substr(1, what.size() - 2);
            const bool fine = std::ranges::any_of(row.rooms, [&](std::string_view room) { return in(target, room); });
            CHECK_MESSAGE(fine, place(file, i), " includes ", target);
        }
    }
}

TEST_CASE("house: sockets are opened in the hall's network room and nowhere else") {
    const std::set<std::string> headers{"<sys/socket.h>", "<netinet/in.h>", "<arpa/inet.h>",
                                        "<netdb.h>",      "<poll.h>",       "<sys/epoll.h>"};
    for (const auto& file : sources()) {
        if (in(file.name, "tests/") || speaks_asio(file.name)) continue;
        for (std::size_t i = 0; i < file.lines.size(); ++i) {
            const auto what = included(file.lines[i]);
            CHECK_MESSAGE(!what.starts_with("<asio"), place(file, i), " includes ", what);
            CHECK_MESSAGE(!headers.contains(what), place(file, i), " includes ", what);
        }
    }
}

TEST_CASE("house: what is pure has no threads, no clock, no dice, and prints nothing") {
    static const std::regex impure(
        R"(\bstd::(thread|jthread|mutex|async|future|condition_variable|random_device|cout|cerr|clog|printf|puts)\b|)"
        R"(\b(steady|system|high_resolution)_clock\b|\brand\s*\(|\btime\s*\(\s*(NULL|nullptr|0)\s*\)|)"
        R"(\b(clock_gettime|gettimeofday|getenv|sleep_for)\b|\b(f|v)?(printf|puts)\s*\(|\bspdlog::)");
    const std::set<std::string> headers{"<thread>", "<mutex>",    "<future>",  "<condition_variable>",
                                        "<random>", "<iostream>", "<unistd.h>"};
    for (const auto& file : sources()) {
        if (!pure(file.name)) continue;
        for (std::size_t i = 0; i < file.lines.size(); ++i) {
            const auto what = included(file.lines[i]);
            CHECK_MESSAGE(!headers.contains(what), place(file, i), " includes ", what);
            std::smatch match;
            const auto bare = code(file.lines[i]);
            CHECK_MESSAGE(!std::regex_search(bare, match, impure), place(file, i), " says ", match.str());
        }
    }
}

TEST_CASE("house: nothing that a client sends is answered by an exception") {
    static const std::regex throws(R"(\b(throw|try|catch)\b)");
    for (const auto& file : sources()) {
        if (!in(file.name, "protocol/")) continue;
        for (std::size_t i = 0; i < file.lines.size(); ++i) {
            CHECK_MESSAGE(!std::regex_search(code(file.lines[i]), throws), place(file, i), " throws or catches");
        }
    }
}

TEST_CASE("house: a source has at most 400 lines, and a header 150") {
    for (const auto& file : sources()) {
        if (is_data(file.name)) continue;
        const bool header = file.name.ends_with(".h");
        if (header && is_feature_table(file.name)) continue;
        const std::size_t limit = header && !in(file.name, "tests/") ? 150 : 400;
        CHECK_MESSAGE(file.lines.size() <= limit, file.name, " has ", file.lines.size(), " lines, more than ", limit);
    }
}

TEST_CASE("house: a line has at most 120 columns, tables aside") {
    for (const auto& file : sources()) {
        if (is_data(file.name)) continue;
        bool table = false;
        for (std::size_t i = 0; i < file.lines.size(); ++i) {
            const auto& line = file.lines[i];
            if (line.find("clang-format off") != std::string::npos) table = true;
            if (line.find("clang-format on") != std::string::npos) table = false;
            const bool hex = line.find_first_of("ghijklmnopqrstuvwxyz;") == std::string::npos;  // A datagram as text.
            if (table || hex) continue;
            CHECK_MESSAGE(columns(line) <= column_limit(file.name), place(file, i), " has ", columns(line), " columns");
        }
    }
}

TEST_CASE("house: a header is guarded by #pragma once, at its top") {
    for (const auto& file : sources()) {
        if (!file.name.ends_with(".h")) continue;
        CHECK_MESSAGE((!file.lines.empty() && file.lines[0] == "#pragma once"), file.name, " begins otherwise");
    }
}

TEST_CASE("house: nothing is left for later, and no tab or space trails") {
    static const std::regex later(std::string("\\b(TO") + "DO|FIX" + "ME|XX" + "X)\\b");
    for (const auto& file : sources()) {
        for (std::size_t i = 0; i < file.lines.size(); ++i) {
            const auto& line = file.lines[i];
            CHECK_MESSAGE(!std::regex_search(line, later), place(file, i), " leaves something for later");
            CHECK_MESSAGE(line.find('\t') == std::string::npos, place(file, i), " has a tab");
            CHECK_MESSAGE((line.empty() || line.back() != ' '), place(file, i), " ends with a space");
        }
    }
}

TEST_CASE("house: every room has a README, of at most 60 lines") {
    for (const auto* room : kRooms) {
        const auto file = read(kRoot / room / "README.md");
        CHECK_MESSAGE(!file.lines.empty(), room, " has no README.md");
        CHECK_MESSAGE(file.lines.size() <= 60, file.name, " has ", file.lines.size(), " lines");
    }
}
