#include <algorithm>
#include <atomic>

#include "emulator/testbench/bench.h"
#include "emulator/testbench/http/router.h"
#include "emulator/testbench/routes/table.h"
#include "emulator/testbench/topics.h"

namespace emulator::testbench::routes {
namespace {

/// Topics that a client asks for; all of them without a word.
std::vector<const Topic*> topics_of(const nlohmann::json& query) {
    std::vector<const Topic*> wanted;
    const auto text = query.value("topics", "");
    for (std::size_t begin = 0; begin < text.size();) {
        const auto end = std::min(text.find(',', begin), text.size());
        const auto name = text.substr(begin, end - begin);
        const auto topic = std::ranges::find(topics(), name, &Topic::name);
        if (topic == topics().end())
            throw Problem(kBadRequest, "topics",
                          "there is no topic " + name + "; there are " + topic_names() + ".");
        if (std::ranges::find(wanted, &*topic) == wanted.end()) wanted.push_back(&*topic);
        begin = end + 1;
    }
    if (wanted.empty())
        for (const auto& topic : topics()) wanted.push_back(&topic);
    return wanted;
}

/// One of the streams that are open at a time.
class StreamPlace {
  public:
    StreamPlace() {
        if (++taken_ <= Router::kStreamsMost) return;
        --taken_;
        throw Problem(kUnavailable, "",
                      "At most " + std::to_string(Router::kStreamsMost) + " streams can be open at a time.");
    }
    ~StreamPlace() { --taken_; }
    StreamPlace(const StreamPlace&) = delete;
    StreamPlace& operator=(const StreamPlace&) = delete;

  private:
    static inline std::atomic<int> taken_ = 0;
};

/// What is open in one stream.
struct Subscription {
    explicit Subscription(CameraAccess& access) : on_camera(access) {}

    StreamPlace place;
    CameraAccess& on_camera;
    std::vector<std::pair<const Topic*, Topic::Read>> reads;

    /// Server-sent events (WHATWG HTML, 9.2) of all that is new.
    std::string next() {
        std::vector<std::pair<const Topic*, std::vector<Topic::Entry>>> news;
        on_camera.run([&](Bench& bench) {
            for (auto& [topic, read] : reads) news.emplace_back(topic, read(bench));
        });
        std::string text;
        for (const auto& [topic, entries] : news)
            for (const auto& entry : entries)
                text += "event: " + std::string(topic->name) +
                        "\ndata: " + entry().dump(-1, ' ', false, Json::error_handler_t::replace) + "\n\n";
        return text;
    }
};

Answer get_events(Call& call) {
    const auto wanted = topics_of(call.query);
    auto subscription = std::make_shared<Subscription>(call.on_camera);
    call.on_camera([&](Bench& bench) {
        for (const auto* topic : wanted) subscription->reads.emplace_back(topic, topic->open(bench));
    });
    auto more =
        std::make_shared<std::function<std::string()>>([subscription] { return subscription->next(); });
    return {.type = "text/event-stream", .more = std::move(more)};
}

constexpr Route kEventRows[] = {
    {.method = "GET",
     .path = "/api/v1/camera/events",
     .summary = "What happens from now on, as server-sent events, all topics in one stream",
     .query = R"({"type": "object", "additionalProperties": false, "properties": {
         "topics": {"type": "string", "description":
             "names with commas between: signals, features, truth, journal; all if it is absent"}}})",
     .serves = "text/event-stream",
     .at_once = false,
     .act = get_events},
};

}  // namespace

std::span<const Route> events() { return kEventRows; }

}  // namespace emulator::testbench::routes
