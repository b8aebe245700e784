#pragma once

#include <memory>
#include <optional>
#include <string>

#include "emulator/testbench/http/request_guard.h"
#include "emulator/testbench/http/router.h"

namespace emulator::testbench {

/// Address and port of the HTTP server.
struct HttpPlace {
    std::string ip = "127.0.0.1";
    int port = 8080;
};
/// Of "127.0.0.1:8080" or "localhost:8080"; port 0 is any free one.
[[nodiscard]] std::optional<HttpPlace> parse_http_place(const std::string& text);

/// HTTP server: the transport of requests to the router, on threads of its own.
///
/// A client has 5 s for a request of at most 64 KiB, 60 s for an upload; each connection carries one request.
class HttpServer {
  public:
    /// Requests that the guard refuses do not reach the router.
    HttpServer(RequestGuard guard, const Router& router);
    ~HttpServer();
    HttpServer(const HttpServer&) = delete;
    HttpServer& operator=(const HttpServer&) = delete;

    /// Opens the port and returns its number, which differs only for port 0; nothing if it cannot be opened.
    [[nodiscard]] std::optional<int> listen(const std::string& ip, int port);
    /// Ends all connections, whatever they do, and returns when no thread is left.
    void close();

  private:
    class Server;
    std::unique_ptr<Server> server_;
};

}  // namespace emulator::testbench
