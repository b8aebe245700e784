#include "emulator/testbench/feature_access.h"
#include "emulator/testbench/http/direct_access.h"
#include "emulator/testbench/http/router.h"
#include "emulator/testbench/http/schema.h"
#include "emulator/testbench/to_json.h"
#include "tests/fuzz/nearly_fitting.h"
#include "tests/support/virtual_camera.h"

// Requests to every route with queries and bodies that nearly fit: what is refused has changed nothing, and
// what is answered fits the schema of the answer.

namespace {

using namespace emulator::testbench;
using nlohmann::json;

constexpr int kRequestsMost = 16;

struct FuzzedBench {
    support::VirtualCamera camera;
    SceneInForce scene{camera.camera, camera.time.camera(),
                       make_scene(scenes::read_scene_file("conveyor", {}))};
    Bench bench{camera.camera, camera.time, scene, camera.faults, SceneLibrary()};
    emulator::testbench::DirectAccess access{bench};
};

/// Each request brings the access to its camera.
struct NoAccess final : CameraAccess {
    void run(const std::function<void(Bench&)>&) override {
        fuzz::must(false, "a request reaches its camera");
    }
};

const Router& router() {
    static NoAccess none;
    static const Router one{"39265001", none, {}};
    return one;
}

const JsonSchema& answers_of(const Route& route) {
    static std::map<const Route*, JsonSchema> made;
    return made.try_emplace(&route, route.answer).first->second;
}

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

std::string filled(fuzz::Source& source, std::string_view pattern) {
    std::string path(pattern);
    for (auto begin = path.find('{'); begin != path.npos; begin = path.find('{'))
        path.replace(begin, path.find('}') - begin + 1, fuzz::any_word(source));
    return path;
}

/// Not those that render pictures or wait, which take long, nor the one that opens a socket.
bool is_quick(const Route& route) {
    return !route.path.starts_with("/api/v1/camera/truth/") && route.path != "/readyz" &&
           !route.path.ends_with("/wait");
}

json schema_of(std::string_view text) { return text.empty() ? json{{"type", "object"}} : json::parse(text); }

Request request_for(fuzz::Source& source, const Route& route) {
    Request request{.method = std::string(route.method), .path = filled(source, route.path)};
    const auto query = fuzz::nearly_fitting(source, schema_of(route.query));
    for (const auto& [key, value] : query.items())
        request.query.emplace(key, value.is_string()
                                       ? value.get<std::string>()
                                       : value.dump(-1, ' ', false, json::error_handler_t::replace));
    if (route.method == "GET" || source.below(16) == 0) return request;
    request.has_body = true;
    request.type = route.accepts.substr(0, route.accepts.find(','));
    if (source.below(4) != 0) {
        request.body = fuzz::nearly_fitting(source, schema_of(route.body))
                           .dump(-1, ' ', false, json::error_handler_t::replace);
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
    for (int left = kRequestsMost; left > 0 && !source.empty(); --left) {
        const auto& table = route_table();
        const auto& route = table[source.below(table.size())];
        if (!is_quick(route)) continue;
        const auto request = request_for(source, route);
        const auto before = state_of(on);
        const auto answer = router().answer(request, on.access);
        fuzz::must(answer.status == 200 || (answer.status >= 400 && answer.status <= 503),
                   "a status of HTTP");
        if (answer.status != 200) {
            fuzz::must(state_of(on) == before, "what is refused has changed nothing");
            fuzz::must(answer.body.contains("detail"), "a refusal says why");
        } else if (!route.answer.empty() && !answer.body.is_null()) {
            answers_of(route).check(json(answer.body), "answer");
        }
    }
    return 0;
}
