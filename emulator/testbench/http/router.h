#pragma once

#include <optional>

#include "emulator/testbench/http/route.h"
#include "emulator/testbench/http/schema.h"

namespace emulator::testbench {

/// The media type of a Content-Type header, in lower case and without parameters (RFC 9110, 8.3).
[[nodiscard]] std::string media_type(std::string_view header);

/// A request as it came, without its transport.
struct Request {
    std::string method, path;  // the path decoded, without the query
    std::multimap<std::string, std::string> query{};
    std::string authorization{};  // the header of that name
    std::string type{};           // of the body: `media_type`
    bool has_body = false;
    std::string body{};
    std::vector<Part> parts{};
    std::string known{};   // If-None-Match
    bool unpacks = false;  // Accept-Encoding has gzip
};

/// Who may ask for what.
struct AccessPolicy {
    std::string token{};     // bearer token (RFC 6750); empty: none is asked for
    bool read_only = false;  // GET alone
};

/// Router: from a request to the answer of its route, or to a problem document. Safe for several threads.
class Router {
  public:
    /// `serial` is that of the only camera.
    Router(std::string serial, CameraAccess& camera, AccessPolicy policy);

    /// What can be refused by the head of a request alone, before its body is read.
    [[nodiscard]] std::optional<Answer> refuse(const Request& head) const;
    /// Throws the Problem of a request that a scenario may not ask, or that does not fit its route's schemas.
    void judge(const Request&) const;
    /// The whole of it. Nothing throws.
    [[nodiscard]] Answer answer(const Request& request) const { return answer(request, camera_); }
    [[nodiscard]] Answer answer(const Request&, CameraAccess&) const;
    /// The largest body that the route takes, in bytes.
    [[nodiscard]] std::size_t body_max(const std::string& method, const std::string& path) const;

    [[nodiscard]] static Answer refusal(const Problem&);
    /// The largest number of streams at a time: each holds a connection and its thread.
    static constexpr int kStreamsMost = 8;

  private:
    struct Entry {
        const Route* route;
        JsonSchema query, body;
    };
    struct Match {
        const Entry* entry = nullptr;
        std::map<std::string, std::string> path;
        std::string allowed;  // methods of the path, if it has none of this method
    };
    [[nodiscard]] Match find(const std::string& method, std::string path) const;
    [[nodiscard]] const Entry& admit(const Request&, const Match&) const;
    [[nodiscard]] bool has_token(const Request&) const;
    [[nodiscard]] Call call_of(const Request&, const Match&, CameraAccess&) const;
    [[nodiscard]] std::string own_path(std::string) const;

    std::string serial_;
    CameraAccess& camera_;
    AccessPolicy policy_;
    std::vector<Entry> entries_;
};

}  // namespace emulator::testbench
