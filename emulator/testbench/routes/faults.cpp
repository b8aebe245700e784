#include "emulator/faults/faults.h"

#include <charconv>

#include "emulator/testbench/bench.h"
#include "emulator/testbench/routes/begin.h"
#include "emulator/testbench/routes/table.h"

namespace emulator::testbench::routes {
namespace {

using faults::Faults;

std::string_view state_name(Faults::State state) {
    switch (state) {
        case Faults::State::planned:
            return "planned";
        case Faults::State::in_force:
            return "in_force";
        default:
            return "over";
    }
}

Json fault_to_json(const Faults::Entry& entry) {
    return {{"id", entry.id},           {"fault", entry.kind->name},
            {"content", entry.content}, {"state", state_name(entry.state)},
            {"begun", entry.begun},     {"hits", entry.fault->hits()}};
}

std::string_view subject_name(faults::Subject subject) {
    switch (subject) {
        case faults::Subject::stream:
            return "stream";
        case faults::Subject::frames:
            return "frames";
        case faults::Subject::control:
            return "control";
        case faults::Subject::link:
            return "link";
        default:
            return "device";
    }
}

Answer get_kinds(Call&) {
    auto kinds = Json::array();
    for (const auto* kind : faults::kinds())
        kinds.push_back({{"fault", kind->name},
                         {"subject", subject_name(kind->subject)},
                         {"summary", kind->summary},
                         {"client", kind->client},
                         {"keys", kind->keys},
                         {"schema", faults::order_schema(*kind)}});
    return {.body = {{"kinds", std::move(kinds)}}};
}

Answer get_faults(Call& call) {
    return {.body = call.on_camera([](Bench& bench) {
        auto list = Json::array();
        for (const auto& entry : bench.faults().entries()) list.push_back(fault_to_json(entry.second));
        return Json{{"faults", std::move(list)}};
    })};
}

Answer add_fault(Call& call) {
    return {.body = call.on_camera([&](Bench& bench) {
        auto content = call.body;
        std::optional<Time> at;
        if (content.contains("at_ns")) at = begin_of(content, bench);
        content.erase("at_ns");
        auto& faults = bench.faults();
        const auto id = faults.add(content, at);
        return fault_to_json(faults.entries().at(id));
    })};
}

/// Runs `act` with the fault that the path names. Throws Problem 404.
Json with_fault(Call& call, const std::function<void(Faults&, std::uint64_t)>& act) {
    const auto& text = call.path.at("id");
    std::uint64_t id = 0;
    std::from_chars(text.data(), text.data() + text.size(), id);
    return call.on_camera([&](Bench& bench) {
        const auto found = bench.faults().entries().find(id);
        if (found == bench.faults().entries().end() || std::to_string(id) != text)
            throw Problem(kNotFound, "id", "there is no fault " + text + ".");
        auto json = fault_to_json(found->second);
        act(bench.faults(), id);
        return json;
    });
}

Answer get_fault(Call& call) {
    return {.body = with_fault(call, [](Faults&, std::uint64_t) {})};
}

Answer remove_fault(Call& call) {
    return {.body = with_fault(call, [](Faults& faults, std::uint64_t id) { faults.remove(id); })};
}

Answer clear_faults(Call& call) {
    return {.body = call.on_camera([](Bench& bench) {
        const auto count = bench.faults().entries().size();
        bench.faults().clear();
        return Json{{"cleared", count}};
    })};
}

}  // namespace

std::span<const Route> faults() {
    static const Route rows[] = {
        {.method = "GET",
         .path = "/api/v1/faults",
         .summary = "All kinds of faults: what happens, their keys, and what a correct client does",
         .answer = R"({"type": "object", "required": ["kinds"], "properties": {"kinds": {"type": "array",
             "items": {"type": "object", "required": ["fault", "subject", "summary", "client", "keys", "schema"],
             "properties": {"fault": {"type": "string"},
             "subject": {"enum": ["stream", "frames", "control", "link", "device"]},
             "summary": {"type": "string"}, "client": {"type": "string"}, "keys": {"type": "string"},
             "schema": {"type": "object", "description": "JSON Schema of the body that sets it"}}}}}})",
         .act = get_kinds},
        {.method = "GET",
         .path = "/api/v1/camera/faults",
         .summary = "The faults that are planned, in force or over, and what each has touched",
         .answer = R"({"type": "object", "required": ["faults"], "properties": {"faults": {"type": "array",
             "items": {"$ref": "#/components/schemas/Fault"}}}})",
         .act = get_faults},
        {.method = "POST",
         .path = "/api/v1/camera/faults",
         .summary = "Sets a fault; docs/faults.md lists the kinds and their keys",
         .body = R"({"type": "object", "required": ["fault"], "properties": {
             "fault": {"type": "string", "description": "its kind"},
             "at_ns": {"$ref": "#/components/schemas/AtNs"},
             "after_us": {"$ref": "#/components/schemas/AfterUs"}}})",
         .answer = R"({"$ref": "#/components/schemas/Fault"})",
         .act = add_fault},
        {.method = "DELETE",
         .path = "/api/v1/camera/faults",
         .summary = "Ends and forgets all faults",
         .answer = R"({"type": "object", "required": ["cleared"], "properties": {
             "cleared": {"type": "integer"}}})",
         .act = clear_faults},
        {.method = "GET",
         .path = "/api/v1/camera/faults/{id}",
         .summary = "One fault, and what it has touched",
         .answer = R"({"$ref": "#/components/schemas/Fault"})",
         .act = get_fault},
        {.method = "DELETE",
         .path = "/api/v1/camera/faults/{id}",
         .summary = "Ends and forgets one fault",
         .answer = R"({"$ref": "#/components/schemas/Fault"})",
         .act = remove_fault},
    };
    return rows;
}

}  // namespace emulator::testbench::routes
