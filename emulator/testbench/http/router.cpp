#include "emulator/testbench/http/router.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>

#include "emulator/testbench/http/json_text.h"
#include "scenes/json/config_error.h"

namespace emulator::testbench {
namespace {

using nlohmann::json;

std::string_view title(int status) {
    switch (status) {
        case kBadRequest:
            return "Bad Request";
        case kUnauthorized:
            return "Unauthorized";
        case kForbidden:
            return "Forbidden";
        case kNotFound:
            return "Not Found";
        case kMethodNotAllowed:
            return "Method Not Allowed";
        case kRequestTimeout:
            return "Request Timeout";
        case kConflict:
            return "Conflict";
        case kPayloadTooLarge:
            return "Content Too Large";
        case kUnsupportedMediaType:
            return "Unsupported Media Type";
        case kUnavailable:
            return "Service Unavailable";
        default:
            return "Internal Server Error";
    }
}

std::vector<std::string_view> segments(std::string_view path) {
    std::vector<std::string_view> found;
    for (std::size_t begin = 1; begin <= path.size();) {
        const auto end = std::min(path.find('/', begin), path.size());
        found.push_back(path.substr(begin, end - begin));
        begin = end + 1;
    }
    return found;
}

/// Values of the pattern's parameters, if the path fits.
std::optional<std::map<std::string, std::string>> match(std::string_view pattern, std::string_view path) {
    const auto wanted = segments(pattern), given = segments(path);
    if (wanted.size() != given.size()) return std::nullopt;
    std::map<std::string, std::string> values;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        if (wanted[i].starts_with('{') && !given[i].empty())
            values[std::string(wanted[i].substr(1, wanted[i].size() - 2))] = given[i];
        else if (wanted[i] != given[i])
            return std::nullopt;
    }
    return values;
}

/// A value of the query, by the type that its schema asks for; what does not fit stays a text.
json typed(const std::string& text, const json* schema) {
    const auto type = schema == nullptr ? json() : resolved(*schema).value("type", json());
    const auto* const end = text.data() + text.size();
    const auto parsed = [&](auto number) -> json {
        const auto [stopped, error] = std::from_chars(text.data(), end, number);
        const bool whole = error == std::errc{} && stopped == end;
        return whole && std::isfinite(static_cast<double>(number)) ? json(number) : json(text);
    };
    if (type == "integer" && !text.starts_with('-')) {
        // Counters and times end at the largest signed number.
        const auto number = parsed(std::uint64_t{});
        const bool large = number.is_number() && number.get<std::uint64_t>() > INT64_MAX;
        return large ? json(INT64_MAX) : number;
    }
    if (type == "integer") return parsed(std::int64_t{});
    if (type == "number") return parsed(double{});
    if (type == "boolean" && (text == "true" || text == "false")) return text == "true";
    return text;
}

json query_of(const Request& request, const JsonSchema& schema) {
    auto query = json::object();
    for (const auto& [key, text] : request.query) {
        if (query.contains(key)) throw Problem(kBadRequest, key, "it comes twice.");
        query[key] = typed(text, schema.of(key));
    }
    schema.check(query, "query");
    return query;
}

json parse_body(const std::string& body) {
    if (body.find_first_not_of(" \t\r\n") == std::string::npos) return json::object();
    if (auto value = parse_json(body, Comments::refused)) return std::move(*value);
    throw Problem(kBadRequest, "body", no_json());
}

bool accepts(const Route& route, const std::string& type) {
    for (auto left = route.accepts; !left.empty();) {
        const auto comma = std::min(left.find(", "), left.size());
        if (left.substr(0, comma) == type) return true;
        left.remove_prefix(std::min(comma + 2, left.size()));
    }
    return false;
}

/// In a time that does not tell how much of it is right.
bool equal(std::string_view one, std::string_view other) {
    if (one.size() != other.size()) return false;
    unsigned difference = 0;
    for (std::size_t i = 0; i < one.size(); ++i) difference |= static_cast<unsigned>(one[i] ^ other[i]);
    return difference == 0;
}

}  // namespace

std::string media_type(std::string_view header) {
    std::string type(header.substr(0, header.find(';')));
    while (!type.empty() && (type.back() == ' ' || type.back() == '\t')) type.pop_back();
    std::ranges::transform(type, type.begin(), [](unsigned char c) { return std::tolower(c); });
    return type;
}

Router::Router(std::string serial, CameraAccess& camera, AccessPolicy policy)
    : serial_(std::move(serial)), camera_(camera), policy_(std::move(policy)) {
    for (const auto& route : route_table())
        entries_.push_back(
            {.route = &route, .query = JsonSchema(route.query), .body = JsonSchema(route.body)});
}

/// What /api/v1/cameras/SERIAL says about the only camera, /api/v1/camera says, too.
std::string Router::own_path(std::string path) const {
    const auto longer = "/api/v1/cameras/" + serial_;
    if (path == longer || path.starts_with(longer + "/"))
        path = "/api/v1/camera" + path.substr(longer.size());
    return path;
}

Router::Match Router::find(const std::string& method, std::string path) const {
    path = own_path(std::move(path));
    Match found;
    for (const auto& entry : entries_) {
        auto values = match(entry.route->path, path);
        if (!values) continue;
        if (entry.route->method == method)
            return {.entry = &entry, .path = std::move(*values), .allowed = {}};
        found.allowed += (found.allowed.empty() ? "" : ", ") + std::string(entry.route->method);
    }
    return found;
}

bool Router::has_token(const Request& request) const {
    return policy_.token.empty() || equal(request.authorization, "Bearer " + policy_.token);
}

const Router::Entry& Router::admit(const Request& request, const Match& match) const {
    if (!(match.entry != nullptr && match.entry->route->open) && !has_token(request))
        throw Problem(kUnauthorized, "Authorization", "the bearer token of --http-token-file is expected.");
    if (match.entry == nullptr && match.allowed.empty())
        throw Problem(kNotFound, "", "This path does not exist; GET /api/v1 lists those that do.");
    if (match.entry == nullptr)
        throw Problem(kMethodNotAllowed, "", "This path accepts " + match.allowed + ".");
    const auto& route = *match.entry->route;
    if (policy_.read_only && route.method != "GET")
        throw Problem(kForbidden, "", "This camera is served read-only.");
    if (request.has_body && !accepts(route, request.type))
        throw Problem(kUnsupportedMediaType, "Content-Type", std::string(route.accepts) + " is expected.");
    return *match.entry;
}

std::optional<Answer> Router::refuse(const Request& head) const {
    const auto match = find(head.method, head.path);
    try {
        (void)admit(head, match);
        return std::nullopt;
    } catch (const Problem& problem) {
        auto answer = refusal(problem);
        answer.allowed = match.allowed;
        return answer;
    }
}

Call Router::call_of(const Request& request, const Match& match, CameraAccess& camera) const {
    const auto& entry = admit(request, match);
    Call call{.path = match.path,
              .query = query_of(request, entry.query),
              .body = json::object(),
              .type = request.type,
              .bytes = {},
              .parts = request.parts,
              .known = request.known,
              .unpacks = request.unpacks,
              .read_only = policy_.read_only,
              .on_camera = camera};
    const bool is_json = request.type.empty() || request.type == "application/json";
    if (is_json) {
        call.body = parse_body(request.body);
        entry.body.check(call.body, "body");
    } else {
        call.bytes = request.body;
    }
    return call;
}

void Router::judge(const Request& request) const {
    const auto match = find(request.method, request.path);
    (void)call_of(request, match, camera_);
    if (!match.entry->route->at_once)
        throw Problem(kBadRequest, "", "This route waits, streams, or replaces the camera.");
    if (request.method == "GET" && match.entry->route->serves != "application/json")
        throw Problem(kBadRequest, "", "The answer of this route is not JSON.");
}

Answer Router::answer(const Request& request, CameraAccess& camera) const {
    const auto match = find(request.method, request.path);
    Answer answer;
    try {
        auto call = call_of(request, match, camera);
        answer = match.entry->route->act(call);
    } catch (const Problem& problem) {
        answer = refusal(problem);
    } catch (const scenes::ConfigError& error) {
        answer = refusal(Problem(kBadRequest, error.key.empty() ? error.file : error.key, error.sentence));
    }
    answer.allowed = match.allowed;
    return answer;
}

std::size_t Router::body_max(const std::string& method, const std::string& path) const {
    const auto match = find(method, path);
    return match.entry == nullptr ? kBodyMax : match.entry->route->body_max;
}

Answer Router::refusal(const Problem& problem) {
    Json body{{"type", "about:blank"},
              {"title", title(problem.status)},
              {"status", problem.status},
              {"detail", problem.what()}};
    if (!problem.key.empty()) body["key"] = problem.key;
    return {
        .status = problem.status, .body = std::move(body), .type = "application/problem+json", .bytes = {}};
}

}  // namespace emulator::testbench
