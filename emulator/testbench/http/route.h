#pragma once

#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/testbench/http/problem.h"

namespace emulator::testbench {

class Bench;

/// JSON with keys in the order of insertion.
using Json = nlohmann::ordered_json;

/// Access to the camera from threads of the HTTP server.
class CameraAccess {
  public:
    virtual ~CameraAccess() = default;
    /// Runs it on the thread that owns the camera, at its present time, and waits for it; its exceptions pass
    /// through. Throws Problem 503 if the camera does not come to it in time; then it has not run, and never
    /// will.
    virtual void run(const std::function<void(Bench&)>&) = 0;

    /// The same with a result.
    auto operator()(auto&& act) -> decltype(act(std::declval<Bench&>())) {
        using Result = decltype(act(std::declval<Bench&>()));
        if constexpr (std::is_void_v<Result>) {
            run(act);
        } else {
            std::optional<Result> result;
            run([&](Bench& bench) { result.emplace(act(bench)); });
            return std::move(*result);
        }
    }
};

/// One part of a multipart/form-data body (RFC 7578).
struct Part {
    std::string name, type, bytes;
};

/// A request whose query and body fit the schemas of its route.
struct Call {
    std::map<std::string, std::string> path;  // values of the path's parameters
    nlohmann::json query, body;  // objects; the body of another media type is in `bytes` or `parts`
    std::string type, bytes;     // its media type
    std::vector<Part> parts;
    std::string known;       // If-None-Match: the entity tag of what the client has
    bool unpacks = false;    // it takes Content-Encoding: gzip
    bool read_only = false;  // the interface answers GET alone
    CameraAccess& on_camera;
};

struct Answer {
    int status = 200;
    Json body{};  // unless it has another media type:
    std::string type{}, bytes{};
    std::string allowed{};                         // methods of the path, where the status is 405
    std::map<std::string, std::string> headers{};  // besides those that every answer has, or in their place
    std::shared_ptr<std::function<std::string()>>
        more{};  // of a stream: its next bytes, none for now if empty
};

inline constexpr std::size_t kBodyMax = 64 * std::size_t{1024};
inline constexpr std::size_t kUploadMax = 32 * std::size_t{1024} * 1024;

/// One row of the table of routes: all that the HTTP interface knows about it.
struct Route {
    std::string_view method;
    std::string_view path;     // "{name}" stands for one segment; below /api/v1/camera what belongs to one
    std::string_view summary;  // one sentence without its full stop
    /// JSON Schemas of query, body and answer, with keywords that draft 7 and 2020-12 have in common and
    /// references to `schemas()`; an empty one is for nothing at all.
    std::string_view query{}, body{}, answer{};
    std::string_view accepts = "application/json";  // media types of the body, with commas between
    std::string_view serves = "application/json";
    std::size_t body_max = kBodyMax;  // bytes
    bool open = false;                // no token is asked for
    bool at_once = true;  // its function neither waits nor replaces the camera: a scenario may ask
    /// Called on a thread of the HTTP server. Throws Problem or scenes::ConfigError, and has then changed
    /// nothing.
    Answer (*act)(Call&) = nullptr;
};

/// A schema that several routes refer to, as "#/components/schemas/NAME".
struct Schema {
    std::string_view name, text;
};

/// The table of routes, and what its schemas refer to.
[[nodiscard]] const std::vector<Route>& route_table();
[[nodiscard]] std::span<const Schema> schemas();

}  // namespace emulator::testbench
