#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>
#include <spdlog/spdlog.h>

#include <sys/time.h>
#include <unistd.h>
#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <ctime>
#include <numeric>

#include "tests/world/shortening.h"
#include "tests/world/world.h"

namespace {

using namespace world;
using Indices = std::vector<std::size_t>;

/// A schedule is shortened with so many runs at most.
constexpr int kShorteningRuns = 150;

/// A run takes at most the third of its virtual time; a hundredth is usual.
constexpr int kLeastSpeed = 3;

std::array<char, 64> running{};

/// What an assert, or a signal, ends.
void on_abort(int signal) {
    (void)!write(STDOUT_FILENO, running.data(), std::char_traits<char>::length(running.data()));
    std::signal(signal, SIG_DFL);
    std::raise(signal);
}

struct Outcome {
    std::optional<Violation> violation;
    std::uint64_t hash = 0, frames = 0;
    std::size_t cameras = 0;
    Time end{};
    std::string journal;
};

/// Of a run: what an endless loop ends.
void limit_cpu_time(std::chrono::nanoseconds duration) {
    const itimerval limit{.it_interval = {}, .it_value = {duration / 1s / kLeastSpeed, 0}};
    setitimer(ITIMER_VIRTUAL, &limit, nullptr);
}

Outcome run(const World::Options& options, const std::vector<Step>& steps, const Indices& kept) {
    limit_cpu_time(options.duration);
    std::snprintf(running.data(), running.size(), "FAILED: aborted, --seed %llu\n",
                  static_cast<unsigned long long>(options.seed));
    std::vector<Step> chosen;
    for (const auto index : kept) chosen.push_back(steps.at(index));
    World world(options);
    Outcome outcome;
    try {
        world.run(chosen);
    } catch (const Violation& violation) {
        outcome.violation = violation;
        outcome.journal = world.journal().last_lines();
    }
    outcome.hash = world.journal().hash();
    outcome.frames = world.frames();
    outcome.cameras = world.cameras();
    outcome.end = world.now();
    return outcome;
}

std::string joined(const Indices& indices) {
    std::string text;
    for (const auto index : indices) text += (text.empty() ? "" : ",") + std::to_string(index);
    return text.empty() ? "none" : text;
}

void report(const World::Options& options, const std::vector<Step>& steps, const Indices& kept,
            const Outcome& outcome) {
    std::printf("%s", outcome.journal.c_str());
    for (const auto index : kept)
        std::printf("step %zu at %.3f s: %s\n", index, static_cast<double>(steps[index].at.count()) * 1e-9,
                    steps[index].text().c_str());
    std::printf("FAILED: %s: %s\nrepeat: world --seed %llu --seconds %lld --keep %s\n",
                outcome.violation->invariant.c_str(), outcome.violation->what(),
                static_cast<unsigned long long>(options.seed), static_cast<long long>(options.duration / 1s),
                joined(kept).c_str());
}

Indices parse(const std::string& text) {
    Indices indices;
    if (text == "none") return indices;
    for (std::size_t at = 0; at < text.size(); ++at) {
        indices.push_back(std::stoul(text.substr(at)));
        at = text.find(',', at);
        if (at == std::string::npos) break;
    }
    return indices;
}

/// Returns whether all is well.
bool run_seed(const World::Options& options, const std::string& keep, bool shortens, Outcome& outcome) {
    const auto steps = World::schedule_of(options);
    Indices kept(steps.size());
    std::iota(kept.begin(), kept.end(), 0);
    if (!keep.empty()) kept = parse(keep);
    outcome = run(options, steps, kept);
    if (!outcome.violation) return true;
    if (shortens) {
        const auto invariant = outcome.violation->invariant;
        std::erase_if(kept, [&](std::size_t index) { return steps[index].at > outcome.end; });
        int left = kShorteningRuns;
        kept = shortened(kept, [&](const Indices& fewer) {
            if (left-- <= 0) return false;
            const auto again = run(options, steps, fewer);
            return again.violation && again.violation->invariant == invariant;
        });
        outcome = run(options, steps, kept);
    }
    report(options, steps, kept, outcome);
    return false;
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App line("Cameras, clients, clocks and faults in one virtual time, from one seed");
    std::uint64_t seed = 1, seeds = 1;
    std::int64_t seconds = 60;
    std::size_t lines = 150;
    std::string keep;
    bool whole = false, twice = false;
    line.add_option("--seed", seed, "The first seed");
    line.add_option("--seeds", seeds, "How many seeds");
    line.add_option("--seconds", seconds, "Virtual time of each seed")->check(CLI::Range(30, 1'000'000));
    line.add_option("--keep", keep, "Steps of the schedule that are kept: 3,5,17, or none");
    line.add_option("--lines", lines, "What is kept of the journal");
    line.add_flag("--whole", whole, "A schedule that fails is not shortened");
    line.add_flag("--twice", twice, "Each seed runs twice, and both runs have to be the same");
    CLI11_PARSE(line, argc, argv);

    spdlog::set_level(spdlog::level::off);
    for (const int signal : {SIGABRT, SIGSEGV, SIGFPE, SIGBUS, SIGVTALRM}) std::signal(signal, on_abort);
    double camera_hours = 0;
    std::uint64_t frames = 0;
    for (auto one = seed; one < seed + seeds; ++one) {
        Outcome outcome;
        const World::Options options{
            .seed = one, .duration = std::chrono::seconds(seconds), .journal_lines = lines};
        if (!run_seed(options, keep, !whole, outcome)) return 1;
        camera_hours += static_cast<double>(outcome.cameras) * static_cast<double>(seconds) / 3600;
        frames += outcome.frames;
        Outcome again;
        if (twice && (!run_seed(options, keep, !whole, again) || again.hash != outcome.hash)) {
            std::printf("FAILED: seed %llu does not repeat itself\n", static_cast<unsigned long long>(one));
            return 1;
        }
    }
    const auto cpu_s = static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
    std::printf("%llu seeds of %lld s: %.2f camera-hours, %llu frames, %.1f s of CPU time\n",
                static_cast<unsigned long long>(seeds), static_cast<long long>(seconds), camera_hours,
                static_cast<unsigned long long>(frames), cpu_s);
    return 0;
}
