#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tests/support/source_dir.h"

// Layering: who may include whom, what is pure, and how long things may be.

namespace {

namespace fs = std::filesystem;

const fs::path kRoot = support::source_dir();
constexpr std::array kModules{"scenes", "lens_model", "sensor_model", "protocol", "emulator", "tests"};

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
        for (const auto* module : kModules) {
            for (const auto& entry : fs::recursive_directory_iterator(kRoot / module)) {
                const auto ending = entry.path().extension();
                if (ending == ".h" || ending == ".cpp") files.push_back(read(entry.path()));
            }
        }
        std::ranges::sort(files, {}, &File::name);
        return files;
    }();
    return all;
}

bool in(const std::string& name, std::string_view module) { return name.starts_with(module); }

bool in_any(const std::string& name, std::initializer_list<std::string_view> modules) {
    return std::ranges::any_of(modules, [&](std::string_view module) { return in(name, module); });
}

std::string place(const File& file, std::size_t line) { return file.name + ":" + std::to_string(line + 1); }

/// What a line includes, quotes or angles and all; nothing for other lines.
std::string included(const std::string& line) {
    const auto start = line.find_first_not_of(' ');
    if (start == std::string::npos || !line.substr(start).starts_with("#include ")) return "";
    const auto open = line.find_first_of("\"<", start);
    const auto close = open == std::string::npos ? open : line.find_first_of("\">", open + 1);
    return close == std::string::npos ? "" : line.substr(open, close - open + 1);
}

/// The code of a line, without its comment and its texts.
std::string code(const std::string& line) {
    std::string bare;
    bool text = false;
    for (std::size_t i = 0; i < line.size(); ++i) {
        if (line[i] == '\\' && text) {
            ++i;
        } else if (line[i] == '"') {
            text = !text;
        } else if (!text) {
            if (line.compare(i, 2, "//") == 0) break;
            bare += line[i];
        }
    }
    return bare;
}

bool belongs_to_a_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; }

/// The first of these words that stands in the text; nothing if none does.
template <std::size_t count>
std::string_view first_of(const std::array<std::string_view, count>& words, const std::string& text) {
    for (const auto word : words) {
        for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) {
            const auto end = at + word.size();
            const bool begins = at == 0 || !belongs_to_a_word(text[at - 1]);
            const bool ends = end == text.size() || !belongs_to_a_word(text[end]);
            if (begins && ends) return word;
        }
    }
    return "";
}

/// The rows that count for a file: the longest folder that it is in.
struct MayInclude {
    std::string_view folder;
    std::vector<std::string_view> modules;
};
const std::vector<MayInclude>& include_table() {
    static const std::vector<MayInclude> table{
        {"scenes/light/", {"scenes/light/"}},
        {"scenes/json/", {"scenes/json/"}},
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

/// Modules that are pure: the same arguments give the same results. No thread, no clock of the host, no
/// output.
bool pure(const std::string& name) {
    return in_any(name, {"scenes/", "lens_model/", "sensor_model/", "protocol/", "emulator/features/",
                         "emulator/acquisition/", "emulator/isp/", "emulator/auto/", "emulator/sim/",
                         "emulator/camera/", "emulator/imaging/", "emulator/relay/", "emulator/settings.h",
                         "emulator/profile."}) &&
           !in_any(name, {"emulator/sim/host_clock.", "emulator/sim/pacer.",  // they read the host's clock
                          "emulator/camera/camera.cpp", "emulator/camera/power_cycle.",  // they log
                          "emulator/imaging/background_renderer.", "emulator/imaging/render_job.",  // threads
                          "emulator/imaging/shared_transfers."});
}

bool speaks_asio(const std::string& name) {
    return in_any(name, {"emulator/net/", "emulator/sim/pacer.h", "emulator/testbench/", "emulator/app/"});
}

bool speaks_http(const std::string& name) {
    return in_any(name, {"emulator/testbench/http/connection.", "emulator/testbench/http/http_server.",
                         "emulator/testbench/http/posted_access.", "emulator/testbench/http/self_check."});
}

/// Tables and data are as long and as wide as they are.
bool is_data(const std::string& name) { return name.find("/data/") != std::string::npos; }
bool is_feature_table(const std::string& name) {
    return in(name, "emulator/features/") && name.ends_with("_control.h");
}

constexpr std::size_t kMaxColumns = 120;

std::size_t columns(const std::string& line) {
    return static_cast<std::size_t>(std::ranges::count_if(line, [](char c) { return (c & 0xC0) != 0x80; }));
}

}  // namespace

TEST_CASE("layering: a module includes only what the table of modules allows") {
    for (const auto& file : sources()) {
        const auto& row = row_of(file.name);
        for (std::size_t i = 0; i < file.lines.size(); ++i) {
            const auto what = included(file.lines[i]);
            if (what.empty() || what.front() != '"') continue;
            const auto target = what.substr(1, what.size() - 2);
            const bool fine =
                std::ranges::any_of(row.modules, [&](std::string_view module) { return in(target, module); });
            CHECK_MESSAGE(fine, place(file, i), " includes ", target);
        }
    }
}

TEST_CASE("layering: sockets are opened in emulator/net, and beside it in app and testbench") {
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

TEST_CASE("layering: the server alone includes the HTTP library, and the rest of testbench uses no socket") {
    const auto opens_sockets = [](const std::string& what) {
        return what == "<httplib.h>" || what.starts_with("<asio") || what == "<sys/socket.h>" ||
               what == "<poll.h>";
    };
    for (const auto& file : sources()) {
        if (speaks_http(file.name)) continue;
        const bool bench = in(file.name, "emulator/testbench/");
        for (std::size_t i = 0; i < file.lines.size(); ++i) {
            const auto what = included(file.lines[i]);
            CHECK_MESSAGE(what != "<httplib.h>", place(file, i), " includes ", what);
            CHECK_MESSAGE(!(bench && opens_sockets(what)), place(file, i), " includes ", what);
        }
    }
}

TEST_CASE("layering: pure modules have no threads, no clock, no random device, and print nothing") {
    constexpr std::array<std::string_view, 25> kImpure{
        "std::thread",   "std::jthread", "std::mutex",
        "std::async",    "std::future",  "std::condition_variable",
        "random_device", "rand",         "srand",
        "steady_clock",  "system_clock", "high_resolution_clock",
        "clock_gettime", "gettimeofday", "this_thread",
        "getenv",        "cout",         "cerr",
        "clog",          "printf",       "fprintf",
        "puts",          "fputs",        "std::time",
        "spdlog"};
    const std::set<std::string> headers{"<thread>", "<mutex>",    "<future>",  "<condition_variable>",
                                        "<random>", "<iostream>", "<unistd.h>"};
    for (const auto& file : sources()) {
        if (!pure(file.name)) continue;
        for (std::size_t i = 0; i < file.lines.size(); ++i) {
            const auto what = included(file.lines[i]);
            CHECK_MESSAGE(!headers.contains(what), place(file, i), " includes ", what);
            const auto word = first_of(kImpure, code(file.lines[i]));
            CHECK_MESSAGE(word.empty(), place(file, i), " says ", std::string(word));
        }
    }
}

TEST_CASE("layering: nothing that a client sends is answered by an exception") {
    constexpr std::array<std::string_view, 3> kExceptions{"throw", "try", "catch"};
    for (const auto& file : sources()) {
        if (!in(file.name, "protocol/")) continue;
        for (std::size_t i = 0; i < file.lines.size(); ++i) {
            const auto word = first_of(kExceptions, code(file.lines[i]));
            CHECK_MESSAGE(word.empty(), place(file, i), " says ", std::string(word));
        }
    }
}

TEST_CASE("layering: a source has at most 400 lines, and a header 150") {
    for (const auto& file : sources()) {
        if (is_data(file.name)) continue;
        const bool header = file.name.ends_with(".h");
        if (header && is_feature_table(file.name)) continue;
        const std::size_t limit = header && !in(file.name, "tests/") ? 150 : 400;
        CHECK_MESSAGE(file.lines.size() <= limit, file.name, " has ", file.lines.size(), " lines, more than ",
                      limit);
    }
}

TEST_CASE("layering: a line has at most 120 columns, tables aside") {
    for (const auto& file : sources()) {
        if (is_data(file.name)) continue;
        bool table = false;
        for (std::size_t i = 0; i < file.lines.size(); ++i) {
            const auto& line = file.lines[i];
            if (line.find("clang-format off") != std::string::npos) table = true;
            if (line.find("clang-format on") != std::string::npos) table = false;
            // A datagram as text.
            const bool hex = line.find_first_of("ghijklmnopqrstuvwxyz;") == std::string::npos;
            if (table || hex) continue;
            CHECK_MESSAGE(columns(line) <= kMaxColumns, place(file, i), " has ", columns(line), " columns");
        }
    }
}

TEST_CASE("layering: a header is guarded by #pragma once, at its top") {
    for (const auto& file : sources()) {
        if (!file.name.ends_with(".h")) continue;
        CHECK_MESSAGE((!file.lines.empty() && file.lines[0] == "#pragma once"), file.name,
                      " begins otherwise");
    }
}

TEST_CASE("layering: nothing is left for later, and no tab or space trails") {
    // Written in two parts, so that this file may say it.
    const std::array<std::string, 3> marks{std::string("TO") + "DO", std::string("FIX") + "ME",
                                           std::string("XX") + "X"};
    const std::array<std::string_view, 3> later{marks[0], marks[1], marks[2]};
    for (const auto& file : sources()) {
        for (std::size_t i = 0; i < file.lines.size(); ++i) {
            const auto& line = file.lines[i];
            CHECK_MESSAGE(first_of(later, line).empty(), place(file, i), " leaves something for later");
            CHECK_MESSAGE(line.find('\t') == std::string::npos, place(file, i), " has a tab");
            CHECK_MESSAGE((line.empty() || line.back() != ' '), place(file, i), " ends with a space");
        }
    }
}

TEST_CASE("layering: every module has a README, of at most 60 lines") {
    for (const auto* module : kModules) {
        const auto file = read(kRoot / module / "README.md");
        CHECK_MESSAGE(!file.lines.empty(), module, " has no README.md");
        CHECK_MESSAGE(file.lines.size() <= 60, file.name, " has ", file.lines.size(), " lines");
    }
}

namespace {

std::size_t indentation(const std::string& line) {
    return std::min(line.find_first_not_of(' '), line.size());
}

/// Each function of a source: its first line, and how many it has. A function begins at the level of a
/// namespace or a class, and ends with a brace below its beginning.
std::vector<std::pair<std::size_t, std::size_t>> functions(const File& file) {
    std::vector<std::pair<std::size_t, std::size_t>> found;
    std::optional<std::size_t> open;
    const auto is_signature = [](const std::string& line) {
        return line.ends_with(") {") || line.ends_with(") const {") || line.ends_with(" override {") ||
               line.ends_with(") noexcept {");
    };
    const auto continues = [](const std::string& line) {
        const auto at = indentation(line);
        return line.empty() || at > 4 || line.compare(at, 2, ": ") == 0;
    };
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
        if (!open && is_signature(file.lines[i])) {
            open = i;
            while (*open > 0 && continues(file.lines[*open])) --*open;
        }
        if (open && file.lines[i] == std::string(indentation(file.lines[*open]), ' ') + "}") {
            found.emplace_back(*open, i - *open + 1);
            open.reset();
        }
    }
    return found;
}

}  // namespace

TEST_CASE("layering: no function is longer than 60 lines, and 95 % are shorter than 25") {
    std::size_t all = 0, long_ones = 0;
    for (const auto& file : sources()) {
        if (in(file.name, "tests/") || is_data(file.name) || !file.name.ends_with(".cpp")) continue;
        for (const auto& function : functions(file)) {
            const auto line = function.first;
            const auto length = function.second;
            CHECK_MESSAGE(length <= 60, place(file, line), " begins a function of ", length, " lines");
            ++all;
            long_ones += length >= 25;
        }
    }
    CHECK(all > 500);
    CHECK(20 * long_ones <= all);
}

TEST_CASE("layering: a module with sub-modules has at most 8 files of its own") {
    for (const auto* module : {"emulator", "scenes", "lens_model", "protocol", "sensor_model"}) {
        std::size_t files = 0, folders = 0;
        for (const auto& entry : fs::directory_iterator(kRoot / module)) {
            const auto name = entry.path().filename();
            folders += entry.is_directory() && name != "data" && name != "kernels";
            files += entry.path().extension() == ".cpp" || entry.path().extension() == ".h";
        }
        CHECK_MESSAGE((folders == 0 || files <= 8), module, " has ", files, " files at its top level");
    }
}

TEST_CASE("layering: each file of the glossary exists and contains its term") {
    const auto lower = [](std::string text) {
        std::ranges::transform(text, text.begin(),
                               [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
        return text;
    };
    std::size_t terms = 0;
    for (const auto& line : read(kRoot / "docs/glossary.md").lines) {
        const auto link = line.find("](../");
        if (link == std::string::npos) continue;
        const auto term = lower(line.substr(2, line.find(" |", 2) - 2));
        const auto name = line.substr(link + 5, line.find(')', link) - link - 5);
        std::string text;
        for (const auto& part : read(kRoot / name).lines)  // A comment may break within a term.
            text += lower(part.substr(std::min(part.find_first_not_of(" /"), part.size()))) + ' ';
        CHECK_MESSAGE(text.find(term) != std::string::npos, name, " does not contain ", term);
        ++terms;
    }
    CHECK(terms >= 40);
}
