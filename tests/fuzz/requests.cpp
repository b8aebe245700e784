#include <arpa/inet.h>
#include <sys/socket.h>

#include "emulator/file_descriptor.h"
#include "emulator/testbench/bench.h"
#include "emulator/testbench/feature_access.h"
#include "emulator/testbench/http/direct_access.h"
#include "emulator/testbench/http/http_server.h"
#include "emulator/testbench/to_json.h"
#include "tests/fuzz/nearly_fitting.h"
#include "tests/support/virtual_camera.h"

// Bytes that nearly are an HTTP request, at the real server: targets, queries, headers and bodies out of the
// table of routes, with damage. There is one answer of HTTP, whole, or the connection ends; the server still
// answers; and what is refused has changed nothing.

namespace {

using namespace emulator::testbench;
using nlohmann::json;

struct Served {
    support::VirtualCamera camera;
    SceneInForce scene{camera.camera, camera.time.camera(),
                       make_scene(scenes::read_scene_file("flat_field", {}))};
    Bench bench{camera.camera, camera.time, scene, camera.faults, SceneLibrary()};
    emulator::testbench::DirectAccess access{bench};
    Router router{"39265001", access, {}};
    HttpServer http{RequestGuard({}), router};
    int port = http.listen("127.0.0.1", 0).value_or(0);
};

Served& served() {
    static Served one;
    return one;
}

constexpr std::array kHeaders{"Host",           "Origin",           "Content-Length",  "Transfer-Encoding",
                              "Content-Type",   "Content-Encoding", "Accept-Encoding", "Authorization",
                              "Range",          "Expect",           "If-None-Match",   "Connection",
                              "Sec-Fetch-Site", "Sec-Fetch-Mode",   "Sec-Fetch-Dest",  "Upgrade",
                              "X-Forwarded-For"};
constexpr std::array kValues{"0",
                             "1",
                             "5",
                             "-1",
                             "99999999999999999999",
                             "chunked",
                             "gzip",
                             "close",
                             "bytes=0-1",
                             "100-continue",
                             "application/json",
                             "application/merge-patch+json",
                             "multipart/form-data; boundary=b",
                             "null",
                             "http://evil.example",
                             "cross-site",
                             "cors",
                             "*",
                             "\"x\"",
                             "Bearer x",
                             "image/png"};

std::string any_bytes(fuzz::Source& source, std::size_t most) {
    const auto bytes = source.take(source.number(1) % (most + 1));
    return {bytes.begin(), bytes.end()};
}

std::string query(fuzz::Source& source, const Route& route) {
    if (route.query.empty() || source.number(1) % 4 == 1)
        return source.number(1) % 8 == 1 ? "?" + any_bytes(source, 24) : "";
    std::string made;
    const auto values = fuzz::nearly_fitting(source, json::parse(route.query));
    for (const auto& [key, value] : values.items())
        made += (made.empty() ? "?" : "&") + key + "=" +
                (value.is_string() ? value.get<std::string>()
                                   : value.dump(-1, ' ', false, json::error_handler_t::replace));
    return made;
}

std::string target(fuzz::Source& source, const Route& route) {
    std::string path(route.path);
    for (auto begin = path.find('{'); begin != std::string::npos; begin = path.find('{'))
        path.replace(begin, path.find('}') - begin + 1, fuzz::any_word(source));
    if (source.number(1) % 8 == 1) path += any_bytes(source, 24);
    return path + query(source, route);
}

/// Not those that wait, render or never end.
const Route* quick_route(fuzz::Source& source) {
    const auto& table = route_table();
    const auto& route = table[source.number(2) % table.size()];
    const bool quick = !route.path.starts_with("/api/v1/camera/truth/") && route.path != "/readyz" &&
                       !route.path.ends_with("/wait") &&
                       route.path.find("events") == std::string_view::npos &&
                       route.path.find("preview") == std::string_view::npos &&
                       route.path.find("image") == std::string_view::npos;
    return quick ? &route : nullptr;
}

std::string request(fuzz::Source& source, const Route& route) {
    std::string body;
    if (route.method != "GET" || source.number(1) % 8 == 1)
        body = route.body.empty() ? any_bytes(source, 48)
                                  : fuzz::nearly_fitting(source, json::parse(route.body))
                                        .dump(-1, ' ', false, json::error_handler_t::replace);
    auto made = std::string(route.method) + " " + target(source, route) + " HTTP/1.1\r\n";
    if (source.number(1) % 16 != 1) made += "Host: 127.0.0.1:" + std::to_string(served().port) + "\r\n";
    if (!body.empty() && source.number(1) % 8 != 1)
        made += "Content-Length: " + std::to_string(body.size()) + "\r\n";
    if (!body.empty())
        made += "Content-Type: " + std::string(route.accepts.substr(0, route.accepts.find(','))) + "\r\n";
    for (auto left = source.number(1) % 3; left > 0; --left) {
        made += kHeaders[source.number(1) % kHeaders.size()];
        made += ": ";
        made += source.number(1) % 4 == 1 ? any_bytes(source, 16)
                                          : std::string(kValues[source.number(1) % kValues.size()]);
        made += "\r\n";
    }
    made += "\r\n" + body;
    if (source.number(1) % 8 == 1) made[source.number(2) % made.size()] = static_cast<char>(source.number(1));
    return made;
}

std::string ask(const std::string& bytes) {
    const emulator::FileDescriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(static_cast<std::uint16_t>(served().port));
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    fuzz::must(::connect(socket.get(), reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0,
               "the server takes connections");
    (void)::send(socket.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    ::shutdown(socket.get(), SHUT_WR);
    std::string answer;
    std::array<char, 65'536> part{};
    for (ssize_t count = 0; (count = ::recv(socket.get(), part.data(), part.size(), 0)) > 0;)
        answer.append(part.data(), static_cast<std::size_t>(count));
    return answer;
}

/// All that a request may change, but for its own traces.
json state() {
    auto& on = served();
    auto all = json::array();
    for (const auto& one : all_features(on.camera.camera))
        all.push_back(json(value_of(on.camera.camera, *one.feature)));
    all.push_back(on.scene.plan().revision);
    all.push_back(on.scene.plan().later.size());
    return all;
}

void judge(const std::string& answer, const json& before) {
    if (answer.empty()) return;
    fuzz::must(answer.starts_with("HTTP/1.1 ") && answer.size() > 12, "an answer is one of HTTP");
    const int status = std::atoi(answer.c_str() + 9);
    fuzz::must(status >= 100 && status <= 599, "a status of HTTP");
    const auto end = answer.find("\r\n\r\n");
    fuzz::must(end != std::string::npos, "a head comes to its end");
    if (status >= 400) fuzz::must(state() == before, "what is refused has changed nothing");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::Source source(data, size);
    const auto* route = quick_route(source);
    if (route == nullptr) return 0;
    const auto before = state();
    judge(ask(request(source, *route)), before);
    return 0;
}
