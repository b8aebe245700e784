#include "emulator/testbench/http/request_guard.h"

#include <doctest/doctest.h>

// Who may ask the camera by HTTP: no page of a foreign site, by whatever name it reaches the camera.

using emulator::testbench::is_host_name;
using emulator::testbench::RequestGuard;
using emulator::testbench::RequestHeaders;

namespace {

constexpr int kAnswered = 200;

int status_of(const RequestHeaders& headers) {
    const RequestGuard guard({"Camera.Example", "machine"});
    const auto refusal = guard.refuse(headers);
    if (refusal) CHECK_FALSE(refusal->sentence.empty());
    return refusal ? refusal->status : kAnswered;
}

int status_of_host(const std::string& host) { return status_of({.hosts = {host}}); }

}  // namespace

TEST_CASE("a host is an address, a name without dots, or one that was given") {
    for (const auto* host :
         {"127.0.0.1", "127.0.0.1:8080", "192.168.0.7:0", "[::1]", "[::1]:8080", "[fe80::1]:65535",
          "localhost", "LOCALHOST:8080", "gigemu", "camera_1:80", "camera.example", "CAMERA.example:8080"}) {
        CAPTURE(host);
        CHECK(status_of_host(host) == kAnswered);
    }
    // Names of others, some of which resolve to whatever their owner likes.
    for (const auto* host :
         {"evil.example", "camera.example.evil.example", "127.0.0.1.evil.example:8080", "sub.camera.example",
          "localhost.evil.example", "1.2.3", "256.0.0.1", "0x7f.1"}) {
        CAPTURE(host);
        CHECK(status_of_host(host) == 403);
    }
    for (const auto* host :
         {"", ":8080", "localhost:", "localhost:x", "localhost:65536", "localhost:80:80", "[::1", "::1",
          "[::1]8080", "[camera]", "user@localhost", "localhost/", "localhost ", "a b", "localhost.", ".",
          "http://localhost", "localhost, evil.example", "\xC3\xA9"}) {
        CAPTURE(host);
        CHECK(status_of_host(host) == 400);
    }
}

TEST_CASE("exactly one host is named, but by clients of HTTP/1.0") {
    CHECK(status_of({}) == 400);
    CHECK(status_of({.hosts = {"localhost", "localhost"}}) == 400);
    CHECK(status_of({.version = "HTTP/1.0"}) == kAnswered);
    CHECK(status_of({.hosts = {"evil.example"}, .version = "HTTP/1.0"}) == 403);
    CHECK(status_of({.origins = {"http://evil.example"}, .version = "HTTP/1.0"}) == 403);
}

TEST_CASE("a page may send requests to its own origin, and nowhere else") {
    const auto from = [](const std::string& host, std::vector<std::string> origins) {
        return status_of({.hosts = {host}, .origins = std::move(origins)});
    };
    CHECK(from("127.0.0.1:8080", {"http://127.0.0.1:8080"}) == kAnswered);
    CHECK(from("Localhost:8080", {"http://localhost:8080"}) == kAnswered);
    CHECK(from("[::1]:8080", {"http://[::1]:8080"}) == kAnswered);
    for (const auto* origin :
         {"null", "", "http://evil.example", "https://localhost:8080", "http://localhost",
          "http://localhost:80", "http://127.0.0.1:8080", "http://localhost:8080/",
          "http://localhost:8080.evil.example", "*", "file://", "chrome-extension://x"}) {
        CAPTURE(origin);
        CHECK(from("localhost:8080", {origin}) == 403);
        CHECK(from("localhost:8080", {"http://localhost:8080", origin}) == 403);
    }
    // The page's name resolves to the camera's address.
    CHECK(from("evil.example:8080", {"http://evil.example:8080"}) == 403);
}

TEST_CASE("the Fetch Metadata of a browser decide on cross-site requests") {
    const auto from = [](const std::string& site, const std::string& mode, const std::string& destination) {
        return status_of({.hosts = {"localhost"},
                          .fetch_site = site,
                          .fetch_mode = mode,
                          .fetch_destination = destination});
    };
    CHECK(from("none", "navigate", "document") == kAnswered);
    CHECK(from("same-origin", "cors", "empty") == kAnswered);
    CHECK(from("cross-site", "navigate", "document") == kAnswered);  // a link
    CHECK(from("cross-site", "navigate", "iframe") == 403);
    CHECK(from("cross-site", "no-cors", "image") == 403);
    CHECK(from("cross-site", "no-cors", "empty") == 403);
    CHECK(from("same-site", "no-cors", "script") == 403);  // another port of the same host
}

TEST_CASE("names of hosts are distinguished from anything else") {
    CHECK(is_host_name("a"));
    CHECK(is_host_name("lab-7.example_1.org"));
    CHECK(is_host_name(std::string(63, 'a')));
    for (const auto& text :
         {std::string(), std::string("."), std::string("a."), std::string(".a"), std::string("a..b"),
          std::string("a:80"), std::string("http://a"), std::string("a b"), std::string(64, 'a'),
          std::string(254, 'a'), std::string("a\0b", 3)}) {
        CAPTURE(text);
        CHECK_FALSE(is_host_name(text));
    }
}
