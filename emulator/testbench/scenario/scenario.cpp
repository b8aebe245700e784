#include "emulator/testbench/scenario/scenario.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "emulator/testbench/scenario/pattern.h"

namespace emulator::testbench {
namespace {

using nlohmann::json;
using scenes::Node;
using Source = Condition::Source;

constexpr std::array<std::string_view, 8> kSources{"journal", "signals", "blocks", "truth",
                                                   "frames",  "output",  "get",    "client"};
constexpr std::array<std::string_view, 4> kVerdicts{"passed", "tolerated", "not_exercised", "failed"};
constexpr std::array<std::string_view, 4> kMethods{"post", "put", "patch", "delete"};

constexpr double kSecondsMost = 86'400, kItemsMost = 1e9;
constexpr std::size_t kStepsMost = 1000;

Time seconds(double s) { return Time(std::llround(s * 1e9)); }

std::optional<Time> time_in(const Node& node, const std::string& key) {
    if (!node.has(key)) return std::nullopt;
    return seconds(node.number(key, {0, kSecondsMost, "s"}));
}

/// Requests are judged without a camera.
struct NoCamera final : CameraAccess {
    void run(const std::function<void(Bench&)>&) override {
        throw Problem(kUnavailable, "", "There is no camera.");
    }
};

std::string whole_path(const std::string& path) {
    return path.starts_with("/api/") ? path : "/api/v1" + path;
}

Request read_request(const Node& node, const std::string& key, std::string method) {
    std::ranges::transform(method, method.begin(), [](unsigned char c) { return std::toupper(c); });
    Request request{.method = method, .path = whole_path(node.text(key))};
    for (const auto& [name, value] : node.values("query", "an object of names and values"))
        request.query.emplace(name, value.is_string() ? value.get<std::string>() : value.dump());
    if (method != "GET")
        if (const auto* body = node.any("body"); body != nullptr) {
            request.has_body = true;
            request.type = "application/json";
            request.body = body->dump();
        }
    if (node.is_recording()) return request;
    try {
        scenario_router().judge(request);
    } catch (const Problem& problem) {
        node.wrong(key, problem.what());
    }
    return request;
}

Request read_deed(const Node& node) {
    Request request;
    int methods = 0;
    for (const auto method : kMethods) {
        const std::string key(method);
        if (!node.has(key)) continue;
        ++methods;
        request = read_request(node, key, key);
    }
    if (methods != 1 && !node.is_recording())
        node.wrong("", "exactly one of post, put, patch and delete is expected.");
    node.done();
    return request;
}

json pattern_in(const Node& node, const std::string& key) {
    const auto* pattern = node.any(key);
    if (pattern == nullptr) return json::object();
    if (const auto mistake = mistake_in(*pattern))
        node.wrong(mistake->key.empty() ? key : key + "." + mistake->key, mistake->sentence);
    return *pattern;
}

void read_source(const Node& node, Condition& condition) {
    int sources = 0;
    for (std::size_t i = 0; i < kSources.size(); ++i) {
        const std::string key(kSources.at(i));
        if (!node.has(key)) continue;
        ++sources;
        condition.source = static_cast<Source>(i);
        if (condition.source == Source::get) {
            condition.get = read_request(node, key, key);
            condition.pattern = pattern_in(node, "answer");
        } else {
            condition.pattern = pattern_in(node, key);
        }
        const bool ending = condition.pattern.is_object() || condition.pattern == "ended";
        if (condition.source == Source::client && !ending)
            node.unfit(key, "\"ended\", or an object with exit or signal");
    }
    if (sources != 1 && !node.is_recording()) {
        std::string names;
        for (const auto name : kSources) names += (names.empty() ? "" : ", ") + std::string(name);
        node.wrong("", "exactly one of " + names + " is expected.");
    }
}

Condition read_condition(const Node& node) {
    Condition condition;
    read_source(node, condition);
    if (node.is_recording() || condition.counts()) {
        const bool only_most = node.has("at_most") && !node.has("at_least");
        constexpr scenes::Bounds kItems{0, kItemsMost, ""};
        condition.at_least = static_cast<std::size_t>(node.whole_or("at_least", kItems, only_most ? 0 : 1));
        condition.at_most = node.has("at_most") ? static_cast<std::size_t>(node.whole("at_most", kItems))
                                                : std::numeric_limits<std::size_t>::max();
        condition.since = node.text_or("since", "");
        if (condition.at_most < condition.at_least && !node.is_recording())
            node.wrong("at_most", "it is less than at_least, " + std::to_string(condition.at_least) + ".");
    }
    condition.within = time_in(node, "within_s");
    node.done();
    return condition;
}

Step read_step(const Node& node) {
    Step step{.name = node.text_or("name", "")};
    step.at = time_in(node, "at_s");
    step.after = time_in(node, "after_s");
    if (node.has("when")) step.when = read_condition(node.object("when"));
    if (node.has("do"))
        for (const auto& deed : node.one_or_more("do", {}, "At least one request"))
            step.deeds.push_back(read_deed(deed));
    if (node.has("expect")) step.expect = read_condition(node.object("expect"));
    if (node.has("else")) {
        const auto verdict = node.choice("else", {kVerdicts.begin() + 1, kVerdicts.end()});
        const auto* const found = std::ranges::find(kVerdicts, verdict);
        step.otherwise = static_cast<Verdict>(found - kVerdicts.begin());
    }
    node.exclude("at_s", "after_s", "a step has one moment at most.");
    node.exclude("at_s", "when", "a step has one moment at most.");
    node.exclude("after_s", "when", "a step has one moment at most.");
    node.exclude("do", "expect", "a step does something or expects something.");
    if (!node.is_recording() && !step.has_moment() && !step.expect && step.deeds.empty())
        node.wrong("", "a step has at_s, after_s, when, do or expect.");
    node.done();
    return step;
}

/// A condition counts from a step before it.
void check_since(const Node& node, const std::vector<Step>& before,
                 const std::optional<Condition>& condition) {
    if (!condition || condition->since.empty()) return;
    if (std::ranges::find(before, condition->since, &Step::name) == before.end())
        node.wrong("", "since: no step before this one has the name " + condition->since + ".");
}

}  // namespace

const Router& scenario_router() {
    static NoCamera camera;
    static const Router router("", camera, {});
    return router;
}

std::string_view name_of(Condition::Source source) { return kSources.at(static_cast<std::size_t>(source)); }
std::string_view name_of(Verdict verdict) { return kVerdicts.at(static_cast<std::size_t>(verdict)); }

bool Condition::needs_client() const {
    return source == Source::frames || source == Source::output || source == Source::client;
}

bool Scenario::needs_client() const {
    return std::ranges::any_of(steps, [](const Step& step) {
        return (step.when && step.when->needs_client()) || (step.expect && step.expect->needs_client());
    });
}

Scenario read_scenario(const Node& node, const std::string& usual_name,
                       const std::function<void(const Node&)>& judge_camera) {
    Scenario scenario{.name = node.text_or("name", usual_name, "^[A-Za-z0-9_-]{1,64}$",
                                           "1 to 64 letters, digits, _ and -")};
    scenario.what = node.text_or("what", "");
    scenario.clause = node.text_or("clause", "");
    if (node.has("camera")) {
        judge_camera(node.object("camera"));
        if (!node.is_recording()) scenario.camera = *node.value("camera");
    }
    scenario.limit = seconds(node.number_or("limit_s", {0.001, kSecondsMost, "s"}, 60));
    if (node.has("client")) {
        const auto client = node.object("client");
        scenario.client_may_fail = client.flag_or("may_fail", false);
        client.done();
    }
    for (const auto& step : node.objects("steps")) {
        auto read = read_step(step);
        check_since(step, scenario.steps, read.when);
        check_since(step, scenario.steps, read.expect);
        scenario.steps.push_back(std::move(read));
    }
    if (!node.is_recording() && (scenario.steps.empty() || scenario.steps.size() > kStepsMost))
        node.wrong("steps", "a list of 1 to " + std::to_string(kStepsMost) + " steps is expected.");
    node.done();
    return scenario;
}

}  // namespace emulator::testbench
