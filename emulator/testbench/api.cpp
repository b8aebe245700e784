#include "emulator/testbench/api.h"

#include <algorithm>

#include "emulator/testbench/ground_truth.h"

namespace emulator::testbench {
namespace {

using scenes::Node;

constexpr std::uint64_t kSignalsUsual = 1000, kSignalsMax = 5000;

constexpr int kBad = 400, kNotFound = 404, kNotAllowed = 405, kConflict = 409;

Answer refused(int status, const std::string& sentence) {
    return {.status = status, .body = {{"error", sentence}}, .allowed = {}};
}

Answer said(Json body) { return {.body = std::move(body), .allowed = {}}; }

}  // namespace

std::span<const Api::Route> Api::routes() {
    static constexpr Route kRoutes[] = {
        {"GET", "/", "this list", &Api::index},
        {"GET", "/state", "identity, address, controlling application, and counters", &Api::state},
        {"GET", "/lines", "the levels of TRIGGER_IN and STROBE_OUT", &Api::lines},
        {"PUT", "/trigger_in", "a level: high, at_ns or after_us", &Api::set_level},
        {"POST", "/trigger_in/pulse", "a pulse: width_us, high, at_ns or after_us", &Api::pulse},
        {"POST", "/trigger_in/train",
         "pulses: period_us, width_us, count, jitter_us, bounce {times, us}, seed, high, at_ns or after_us",
         &Api::train},
        {"DELETE", "/trigger_in/train", "stops the pulse train; the level stays", &Api::stop},
        {"GET", "/signals", "what happened, with stamps: ?since=NUMBER&limit=COUNT", &Api::signals},
        {"GET", "/leds", "the status LEDs", &Api::leds},
        {"GET", "/truth", "ground truth of the scene: ?frame=NUMBER, ?block_id=NUMBER, ?time_ns=TIME, or now",
         &Api::truth},
    };
    return kRoutes;
}

Answer Api::answer(const Question& question) {
    std::string allowed;
    for (const auto& route : routes()) {
        if (route.path != question.path) continue;
        if (route.method != question.method) {
            allowed += (allowed.empty() ? "" : ", ") + std::string(route.method);
            continue;
        }
        try {
            return (this->*route.act)(question);
        } catch (const scenes::ConfigError& error) {
            return refused(kBad, (error.key.empty() ? error.file : error.key) + ": " + error.sentence);
        }
    }
    if (allowed.empty()) return refused(kNotFound, "Unknown path; GET / lists the routes.");
    auto answer = refused(kNotAllowed, "Method not allowed; this path accepts " + allowed + ".");
    answer.allowed = allowed;
    return answer;
}

Answer Api::index(const Question&) {
    auto list = Json::array();
    for (const auto& route : routes())
        list.push_back({{"method", route.method}, {"path", route.path}, {"what", route.what}});
    return said({{"routes", std::move(list)}});
}

Answer Api::state(const Question& question) {
    only(question.query, {});
    return said(state_to_json(bench_));
}

Answer Api::lines(const Question& question) {
    only(question.query, {});
    return said(lines_to_json(bench_));
}

Answer Api::leds(const Question& question) {
    only(question.query, {});
    return said(to_json(bench_.leds()));
}

Answer Api::set_level(const Question& question) {
    const auto body = parse_body(question.body);
    const Node node(body, "body");
    if (!node.has("high")) node.unfit("high", "true or false");
    const bool high = node.flag_or("high", false);
    const auto at = begin_of(node, bench_.camera().device.clock, bench_.now());
    node.done();
    if (bench_.trigger_in().full()) return refused(kConflict, "Too many scheduled edges.");
    bench_.trigger_in().set(high, at);
    return said({{"begin_ns", ticks(at)}});
}

Answer Api::pulse(const Question& question) {
    const auto body = parse_body(question.body);
    const Node node(body, "body");
    const auto width = time_of(node, "width_us", 0.001);
    const bool high = node.flag_or("high", true);
    const auto at = begin_of(node, bench_.camera().device.clock, bench_.now());
    node.done();
    if (bench_.trigger_in().full()) return refused(kConflict, "Too many scheduled edges.");
    bench_.trigger_in().pulse(high, at, width);
    return said({{"begin_ns", ticks(at)}, {"end_ns", ticks(at + width)}});
}

Answer Api::train(const Question& question) {
    const auto body = parse_body(question.body);
    const Node node(body, "body");
    const auto train = train_of(node);
    const auto at = begin_of(node, bench_.camera().device.clock, bench_.now());
    node.done();
    if (!bench_.trigger_in().play(train, at)) return refused(kBad, "Invalid pulse train.");
    return said({{"begin_ns", ticks(at)}});
}

Answer Api::stop(const Question& question) {
    only(question.query, {});
    bench_.trigger_in().stop();
    return said({{"time_ns", ticks(bench_.now())}});
}

Answer Api::signals(const Question& question) {
    only(question.query, {"since", "limit"});
    const auto since = number_or(question.query, "since", 0);
    const auto limit = std::min(number_or(question.query, "limit", kSignalsUsual), kSignalsMax);
    return said(to_json(bench_.signals().since(since, limit)));
}

const FrameRecord* Api::find_frame(const Query& query) const {
    const bool by_block = query.contains("block_id");
    const auto wanted = number_or(query, by_block ? "block_id" : "frame", 0);
    const auto& frames = bench_.frames();
    const auto found = std::find_if(frames.rbegin(), frames.rend(), [&](const FrameRecord& record) {
        if (!by_block) return record.frame.number == wanted;
        return record.block_id == wanted && wanted != 0;
    });
    return found == frames.rend() ? nullptr : &*found;
}

Json Api::truth_of(const ImageFormat& image, const lens_model::State& lens, bool moving, Time time) const {
    const auto& profile = bench_.camera().profile;
    auto items = Json::array();
    for (const auto& item : ground_truth(bench_.world(), profile, lens, image, time).items)
        items.push_back(to_json(item));
    return {{"time_ns", time.count()},
            {"image", to_json(image)},
            {"lens", to_json(profile.lens, lens, moving)},
            {"items", std::move(items)}};
}

Answer Api::truth_at(const Query& query) const {
    constexpr auto kFarthest = std::chrono::hours(24);
    const auto& camera = bench_.camera();
    const auto& clock = camera.device.clock;
    const auto now = bench_.now();
    const auto time = protocol::timestamp(number_or(query, "time_ns", ticks(now)));
    const auto at = query.empty() ? now : clock.oscillator_at(time);
    if (at < Time::zero() || at > now + kFarthest)
        return refused(kBad, "time_ns: a time from power-up to a day from now is expected.");
    const auto lens = camera.lens().state(at, camera.profile.housing_c);
    return said(truth_of(camera.settings.image, lens, camera.lens().moving(at), scene_time(time)));
}

Answer Api::truth(const Question& question) {
    const auto& query = question.query;
    only(query, {"frame", "block_id", "time_ns"});
    if (query.size() > 1) return refused(kBad, "frame, block_id and time_ns exclude each other.");
    if (query.empty() || query.contains("time_ns")) return truth_at(query);

    const auto* record = find_frame(query);
    if (record == nullptr)
        return refused(kNotFound,
                       "This frame is not among the last " + std::to_string(Bench::kFramesKept) + ".");
    // Motion follows the camera's clock, so the time is that of the stamp.
    const auto from = scene_time(protocol::timestamp(record->ticks)),
               to = from + (record->frame.end - record->frame.start);
    const auto middle =
        middle_of_light(bench_.world(), bench_.camera().profile, record->lens, from, to, record->strobe_high);
    auto body = truth_of(record->image, record->lens, record->lens_moved, middle);
    body["frame"] = to_json(*record);
    return said(std::move(body));
}

}  // namespace emulator::testbench
