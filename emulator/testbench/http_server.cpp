#include "emulator/testbench/http_server.h"

#include <spdlog/spdlog.h>
#include <sys/socket.h>

#include <asio/post.hpp>
#include <atomic>
#include <charconv>
#include <condition_variable>
#include <future>
#include <mutex>
#include <set>
#include <thread>

#include "emulator/file_descriptor.h"
#include "emulator/net/interface.h"
#include "emulator/testbench/connection.h"

namespace emulator::testbench {
namespace {

using namespace std::chrono_literals;

/// Connections served at a time. Others wait in the listen backlog.
constexpr std::size_t kConnections = 16;

/// Thread pool of the library, with a bounded queue.
class Workers final : public httplib::ThreadPool {
  public:
    Workers() : ThreadPool(kConnections) {}

    void enqueue(std::function<void()> task) override {
        std::unique_lock lock(mutex_);
        done_.wait(lock, [this] { return busy_ < kConnections; });
        ++busy_;
        ThreadPool::enqueue([this, task = std::move(task)] {
            task();
            const std::lock_guard end(mutex_);
            --busy_;
            done_.notify_one();
        });
    }

  private:
    std::mutex mutex_;
    std::condition_variable done_;
    std::size_t busy_ = 0;
};

/// Without SO_REUSEPORT, which the library sets: two programs must not listen at one port.
void keep_port_to_itself(int socket) {
    const int yes = 1;
    ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
}

Question question_of(const httplib::Request& request) {
    return {.method = request.method == "HEAD" ? "GET" : request.method,
            .path = request.path,
            .query = {request.params.begin(), request.params.end()},
            .body = request.body};
}

RequestHeaders headers_of(const httplib::Request& request) {
    const auto all = [&](const char* name) {
        std::vector<std::string> values;
        const auto [first, last] = request.headers.equal_range(name);
        for (auto header = first; header != last; ++header) values.push_back(header->second);
        return values;
    };
    const auto length = request.get_header_value("Content-Length");
    return {.hosts = all("Host"),
            .origins = all("Origin"),
            .version = request.version,
            .content_type = request.get_header_value("Content-Type"),
            .fetch_site = request.get_header_value("Sec-Fetch-Site"),
            .fetch_mode = request.get_header_value("Sec-Fetch-Mode"),
            .fetch_destination = request.get_header_value("Sec-Fetch-Dest"),
            .has_body = (!length.empty() && length != "0") || request.has_header("Transfer-Encoding")};
}

Answer refusal(int status) {
    const auto* sentence = status == 413   ? "Body larger than 65536 bytes."
                           : status == 414 ? "Request target too long."
                           : status == 503 ? "The camera did not answer in time."
                                           : "Malformed HTTP request.";
    return {.status = status, .body = {{"error", sentence}}, .allowed = {}};
}

void write(const Answer& answer, httplib::Response& response) {
    response.status = answer.status;
    if (!answer.allowed.empty()) response.set_header("Allow", answer.allowed);
    // The user-defined name may contain bytes that are no UTF-8.
    response.set_content(answer.body.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n",
                         "application/json");
}

}  // namespace

class HttpServer::Server final : public httplib::Server {
  public:
    Server(asio::io_context& owner, RequestGuard guard, std::function<Answer(const Question&)> answer)
        : owner_(owner), guard_(std::move(guard)), answer_(std::move(answer)) {
        new_task_queue = [] { return new Workers; };
        set_socket_options(keep_port_to_itself);
        set_tcp_nodelay(true);
        set_payload_max_length(Connection::kMaxBytes);
        const Handler ask = [this](const httplib::Request& request, httplib::Response& response) {
            write(this->ask(question_of(request)), response);
        };
        const std::string any = R"([\s\S]*)";
        Get(any, ask).Put(any, ask).Post(any, ask).Delete(any, ask).Patch(any, ask).Options(any, ask);
        // Before the body is read.
        set_pre_routing_handler([this](const httplib::Request& request, httplib::Response& response) {
            const auto refused = guard_.refuse(headers_of(request));
            if (!refused) return HandlerResponse::Unhandled;
            write({.status = refused->status, .body = {{"error", refused->sentence}}, .allowed = {}},
                  response);
            return HandlerResponse::Handled;
        });
        // Errors that the library finds itself get the same form.
        set_error_handler([](const httplib::Request&, httplib::Response& response) {
            if (response.body.empty()) write(refusal(response.status), response);
        });
    }

    void run() {
        thread_ = std::thread([this] { listen_after_bind(); });
        while (!is_running()) std::this_thread::sleep_for(1ms);
    }

    void end() {
        ends_ = true;
        if (!thread_.joinable()) return;
        stop();
        {
            const std::lock_guard lock(mutex_);
            for (const int socket : open_) ::shutdown(socket, SHUT_RDWR);
        }
        thread_.join();
    }

  private:
    /// Waits for the owner's thread, with a time limit and until shutdown.
    Answer ask(Question question) {
        auto promise = std::make_shared<std::promise<Answer>>();
        auto future = promise->get_future();
        asio::post(owner_, [this, promise, question = std::move(question)] {
            promise->set_value(answer_(question));
        });
        const auto due = std::chrono::steady_clock::now() + Connection::kPatience;
        while (future.wait_for(20ms) != std::future_status::ready) {
            if (ends_ || std::chrono::steady_clock::now() > due) return refusal(503);
        }
        return future.get();
    }

    bool process_and_close_socket(socket_t socket) override {
        const FileDescriptor owned(socket);
        bool served = false;
        {
            const std::lock_guard lock(mutex_);
            open_.insert(socket);
        }
        if (!ends_) served = serve(socket);
        {
            const std::lock_guard lock(mutex_);
            open_.erase(socket);
        }
        return served;
    }

    bool serve(socket_t socket) {
        Connection connection(socket);
        bool served = false, closed = false;
        // No Content-Encoding of bodies and no Range of answers, which could multiply their size.
        const auto plain = [](httplib::Request& request) {
            request.ranges.clear();
            request.headers.erase("Content-Encoding");
        };
        try {
            served = process_request(connection, true, closed, plain);
        } catch (const std::exception& error) {
            spdlog::warn("an HTTP request could not be served: {}", error.what());
        }
        connection.hang_up();
        return served;
    }

    asio::io_context& owner_;
    RequestGuard guard_;
    std::function<Answer(const Question&)> answer_;
    std::atomic<bool> ends_ = false;
    std::mutex mutex_;
    std::set<int> open_;
    std::thread thread_;
};

std::optional<HttpPlace> parse_http_place(const std::string& text) {
    const auto colon = text.rfind(':');
    if (colon == std::string::npos || colon + 1 == text.size()) return std::nullopt;
    HttpPlace place{.ip = text.substr(0, colon), .port = 0};
    if (place.ip == "localhost") place.ip = "127.0.0.1";
    if (!net::parse_dotted(place.ip)) return std::nullopt;
    const auto* const end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data() + colon + 1, end, place.port);
    if (parsed.ec != std::errc{} || parsed.ptr != end || place.port < 0 || place.port > 0xFFFF)
        return std::nullopt;
    return place;
}

HttpServer::HttpServer(asio::io_context& owner, RequestGuard guard,
                       std::function<Answer(const Question&)> answer)
    : server_(std::make_unique<Server>(owner, std::move(guard), std::move(answer))) {}

HttpServer::~HttpServer() { close(); }

std::optional<int> HttpServer::listen(const std::string& ip, int port) {
    const int bound =
        port == 0 ? server_->bind_to_any_port(ip) : (server_->bind_to_port(ip, port) ? port : -1);
    if (bound < 0) return std::nullopt;
    server_->run();
    return bound;
}

void HttpServer::close() { server_->end(); }

}  // namespace emulator::testbench
