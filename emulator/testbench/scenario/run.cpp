#include "emulator/testbench/scenario/run.h"

#include <utility>

#include "emulator/testbench/scenario/pattern.h"

namespace emulator::testbench {
namespace {

using namespace std::chrono_literals;

/// What a client has done shortly before its end is still under way then.
constexpr Time kClientEcho = 500ms;
constexpr std::size_t kQuoted_bytes = 600;

std::string quoted(const Json& item) {
    auto text = item.dump(-1, ' ', false, Json::error_handler_t::replace);
    if (text.size() > kQuoted_bytes) text = text.substr(0, kQuoted_bytes) + "…";
    return text;
}

}  // namespace

ScenarioRun::ScenarioRun(Bench& bench, Scenario scenario, Client client,
                         std::function<void(const ScenarioReport&)> told)
    : bench_(bench),
      scenario_(std::move(scenario)),
      client_process_(std::move(client)),
      told_(std::move(told)),
      access_(bench) {
    if (scenario_.needs_client() && !client_process_.there)
        throw Problem(kBadRequest, "steps", std::string(kClientMissing));
    report_.scenario = scenario_.name;
    report_.what = scenario_.what;
    report_.clause = scenario_.clause;
    report_.steps_wanted = scenario_.steps.size();
}

ScenarioRun::~ScenarioRun() {
    told_ = [](const ScenarioReport&) {};
    abandon("it was removed");
}

void ScenarioRun::begin() {
    begun_ = camera().now();
    positions_[""] = positions_of(bench_, client_);
    bench_.on_news([this] { look_later(); });
    limit_ = camera().at(begun_ + scenario_.limit, [this] {
        limit_.reset();
        run_out_of_time("the scenario's limit of " + std::to_string(scenario_.limit / 1ms) +
                        " ms is reached");
    });
    plan(begun_, &ScenarioRun::enter);
}

void ScenarioRun::plan(Time at, void (ScenarioRun::*next)()) {
    next_ = camera().at(std::max(at, camera().now()), [this, next] {
        next_.reset();
        (this->*next)();
    });
}

void ScenarioRun::enter() {
    const bool over = index_ == scenario_.steps.size();
    if ((over || step().has_moment()) && !std::exchange(client_started_, true)) client_process_.start();
    if (over) return finish();
    if (step().when) return watch(*step().when, true);
    const auto now = camera().now();
    plan(step().at ? begun_ + *step().at : now + step().after.value_or(Time(0)), &ScenarioRun::act);
}

void ScenarioRun::act() {
    if (!step().name.empty()) positions_[step().name] = positions_of(bench_, client_);
    if (!perform_all()) return finish();
    if (step().expect) return watch(*step().expect, false);
    note(Verdict::passed, "");
    leave();
}

void ScenarioRun::leave() {
    ++index_;
    plan(camera().now(), &ScenarioRun::enter);
}

bool ScenarioRun::perform_all() {
    for (const auto& request : step().deeds) {
        const auto answer = scenario_router().answer(request, access_);
        if (answer.status < 400) continue;
        const auto detail = answer.body.value("detail", "");
        note(Verdict::failed, request.method + " " + request.path + " was refused with " +
                                  std::to_string(answer.status) + ": " + detail);
        return false;
    }
    return true;
}

void ScenarioRun::watch(const Condition& condition, bool is_moment) {
    const auto from = positions_.find(condition.since);
    watch_.emplace(Watch{.condition = &condition,
                         .tally = Tally(condition, from == positions_.end() ? Positions() : from->second),
                         .is_moment = is_moment});
    if (condition.within)
        deadline_ = camera().after(*condition.within, [this] {
            deadline_.reset();
            too_late();
        });
    look();
    if (watch_ && !is_moment && !condition.within) too_late();
}

// Changes come while the camera is at work: they are looked at when it has done, all at once.
void ScenarioRun::look_later() {
    if (!watch_ || look_) return;
    look_ = camera().at(camera().now(), [this] {
        look_.reset();
        look();
    });
}

void ScenarioRun::look() {
    if (!watch_) return;
    watch_->tally.look(bench_, client_);
    if (const auto holds = decided(false)) settle(*holds);
}

void ScenarioRun::too_late() {
    watch_->tally.look(bench_, client_);
    settle(decided(true).value_or(false));
}

bool ScenarioRun::client_is_gone() const {
    return client_ended_ && bench_.host_now() >= *client_ended_ + kClientEcho;
}

std::optional<bool> ScenarioRun::decided_by_client() const {
    if (!client_.end()) return std::nullopt;
    const auto& pattern = watch_->condition->pattern;
    return pattern == "ended" || fits(pattern, client_.end()->to_json());
}

std::optional<bool> ScenarioRun::decided(bool last) {
    const auto& condition = *watch_->condition;
    if (condition.source == Condition::Source::client) return decided_by_client();
    if (condition.source == Condition::Source::get) {
        const auto answer = scenario_router().answer(condition.get, access_);
        answer_ = answer.body;
        const bool fit = answer.status < 400 && fits(condition.pattern, answer.body);
        return fit || last ? std::optional(fit) : std::nullopt;
    }
    const auto count = watch_->tally.count();
    const bool holds = count >= condition.at_least && count <= condition.at_most;
    const bool by_client = condition.needs_client() || condition.source == Condition::Source::journal;
    if (last || (by_client && client_is_gone())) return holds;
    // What may become too many is counted to the end.
    const bool open = !watch_->is_moment && condition.at_most != std::numeric_limits<std::size_t>::max();
    return holds && !open ? std::optional(true) : std::nullopt;
}

std::string ScenarioRun::seen() const {
    const auto& condition = *watch_->condition;
    if (condition.source == Condition::Source::client)
        return client_.end() ? client_.end()->sentence() : "the client still runs";
    if (condition.source == Condition::Source::get) return "the answer was " + quoted(answer_);
    const auto& tally = watch_->tally;
    auto text = std::to_string(tally.count()) + " of " + std::to_string(tally.seen()) + " do";
    if (tally.count() > condition.at_most) return text + "; the last: " + quoted(tally.fitting());
    return tally.nearest().is_null() ? text : text + "; nearest: " + quoted(tally.nearest());
}

void ScenarioRun::settle(bool holds) {
    if (deadline_) camera().cancel(*std::exchange(deadline_, std::nullopt));
    const auto sentence = holds ? "" : seen();
    const bool moment = watch_->is_moment;
    watch_.reset();
    if (holds && moment) return plan(camera().now(), &ScenarioRun::act);
    const auto verdict = holds ? Verdict::passed : step().otherwise.value_or(Verdict::failed);
    note(verdict, sentence);
    const bool ends = !holds && (moment || verdict == Verdict::not_exercised);
    if (!ends) return leave();
    if (moment && !step().otherwise && !client_is_gone()) report_.out_of_time = true;
    finish();
}

void ScenarioRun::note(Verdict verdict, std::string seen) {
    report_.steps.push_back({.index = index_,
                             .name = step().name,
                             .what = describe(step()),
                             .verdict = verdict,
                             .seen = std::move(seen),
                             .at = camera().now() - begun_});
    report_.verdict = std::max(report_.verdict, verdict);
}

void ScenarioRun::abandon(const std::string& why) {
    if (report_.ended) return;
    if (index_ < scenario_.steps.size()) {
        if (watch_) watch_->tally.look(bench_, client_);
        note(Verdict::failed, watch_ ? why + "; " + seen() : why);
    }
    finish();
}

void ScenarioRun::run_out_of_time(const std::string& why) {
    if (report_.ended) return;
    report_.out_of_time = true;
    abandon(why);
}

void ScenarioRun::judge_client() {
    report_.client = client_.end();
    if (!report_.client || report_.client->succeeded()) return;
    const bool broke = report_.client->signal != 0 || !report_.client->complaint.empty();
    if (broke || !scenario_.client_may_fail) report_.client_failed = report_.client->sentence();
}

void ScenarioRun::finish() {
    bench_.on_news([] {});
    watch_.reset();
    for (auto* ticket : {&next_, &deadline_, &look_, &limit_})
        if (*ticket) camera().cancel(*std::exchange(*ticket, std::nullopt));
    if (echo_) bench_.time().host().cancel(*std::exchange(echo_, std::nullopt));
    judge_client();
    report_.took = camera().now() - begun_;
    report_.ended = true;
    told_(report_);
}

void ScenarioRun::on_line(OutputLine line) {
    client_.on_line(std::move(line));
    look_later();
}

void ScenarioRun::on_client_end(const ClientEnd& end) {
    if (report_.ended) return;
    client_.on_end(end);
    client_ended_ = bench_.host_now();
    look_later();
    echo_ = bench_.time().host().after(kClientEcho, [this] {
        echo_.reset();
        look_later();
    });
}

void ScenarioRun::on_submitted(const protocol::gvsp::Block& block) {
    if (report_.ended) return;
    if (client_process_.there) client_.on_submitted(block);
    last_blocks_.push_back(block);
    if (last_blocks_.size() > kBlocksKept) last_blocks_.pop_front();
}

}  // namespace emulator::testbench
