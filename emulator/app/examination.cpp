#include "emulator/app/examination.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>

#include "emulator/app/scenario_file.h"
#include "emulator/app/scenario_session.h"
#include "emulator/app/wiring.h"
#include "emulator/net/interface.h"
#include "emulator/testbench/scenario/examination_list.h"
#include "scenes/json/config_error.h"

namespace emulator {
namespace {

using namespace testbench;

/// A folder that is removed with all that is in it.
class TemporaryFolder {
  public:
    TemporaryFolder() {
        auto pattern = (std::filesystem::temp_directory_path() / "gigemu-XXXXXX").string();
        if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder can be made");
        path_ = pattern;
    }
    ~TemporaryFolder() {
        std::error_code error;
        std::filesystem::remove_all(path_, error);
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  private:
    std::filesystem::path path_;
};

/// Nothing where the run was broken off. The camera is at --address or --interface, or at a free address of
/// loopback.
std::optional<ScenarioReport> run(CommandLine line, const ProfileOf& profile_of, const Scenario& scenario) {
    const TemporaryFolder recordings;
    line.record_dir = recordings.path();
    line.record = "control";
    if (line.address.empty() && line.interface_name.empty()) line.address = free_loopback_address();
    ScenarioSession session({.scenario = scenario,
                             .command = line.client_command,
                             .evidence = line.evidence.empty() ? "" : line.evidence / scenario.name,
                             .timeout = std::chrono::duration<double>(line.timeout_s),
                             .ends_camera = true});
    const int served = serve(line, profile_of(line, &scenario), &session);
    session.keep_evidence(recordings.path());
    if (!session.report() && served != 0) throw std::runtime_error("the camera could not be served");
    return session.report();
}

void write(const std::filesystem::path& file, const std::string& content) {
    if (file.empty()) return;
    std::ofstream out(file, std::ios::binary);
    out << content;
    out.flush();
    if (!out) throw scenes::ConfigError("command line", file.string(), "it cannot be written");
}

/// The grade of a client in one scenario: whatever fails there has failed it.
Verdict grade_of(const ScenarioReport& report) {
    const bool failed = report.out_of_time || !report.client_failed.empty();
    return failed ? Verdict::failed : report.verdict;
}

std::string graded(Verdict verdict) {
    return verdict == Verdict::not_exercised ? "not exercised" : std::string(name_of(verdict));
}

/// What was seen in the steps that decided, or of the client.
std::string seen_in(const ScenarioReport& report) {
    std::string text = report.client_failed.empty() ? "" : "The client failed: " + report.client_failed + ".";
    for (const auto& step : report.steps)
        if (step.verdict != Verdict::passed && !step.seen.empty())
            text += (text.empty() ? "" : " ") + step.what + ": " + step.seen + ".";
    return text;
}

std::string in_cell(std::string text) {
    for (std::size_t at = 0; (at = text.find('|', at)) != std::string::npos; at += 2) text.insert(at, "\\");
    std::ranges::replace(text, '\n', ' ');
    return text;
}

std::array<int, 4> count_grades(const std::vector<ScenarioReport>& reports) {
    std::array<int, 4> counts{};
    for (const auto& report : reports) ++counts.at(static_cast<std::size_t>(grade_of(report)));
    return counts;
}

std::string total_of(const std::vector<ScenarioReport>& reports) {
    const auto counts = count_grades(reports);
    return std::to_string(counts[0]) + " passed, " + std::to_string(counts[1]) + " tolerated, " +
           std::to_string(counts[3]) + " failed, " + std::to_string(counts[2]) + " not exercised";
}

Json all_to_json(const std::vector<ScenarioReport>& reports) {
    auto list = Json::array();
    for (const auto& report : reports) {
        auto one = to_json(report);
        one["grade"] = graded(grade_of(report));
        list.push_back(std::move(one));
    }
    return {{"scenarios", std::move(list)}};
}

std::vector<Scenario> wanted_scenarios(const CommandLine& line) {
    std::vector<Scenario> wanted;
    for (const auto& [name, content] : testbench::examination_list())
        if (line.only.empty() || std::ranges::find(line.only, name) != line.only.end())
            wanted.push_back(read_scenario(content, name));
    if (wanted.size() < std::max<std::size_t>(1, line.only.size()))
        throw scenes::ConfigError("command line", "--only", "the examination has no scenario of this name");
    return wanted;
}

}  // namespace

std::string to_markdown(const std::vector<ScenarioReport>& reports) {
    std::string text = "# Examination of a GigE Vision client\n\n" + total_of(reports) +
                       ".\n\n| Scenario | Grade | Condition | Clause | Seen |\n|---|---|---|---|---|\n";
    for (const auto& report : reports)
        text += "| " + report.scenario + " | " + graded(grade_of(report)) + " | " + in_cell(report.what) +
                " | " + in_cell(report.clause) + " | " + in_cell(seen_in(report)) + " |\n";
    return text;
}

int run_test(const CommandLine& line, const ProfileOf& profile_of) {
    const auto scenario = read_scenario_file(line.scenario_file, !line.client_command.empty());
    const auto report = run(line, profile_of, scenario);
    if (!report) return 1;
    std::fputs(to_text(*report).c_str(), stdout);
    if (report->exit_code() != 0 && !line.evidence.empty())
        std::printf("evidence: %s\n", (line.evidence / scenario.name).c_str());
    write(line.junit, to_junit({*report}));
    write(line.json_report, to_json(*report).dump(1) + "\n");
    return report->exit_code();
}

int examine(const CommandLine& line, const ProfileOf& profile_of) {
    if (line.client_command.empty())
        throw scenes::ConfigError("command line", "examine", "the command of a client is expected after --");
    std::vector<ScenarioReport> reports;
    for (const auto& scenario : wanted_scenarios(line)) {
        const auto report = run(line, profile_of, scenario);
        if (!report) return 1;
        const auto grade = grade_of(*report);
        std::printf("%-14s %s\n", graded(grade).c_str(), scenario.name.c_str());
        if (grade != Verdict::passed) std::printf("%15s%s\n", "", seen_in(*report).c_str());
        std::fflush(stdout);
        reports.push_back(*report);
    }
    std::printf("%s\n", total_of(reports).c_str());
    write(line.junit, to_junit(reports));
    write(line.json_report, all_to_json(reports).dump(1) + "\n");
    write(line.markdown_report, to_markdown(reports));
    return count_grades(reports).at(static_cast<std::size_t>(Verdict::failed)) == 0 ? 0 : 1;
}

}  // namespace emulator
