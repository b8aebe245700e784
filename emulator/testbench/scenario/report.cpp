#include "emulator/testbench/scenario/report.h"

#include <tinyxml2.h>

#include <cstdio>

namespace emulator::testbench {
namespace {

double seconds(Time time) { return std::chrono::duration<double>(time).count(); }

std::string in_seconds(Time time) {
    std::string text(32, '\0');
    text.resize(static_cast<std::size_t>(std::snprintf(text.data(), text.size(), "%.3f s", seconds(time))));
    return text;
}

std::string moment_of(const Step& step) {
    if (step.at) return "at " + in_seconds(*step.at) + ": ";
    if (step.after) return "after " + in_seconds(*step.after) + ": ";
    return step.when ? "when " + describe(*step.when) + ": " : "";
}

std::string range_of(const Condition& condition) {
    constexpr auto kAny = std::numeric_limits<std::size_t>::max();
    const auto least = std::to_string(condition.at_least), most = std::to_string(condition.at_most);
    if (condition.at_least == condition.at_most) return least == "0" ? "no item" : "exactly " + least;
    if (condition.at_most == kAny) return "at least " + least;
    return condition.at_least == 0 ? "at most " + most : least + " to " + most;
}

void add_case(tinyxml2::XMLElement& suite, const std::string& suite_name, const std::string& name, double s,
              const char* outcome, const std::string& seen) {
    auto* element = suite.InsertNewChildElement("testcase");
    element->SetAttribute("classname", suite_name.c_str());
    element->SetAttribute("name", name.c_str());
    element->SetAttribute("time", s);
    if (outcome != nullptr) element->InsertNewChildElement(outcome)->SetAttribute("message", seen.c_str());
}

const char* outcome_of(Verdict verdict) {
    if (verdict == Verdict::failed) return "failure";
    return verdict == Verdict::not_exercised ? "skipped" : nullptr;
}

}  // namespace

int ScenarioReport::exit_code() const {
    constexpr int kFailed = 1, kClientFailed = 3, kOutOfTime = 124;
    if (out_of_time) return kOutOfTime;
    if (!client_failed.empty()) return kClientFailed;
    return verdict >= Verdict::not_exercised ? kFailed : 0;
}

std::string describe(const Condition& condition) {
    const auto pattern = condition.pattern.dump();
    const auto within = condition.within ? " within " + in_seconds(*condition.within) : "";
    if (condition.source == Condition::Source::get)
        return "GET " + condition.get.path + " answers " + pattern + within;
    if (condition.source == Condition::Source::client)
        return "the client has " + (condition.pattern == "ended" ? "ended" : "ended with " + pattern) +
               within;
    const auto since = condition.since.empty() ? "" : " since " + condition.since;
    return range_of(condition) + " of " + std::string(name_of(condition.source)) + " fits " + pattern +
           since + within;
}

std::string describe(const Step& step) {
    auto text = moment_of(step);
    for (const auto& deed : step.deeds) {
        text += deed.method + " " + deed.path + (deed.body.empty() ? "" : " " + deed.body);
        if (&deed != &step.deeds.back()) text += ", ";
    }
    if (step.expect) text += describe(*step.expect);
    if (text.ends_with(": ")) text.resize(text.size() - 2);
    return text;
}

Json to_json(const ScenarioReport& report) {
    auto steps = Json::array();
    for (const auto& step : report.steps) {
        steps.push_back({{"step", step.index},
                         {"name", step.name},
                         {"what", step.what},
                         {"at_s", seconds(step.at)},
                         {"verdict", name_of(step.verdict)}});
        if (!step.seen.empty()) steps.back()["seen"] = step.seen;
    }
    Json say{{"scenario", report.scenario},
             {"what", report.what},
             {"clause", report.clause},
             {"running", !report.ended},
             {"verdict", name_of(report.verdict)},
             {"out_of_time", report.out_of_time},
             {"took_s", seconds(report.took)},
             {"steps_wanted", report.steps_wanted},
             {"steps", std::move(steps)}};
    say["client"] = report.client ? report.client->to_json() : Json();
    if (!report.client_failed.empty()) say["client_failed"] = report.client_failed;
    return say;
}

std::string to_text(const ScenarioReport& report) {
    std::string text;
    for (const auto& step : report.steps) {
        std::string line(64, '\0');
        line.resize(static_cast<std::size_t>(std::snprintf(line.data(), line.size(), "%-13s %3zu %9.3f s  ",
                                                           std::string(name_of(step.verdict)).c_str(),
                                                           step.index, seconds(step.at))));
        text += line + (step.name.empty() ? "" : step.name + ": ") + step.what + "\n";
        if (!step.seen.empty()) text += std::string(31, ' ') + step.seen + "\n";
    }
    if (!report.client_failed.empty()) text += "the client failed: " + report.client_failed + "\n";
    if (report.steps.size() < report.steps_wanted)
        text += std::to_string(report.steps_wanted - report.steps.size()) + " steps were not reached\n";
    const auto verdict = report.out_of_time ? "out of time" : std::string(name_of(report.verdict));
    return text + report.scenario + ": " + verdict + " after " + in_seconds(report.took) + "\n";
}

std::string to_junit(const std::vector<ScenarioReport>& reports) {
    tinyxml2::XMLDocument document;
    document.InsertEndChild(document.NewDeclaration());
    auto* suites = document.NewElement("testsuites");
    document.InsertEndChild(suites);
    for (const auto& report : reports) {
        auto* suite = suites->InsertNewChildElement("testsuite");
        int failures = report.client_failed.empty() ? 0 : 1, skipped = 0;
        Time before{};
        for (const auto& step : report.steps) {
            failures += step.verdict == Verdict::failed ? 1 : 0;
            skipped += step.verdict == Verdict::not_exercised ? 1 : 0;
            add_case(*suite, report.scenario, std::to_string(step.index) + " " + step.what,
                     seconds(step.at - before), outcome_of(step.verdict), step.seen);
            before = step.at;
        }
        if (report.client || !report.client_failed.empty())
            add_case(*suite, report.scenario, "client", 0, report.client_failed.empty() ? nullptr : "failure",
                     report.client_failed);
        suite->SetAttribute("name", report.scenario.c_str());
        suite->SetAttribute("tests", static_cast<int>(report.steps.size()) + (report.client ? 1 : 0));
        suite->SetAttribute("failures", failures);
        suite->SetAttribute("skipped", skipped);
        suite->SetAttribute("time", seconds(report.took));
    }
    tinyxml2::XMLPrinter printer;
    document.Print(&printer);
    return printer.CStr();
}

}  // namespace emulator::testbench
