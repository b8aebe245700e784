#pragma once

#include <asio/io_context.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "emulator/testbench/api.h"
#include "emulator/testbench/request_guard.h"

namespace emulator::testbench {

/// Where HTTP is listened at.
struct HttpPlace {
    std::string ip = "127.0.0.1";
    int port = 8080;
};
/// Of "127.0.0.1:8080" or "localhost:8080"; port 0 is any free one.
[[nodiscard]] std::optional<HttpPlace> parse_http_place(const std::string& text);

/// Carries questions from HTTP to the thread that owns the camera, and answers back.
///
/// The library that speaks HTTP runs threads of its own. A client has 5 s to ask, sends at most 64 KiB, and
/// gets one answer for each connection.
class HttpServer {
  public:
    /// What the guard refuses does not come to `answer`, which is called on the owner's thread, and may take
    /// its time to catch up with the clock.
    HttpServer(asio::io_context& owner, RequestGuard guard, std::function<Answer(const Question&)> answer);
    ~HttpServer();
    HttpServer(const HttpServer&) = delete;
    HttpServer& operator=(const HttpServer&) = delete;

    /// The port that is listened at, which is another one only for port 0; nothing if it cannot be had.
    [[nodiscard]] std::optional<int> listen(const std::string& ip, int port);
    /// Ends all connections, whatever they do, and returns when no thread is left.
    void close();

  private:
    class Server;
    std::unique_ptr<Server> server_;
};

}  // namespace emulator::testbench
