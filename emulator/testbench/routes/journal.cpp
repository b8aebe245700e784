#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>

#include "emulator/testbench/bench.h"
#include "emulator/testbench/journal_filter.h"
#include "emulator/testbench/routes/table.h"
#include "emulator/testbench/to_json.h"

namespace emulator::testbench::routes {
namespace {

using HostTime = std::chrono::steady_clock;

constexpr std::size_t kEntriesUsual = 1000, kNearestShown = 8;
constexpr std::chrono::milliseconds kLookAgain{10};

NodeTypes node_types_of(Bench& bench) { return bench.camera().profile.node_types; }

Json entries_to_json(const std::vector<JournalEntry>& entries, NodeTypes types) {
    auto list = Json::array();
    for (const auto& entry : entries) list.push_back(to_json(entry, types));
    return list;
}

Answer get_journal(Call& call) {
    const auto limit = call.query.value("limit", kEntriesUsual);
    const auto types = call.on_camera(node_types_of);
    const auto filter = journal_filter(call.query, types);
    const auto [found, forgotten] = call.on_camera([&](Bench& bench) {
        return std::pair(journal_excerpt(bench.journal(), filter, limit), bench.journal().forgotten());
    });
    return {.body = {{"entries", entries_to_json(found.entries, types)},
                     {"next", found.next},
                     {"forgotten", forgotten}}};
}

Answer count_journal(Call& call) {
    const auto filter = journal_filter(call.query, call.on_camera(node_types_of));
    return {.body = call.on_camera([&](Bench& bench) {
        return Json{{"count", journal_count(bench.journal(), filter)},
                    {"forgotten", bench.journal().forgotten()}};
    })};
}

Answer forget_journal(Call& call) {
    return {.body = call.on_camera([](Bench& bench) {
        bench.journal().forget();
        return Json{{"next", bench.journal().next()}};
    })};
}

/// One of the requests that wait at a time.
class WaitPlace {
  public:
    static constexpr int kWaitsMost = 4;
    WaitPlace() {
        if (++taken_ <= kWaitsMost) return;
        --taken_;
        throw Problem(kUnavailable, "",
                      "At most " + std::to_string(kWaitsMost) + " requests can wait at a time.");
    }
    ~WaitPlace() { --taken_; }
    WaitPlace(const WaitPlace&) = delete;
    WaitPlace& operator=(const WaitPlace&) = delete;

  private:
    static inline std::atomic<int> taken_ = 0;
};

Answer too_late(Call& call, const JournalFilter& filter, std::size_t wanted, std::size_t came,
                NodeTypes types) {
    const auto near =
        call.on_camera([&](Bench& bench) { return nearest_entries(bench.journal(), filter, kNearestShown); });
    auto list = Json::array();
    for (const auto& [entry, misfits] : near) {
        auto one = to_json(entry, types);
        one["misfits"] = keys_of(misfits);
        list.push_back(std::move(one));
    }
    return {.status = kRequestTimeout,
            .body = {{"type", "about:blank"},
                     {"title", "Request Timeout"},
                     {"status", kRequestTimeout},
                     {"detail", "The journal has " + std::to_string(came) + " of the " +
                                    std::to_string(wanted) + " entries that are wanted."},
                     {"count", came},
                     {"nearest", std::move(list)}},
            .type = "application/problem+json"};
}

// The journal is looked at when it has changed; between two looks the camera goes on.
Answer wait_for_journal(Call& call) {
    const WaitPlace place;
    const auto wanted = call.body.value("count", std::size_t{1});
    const auto end = HostTime::now() + std::chrono::milliseconds(call.body.value("timeout_ms", 5000));
    const auto types = call.on_camera(node_types_of);
    const auto filter = journal_filter(call.body, types);
    std::optional<std::uint64_t> seen;
    JournalExcerpt found;
    while (true) {
        call.on_camera([&](Bench& bench) {
            const auto revision = bench.journal().revision();
            if (std::exchange(seen, revision) != revision)
                found = journal_excerpt(bench.journal(), filter, wanted);
        });
        if (found.entries.size() >= wanted)
            return {.body = {{"entries", entries_to_json(found.entries, types)}, {"next", found.next}}};
        if (HostTime::now() >= end) return too_late(call, filter, wanted, found.entries.size(), types);
        std::this_thread::sleep_for(std::min<HostTime::duration>(kLookAgain, end - HostTime::now()));
    }
}

Answer get_blocks(Call& call) {
    const auto since = call.query.value("since", std::uint64_t{0});
    const auto limit = call.query.value("limit", BlockLog::kBlocksKept);
    const auto wanted = call.query.contains("block_id")
                            ? std::optional(call.query["block_id"].get<std::uint64_t>())
                            : std::nullopt;
    std::vector<BlockRecord> found;
    std::uint64_t next = since, forgotten = 0;
    call.on_camera([&](Bench& bench) {
        const auto& log = bench.journal().blocks();
        forgotten = log.forgotten();
        for (const auto& block : log.blocks()) {
            if (block.frame < since || (wanted && block.block_id != *wanted)) continue;
            if (found.size() >= limit) break;
            found.push_back(block);
            next = block.frame + 1;
        }
    });
    auto list = Json::array();
    for (const auto& block : found) list.push_back(to_json(block));
    return {.body = {{"blocks", std::move(list)}, {"next", next}, {"forgotten", forgotten}}};
}

constexpr std::string_view kJournalCriteria = R"(
    "since": {"type": "integer", "minimum": 0, "default": 0, "description": "the first number wanted"},
    "from_ns": {"type": "integer", "minimum": 0, "description": "received or sent then or later"},
    "client": {"type": "string", "description": "address, or address:port"},
    "command": {"type": "string", "description": "as WRITEREG_CMD; other, malformed"},
    "feature": {"type": "string", "description": "a feature or bootstrap register that is read, written or told"},
    "status": {"type": "string", "description": "as GEV_STATUS_SUCCESS; none without an acknowledge"},
    "fault": {"type": "string", "description": "the name of a fault that touched it"})";

std::string criteria_and(const std::string& more) {
    return R"({"type": "object", "additionalProperties": false, "properties": {)" +
           std::string(kJournalCriteria) + more + "}}";
}

constexpr std::string_view kJournalEntries =
    R"({"type": "object", "required": ["entries", "next"], "properties": {
        "entries": {"type": "array", "items": {"$ref": "#/components/schemas/JournalEntry"}},
        "next": {"type": "integer", "description": "the number to read on with"},
        "forgotten": {"type": "integer", "description": "entries that gave way to newer ones since power-up"}}})";

constexpr std::string_view kJournalBlocks = R"({"type": "object", "required": ["blocks", "next", "forgotten"],
    "properties": {"blocks": {"type": "array", "items": {"type": "object", "required": ["frame", "block_id",
        "trigger", "time_ns", "packets", "resend_requests", "packets_resent", "packets_refused", "dropped"],
        "properties": {"frame": {"type": "integer"}, "block_id": {"type": "integer"},
        "trigger": {"type": "integer"}, "time_ns": {"$ref": "#/components/schemas/Ns"},
        "packets": {"type": "integer"}, "resend_requests": {"type": "integer"},
        "packets_resent": {"type": "integer"}, "packets_refused": {"type": "integer"},
        "dropped": {"type": ["string", "null"]}, "first_ns": {"$ref": "#/components/schemas/Ns"},
        "first_host_ns": {"type": "integer"}, "last_ns": {"$ref": "#/components/schemas/Ns"},
        "last_host_ns": {"type": "integer"}, "fault": {"type": "string"}}}},
    "next": {"type": "integer", "description": "the frame to read on with"},
    "forgotten": {"type": "integer"}}})";

std::vector<Route> journal_rows() {
    static const auto query = criteria_and(R"(,
        "limit": {"type": "integer", "minimum": 0, "maximum": 5000, "default": 1000})");
    static const auto criteria = criteria_and("");
    static const auto body = criteria_and(R"(,
        "count": {"type": "integer", "minimum": 1, "maximum": 5000, "default": 1},
        "timeout_ms": {"type": "integer", "minimum": 0, "maximum": 20000, "default": 5000})");
    return {
        {.method = "GET",
         .path = "/api/v1/camera/journal",
         .summary = "Commands and events with their acknowledges, in order",
         .query = query,
         .answer = kJournalEntries,
         .act = get_journal},
        {.method = "DELETE",
         .path = "/api/v1/camera/journal",
         .summary = "Forgets all entries and blocks; numbers go on",
         .answer = R"({"type": "object", "required": ["next"], "properties": {"next": {"type": "integer"}}})",
         .act = forget_journal},
        {.method = "GET",
         .path = "/api/v1/camera/journal/count",
         .summary = "How many entries there are",
         .query = criteria,
         .answer = R"({"type": "object", "required": ["count", "forgotten"], "properties": {
             "count": {"type": "integer"}, "forgotten": {"type": "integer"}}})",
         .act = count_journal},
        {.method = "POST",
         .path = "/api/v1/camera/journal/wait",
         .summary =
             "Answers once there are so many entries, old ones included; 408 with the nearest ones if not",
         .body = body,
         .answer = kJournalEntries,
         .at_once = false,
         .act = wait_for_journal},
        {.method = "GET",
         .path = "/api/v1/camera/journal/blocks",
         .summary = "What was sent of each block",
         .query = R"({"type": "object", "additionalProperties": false, "properties": {
             "since": {"type": "integer", "minimum": 0, "default": 0, "description": "the first frame wanted"},
             "limit": {"type": "integer", "minimum": 0, "maximum": 1024, "default": 1024},
             "block_id": {"type": "integer", "minimum": 1}}})",
         .answer = kJournalBlocks,
         .act = get_blocks},
    };
}

}  // namespace

std::span<const Route> journal() {
    static const auto rows = journal_rows();
    return rows;
}

}  // namespace emulator::testbench::routes
