#include <doctest/doctest.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "tests/support/source_dir.h"

// The table of docs/manual.md: every section of the manual's chapter 5 has a test, and every test that it
// names exists.

namespace {

namespace fs = std::filesystem;

/// How many sections each of 5.1 to 5.19 has.
constexpr std::array kSections{6, 3, 6, 7, 8, 3, 2, 5, 3, 2, 3, 3, 4, 5, 2, 5, 7, 5, 2};
constexpr int kPixelFormatSections = 6;  // of 5.1.1
constexpr int kInterlocks = 16;

std::string content(const fs::path& path) {
    std::ifstream file(path);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

/// The strings that stand from here to the end of a TEST_CASE, as one.
std::string name_at(const std::string& source, std::size_t at) {
    std::string name;
    bool inside = false;
    for (; at < source.size() && (inside || source[at] != ')'); ++at) {
        if (source[at] == '"') {
            inside = !inside;
        } else if (inside) {
            if (source[at] == '\\') ++at;
            name += source[at];
        }
    }
    return name;
}

std::set<std::string> test_cases() {
    std::set<std::string> names;
    for (const auto& entry : fs::recursive_directory_iterator(support::source_dir() / "tests")) {
        if (entry.path().extension() != ".cpp") continue;
        const auto source = content(entry.path());
        const std::string macro = "\nTEST_CASE(";
        for (auto at = source.find(macro); at != std::string::npos; at = source.find(macro, at + 1))
            names.insert(name_at(source, at + macro.size()));
    }
    return names;
}

/// The tests that each first cell of a row names in the last one.
std::map<std::string, std::vector<std::string>> table() {
    std::map<std::string, std::vector<std::string>> rows;
    std::ifstream file(support::source_dir() / "docs/manual.md");
    for (std::string line; std::getline(file, line);) {
        if (!line.starts_with("| ")) continue;
        auto& tests = rows[line.substr(2, line.find(" |") - 2)];
        const auto cell = line.substr(line.rfind("| ", line.size() - 3));
        for (auto open = cell.find('`'); open != std::string::npos;) {
            const auto close = cell.find('`', open + 1);
            tests.push_back(cell.substr(open + 1, close - open - 1));
            open = cell.find('`', close + 1);
        }
    }
    return rows;
}

std::vector<std::string> sections() {
    std::vector<std::string> all;
    for (std::size_t i = 0; i < kSections.size(); ++i) {
        const auto section = "5." + std::to_string(i + 1);
        all.push_back(section);
        for (int part = 1; part <= kSections[i]; ++part) all.push_back(section + '.' + std::to_string(part));
    }
    for (int part = 1; part <= kPixelFormatSections; ++part) all.push_back("5.1.1." + std::to_string(part));
    for (int number = 1; number <= kInterlocks; ++number) all.push_back(std::to_string(number));
    return all;
}

}  // namespace

TEST_CASE("manual: every section of chapter 5 and every interlock has a row with a test") {
    auto rows = table();
    for (const auto& section : sections()) CHECK_MESSAGE(!rows[section].empty(), section);
}

TEST_CASE("manual: every test that the table names exists") {
    const auto known = test_cases();
    REQUIRE(known.size() > 500);
    for (const auto& row : table()) {
        for (const auto& test : row.second) CHECK_MESSAGE(known.contains(test), row.first << ": " << test);
    }
}

TEST_CASE("manual: the table has no sections that the manual does not have") {
    const auto all = sections();
    const std::set<std::string> known(all.begin(), all.end());
    for (const auto& row : table()) {
        if (row.first.starts_with("5.")) CHECK_MESSAGE(known.contains(row.first), row.first);
    }
}
