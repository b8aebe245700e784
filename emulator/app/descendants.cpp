#include "emulator/app/descendants.h"

#include <unistd.h>

#include <charconv>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <sstream>

namespace emulator {
namespace {

struct Process {
    pid_t parent = 0;
    std::string name;
};

/// Of /proc/PID/stat: "PID (NAME) STATE PARENT ...", where the name may have spaces and parentheses.
std::optional<Process> read_process(const std::filesystem::path& folder) {
    std::ifstream in(folder / "stat");
    std::string text;
    std::getline(in, text);
    const auto open = text.find('('), close = text.rfind(')');
    if (open == std::string::npos || close == std::string::npos) return std::nullopt;
    std::istringstream rest(text.substr(close + 1));
    char state = 0;
    Process process{.name = text.substr(open + 1, close - open - 1)};
    rest >> state >> process.parent;
    if (state == 'Z' || rest.fail()) return std::nullopt;
    return process;
}

std::map<pid_t, Process> all_processes() {
    std::map<pid_t, Process> all;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator("/proc", error)) {
        const auto name = entry.path().filename().string();
        pid_t pid = 0;
        const auto [end, wrong] = std::from_chars(name.data(), name.data() + name.size(), pid);
        if (wrong != std::errc{} || end != name.data() + name.size()) continue;
        if (auto process = read_process(entry.path())) all.emplace(pid, std::move(*process));
    }
    return all;
}

}  // namespace

std::vector<Descendant> descendants() {
    const auto all = all_processes();
    std::vector<Descendant> found;
    std::vector<pid_t> parents{getpid()};
    while (!parents.empty()) {
        const auto parent = parents.back();
        parents.pop_back();
        for (const auto& [pid, process] : all) {
            if (process.parent != parent || pid == getpid()) continue;
            found.push_back({.pid = pid, .name = process.name});
            parents.push_back(pid);
        }
    }
    return found;
}

}  // namespace emulator
