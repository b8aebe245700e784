#pragma once

#include <asio/io_context.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "emulator/testbench/api.h"
#include "emulator/testbench/request_guard.h"

namespace emulator::testbench {

/// Address and port of the HTTP server.
struct HttpPlace {
    std::string ip = "127.0.0.1";
    int port = 8080;
};
/// Of "127.0.0.1:8080" or "localhost:8080"; port 0 is any free one.
[[nodiscard]] std::optional<HttpPlace> parse_http_place(const std::string& text);

/// HTTP server: posts requests to the thread that owns the camera, and returns its answers.
///
/// The HTTP library runs its own threads. A client has 5 s for a request of at most 64 KiB; each connection
/// carries one request.
class HttpServer {
  public:
    /// Requests that the guard refuses do not reach `answer`, which is called on the owner's thread at the
    /// camera's present time.
    HttpServer(asio::io_context& owner, RequestGuard guard, std::function<Answer(const Question&)> answer);
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
