#include "emulator/testbench/feature_access.h"
#include "emulator/testbench/http/direct_access.h"
#include "emulator/testbench/http/router.h"
#include "emulator/testbench/http/schema.h"
#include "emulator/testbench/to_json.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/virtual_camera.h"

// Requests to every route with queries and bodies that nearly fit: what is refused has changed nothing, and
// what is answered fits the schema of the answer.

namespace {

using namespace emulator::testbench;
using nlohmann::json;

struct FuzzedBench {
    support::VirtualCamera camera;
    SceneInForce scene{camera.camera, camera.time.camera(),
                       make_scene(scenes::read_scene_file("conveyor", {}))};
    Bench bench{camera.camera, camera.time, scene, camera.faults, SceneLibrary()};
    emulator::testbench::DirectAccess access{bench};
    Router router{"39265001", access, {}};
};

/// All that a request may change.
Json state_of(FuzzedBench& on) {
    auto state = Json::array();
    for (const auto& one : all_features(on.camera.camera))
        state.push_back(value_of(on.camera.camera, *one.feature));
    state.push_back(on.scene.plan().revision);
    state.push_back(on.scene.plan().later.size());
    state.push_back(lines_to_json(on.bench));
    state.push_back(on.bench.signals().since(UINT64_MAX, 0).next);
    return state;
}

constexpr const char* kWords[] = {"",       "zoom",       "ExposureTime", "Gamma",   "LUTValue",
                                  "scene",  "conveyor",   "fast",         "png",     "raw",
                                  "camera", "next_event", "belt",         "\xff\xfe"};
constexpr double kNumbers[] = {0, 1, -1, 0.5, 20, 1000, 1e6, 4294967296.0, 9e15, 1e19, 1e300, -1e300};

std::string word(fuzz::Source& source) { return kWords[source.below(std::size(kWords))]; }

/// A value of any kind, for any schema.
json any_value(fuzz::Source& source, int depth = 0) {
    switch (source.below(depth > 3 ? 5 : 7)) {
        case 0:
            return word(source);
        case 1:
            return kNumbers[source.below(std::size(kNumbers))];
        case 2:
            return static_cast<std::int64_t>(source.number(8));
        case 3:
            return source.below(2) == 1;
        case 4:
            return nullptr;
        case 5:
            return json::array({any_value(source, depth + 1), any_value(source, depth + 1)});
        default:
            return json{{word(source), any_value(source, depth + 1)}};
    }
}

/// An object that has most keys of a schema, and now and then another.
json nearly_fitting(fuzz::Source& source, std::string_view schema) {
    auto made = json::object();
    if (schema.empty()) return made;
    const auto properties = json::parse(schema).value("properties", json::object());
    for (const auto& [key, value] : properties.items())
        if (source.below(4) != 0) made[key] = any_value(source);
    if (source.below(8) == 0) made[word(source)] = any_value(source);
    return made;
}

std::string filled(fuzz::Source& source, std::string_view pattern) {
    std::string path(pattern);
    for (auto begin = path.find('{'); begin != path.npos; begin = path.find('{'))
        path.replace(begin, path.find('}') - begin + 1, word(source));
    return path;
}

/// Not those that render pictures or wait, which take long, nor the one that opens a socket.
bool is_quick(const Route& route) {
    return !route.path.starts_with("/api/v1/camera/truth/") && route.path != "/readyz" &&
           !route.path.ends_with("/wait");
}

Request request_for(fuzz::Source& source, const Route& route) {
    Request request{.method = std::string(route.method), .path = filled(source, route.path)};
    const auto query = nearly_fitting(source, route.query);
    for (const auto& [key, value] : query.items())
        request.query.emplace(key, value.is_string()
                                       ? value.get<std::string>()
                                       : value.dump(-1, ' ', false, json::error_handler_t::replace));
    if (route.method == "GET" || source.below(16) == 0) return request;
    request.has_body = true;
    request.type = route.accepts.substr(0, route.accepts.find(','));
    if (source.below(4) != 0) {
        request.body =
            nearly_fitting(source, route.body).dump(-1, ' ', false, json::error_handler_t::replace);
    } else {
        const auto bytes = source.take(source.below(64));
        request.body.assign(bytes.begin(), bytes.end());
    }
    return request;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::Source source(data, size);
    FuzzedBench on;
    while (!source.empty()) {
        const auto& table = route_table();
        const auto& route = table[source.below(table.size())];
        if (!is_quick(route)) continue;
        const auto request = request_for(source, route);
        const auto before = state_of(on);
        const auto answer = on.router.answer(request);
        fuzz::must(answer.status == 200 || (answer.status >= 400 && answer.status <= 503),
                   "a status of HTTP");
        if (answer.status != 200) {
            fuzz::must(state_of(on) == before, "what is refused has changed nothing");
            fuzz::must(answer.body.contains("detail"), "a refusal says why");
        } else if (!route.answer.empty() && !answer.body.is_null()) {
            JsonSchema(route.answer).check(json(answer.body), "answer");
        }
    }
    return 0;
}
