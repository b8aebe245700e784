#pragma once

#include <functional>
#include <limits>

#include "emulator/testbench/http/router.h"
#include "protocol/time.h"
#include "scenes/json/json_reader.h"

namespace emulator::testbench {

using protocol::Time;

/// What is wanted of the camera or its client: so many items of a source that fit a pattern, an answer of the
/// HTTP interface, or the end of the client.
struct Condition {
    enum class Source : std::uint8_t { journal, signals, blocks, truth, frames, output, get, client };

    Source source = Source::journal;
    nlohmann::json pattern;
    Request get{};  // of that source
    std::size_t at_least = 1, at_most = std::numeric_limits<std::size_t>::max();
    std::string since{};           // a step: items after its moment count; empty: all of the scenario
    std::optional<Time> within{};  // camera time; nothing: until the scenario's limit, or now

    /// Only a client can bring it about.
    [[nodiscard]] bool needs_client() const;
    [[nodiscard]] bool counts() const { return source != Source::get && source != Source::client; }
};
[[nodiscard]] std::string_view name_of(Condition::Source);

/// Verdict of a step and of a scenario, the better ones first.
enum class Verdict : std::uint8_t { passed, tolerated, not_exercised, failed };
[[nodiscard]] std::string_view name_of(Verdict);

/// One step: waits for its moment, does something, and expects something.
struct Step {
    std::string name{};
    std::optional<Time> at{}, after{};  // since the scenario's begin, since the end of the step before
    std::optional<Condition> when{}, expect{};
    std::vector<Request> deeds{};
    std::optional<Verdict> otherwise{};  // where `when` is not met in time, or `expect` does not hold

    [[nodiscard]] bool has_moment() const { return at || after || when; }
};

/// A scenario: what happens to a camera and is expected of its client, step by step, in camera time.
struct Scenario {
    std::string name, what{}, clause{};
    nlohmann::json camera = nlohmann::json::object();  // a profile, before options of the command line
    Time limit = std::chrono::seconds(60);
    bool client_may_fail = false;
    std::vector<Step> steps{};

    /// It expects what only a client can bring about.
    [[nodiscard]] bool needs_client() const;
};

/// The sentence for a scenario that does, where there is none.
inline constexpr std::string_view kClientMissing =
    "frames, output and client are of a program under test, and there is none: gigemu test SCENARIO -- "
    "COMMAND.";

/// The routes that a scenario may ask, of any camera.
[[nodiscard]] const Router& scenario_router();

/// The file of a scenario. Requests are checked by the schemas of their routes, the profile by
/// `judge_camera`. Throws scenes::ConfigError.
[[nodiscard]] Scenario read_scenario(const scenes::Node&, const std::string& usual_name,
                                     const std::function<void(const scenes::Node&)>& judge_camera);

}  // namespace emulator::testbench
