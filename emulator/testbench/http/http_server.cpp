#include "emulator/testbench/http/http_server.h"

#include <spdlog/spdlog.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>

#include "emulator/file_descriptor.h"
#include "emulator/net/interface.h"
#include "emulator/testbench/http/connection.h"

namespace emulator::testbench {
namespace {

using namespace std::chrono_literals;

/// Connections served at a time. Others wait in the listen backlog.
constexpr std::size_t kConnections = 16;
constexpr int kBacklog = 128;

/// While others wait, a connection has this time for the head of its request.
constexpr auto kSilence = 250ms;
constexpr auto kRoomLook = 50ms;

/// Pictures and answers are made after what a client of the camera waits for.
constexpr int kLeavesTheProcessor = 5;

/// How often a stream looks for what is new, and after how much silence it says that it is alive.
constexpr auto kStreamLook = 50ms;
constexpr auto kStreamSilence = 10s;

/// Thread pool of the library, without a queue: while all are busy, `make_room` is called.
class Workers final : public httplib::ThreadPool {
  public:
    explicit Workers(std::function<void()> make_room)
        : ThreadPool(kConnections), make_room_(std::move(make_room)) {}

    void enqueue(std::function<void()> task) override {
        std::unique_lock lock(mutex_);
        while (!done_.wait_for(lock, kRoomLook, [this] { return busy_ < kConnections; })) make_room_();
        ++busy_;
        ThreadPool::enqueue([this, task = std::move(task)] {
            task();
            const std::lock_guard end(mutex_);
            --busy_;
            done_.notify_one();
        });
    }

  private:
    std::function<void()> make_room_;
    std::mutex mutex_;
    std::condition_variable done_;
    std::size_t busy_ = 0;
};

bool has_body(const httplib::Request& request) {
    const auto length = request.get_header_value("Content-Length");
    return (!length.empty() && length != "0") || request.has_header("Transfer-Encoding");
}

std::string method_of(const httplib::Request& request) {
    return request.method == "HEAD" ? "GET" : request.method;
}

Request request_of(const httplib::Request& request) {
    Request made{.method = method_of(request),
                 .path = request.path,
                 .query = {request.params.begin(), request.params.end()},
                 .authorization = request.get_header_value("Authorization"),
                 .type = media_type(request.get_header_value("Content-Type")),
                 .has_body = has_body(request),
                 .body = request.body,
                 .parts = {},
                 .known = request.get_header_value("If-None-Match"),
                 .unpacks = request.get_header_value("Accept-Encoding").find("gzip") != std::string::npos};
    for (const auto& [name, part] : request.files)
        made.parts.push_back({.name = name, .type = part.content_type, .bytes = part.content});
    return made;
}

RequestHeaders headers_of(const httplib::Request& request) {
    const auto all = [&](const char* name) {
        std::vector<std::string> values;
        const auto [first, last] = request.headers.equal_range(name);
        for (auto header = first; header != last; ++header) values.push_back(header->second);
        return values;
    };
    return {.hosts = all("Host"),
            .origins = all("Origin"),
            .version = request.version,
            .fetch_site = request.get_header_value("Sec-Fetch-Site"),
            .fetch_mode = request.get_header_value("Sec-Fetch-Mode"),
            .fetch_destination = request.get_header_value("Sec-Fetch-Dest"),
            .has_body = has_body(request)};
}

/// What the library finds wrong itself.
Problem problem_of(int status) {
    return {status, "",
            status == kPayloadTooLarge ? "The body is larger than this path accepts."
            : status == 414            ? "The request target is too long."
            : status >= 500            ? "The request could not be served."
                                       : "This is not a well-formed HTTP request."};
}

/// The next bytes of a stream; a comment now and then shows whether the client is still there.
auto provider_of(const Answer& answer) {
    return [more = answer.more, silent = 0ms](std::size_t, httplib::DataSink& sink) mutable {
        auto bytes = (*more)();
        silent = bytes.empty() ? silent + kStreamLook : 0ms;
        if (silent >= kStreamSilence) {
            bytes = ":\n\n";
            silent = 0ms;
        }
        if (bytes.empty()) {
            std::this_thread::sleep_for(kStreamLook);
            return true;
        }
        return sink.write(bytes.data(), bytes.size());
    };
}

void write(const Answer& answer, httplib::Response& response) {
    response.status = answer.status;
    response.set_header("X-Content-Type-Options", "nosniff");
    for (const auto& [name, value] : answer.headers) response.set_header(name, value);
    if (!answer.headers.contains("Cache-Control")) response.set_header("Cache-Control", "no-store");
    if (!answer.allowed.empty()) response.set_header("Allow", answer.allowed);
    if (answer.status == kUnauthorized) response.set_header("WWW-Authenticate", "Bearer");
    if (answer.status == kNotModified) return;
    const std::string type = answer.type.empty() ? "application/json" : answer.type;
    if (answer.more) return response.set_chunked_content_provider(type, provider_of(answer));
    // The user-defined name may contain bytes that are no UTF-8.
    response.set_content(answer.body.is_null()
                             ? answer.bytes
                             : answer.body.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n",
                         type);
}

}  // namespace

class HttpServer::Server final : public httplib::Server {
  public:
    Server(RequestGuard guard, const Router& router) : guard_(std::move(guard)), router_(router) {
        new_task_queue = [this] { return new Workers([this] { hang_up_on_silent(); }); };
        // Without SO_REUSEPORT, which the library sets: two programs must not listen at one port.
        set_socket_options([this](int socket) {
            const int yes = 1;
            ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
            listener_ = socket;
        });
        set_tcp_nodelay(true);
        set_payload_max_length(kUploadMax);
        const Handler ask = [this](const httplib::Request& request, httplib::Response& response) {
            write(router_.answer(request_of(request)), response);
        };
        const std::string any = R"([\s\S]*)";
        Get(any, ask).Put(any, ask).Post(any, ask).Delete(any, ask).Patch(any, ask).Options(any, ask);
        // Before the body is read.
        set_pre_routing_handler([this](const httplib::Request& request, httplib::Response& response) {
            const auto refused = refuse(request);
            if (!refused) return HandlerResponse::Unhandled;
            write(*refused, response);
            return HandlerResponse::Handled;
        });
        // Errors that the library finds itself get the same form.
        set_error_handler([](const httplib::Request&, httplib::Response& response) {
            if (response.body.empty()) write(Router::refusal(problem_of(response.status)), response);
        });
        set_exception_handler([](const httplib::Request& request, httplib::Response& response, auto error) {
            try {
                std::rethrow_exception(error);
            } catch (const std::exception& what) {
                spdlog::error("HTTP: {} {} failed: {}", request.method, request.path, what.what());
            }
            write(Router::refusal(problem_of(500)), response);
        });
    }

    void run() {
        ::listen(listener_, kBacklog);
        thread_ = std::thread([this] {
            (void)::nice(kLeavesTheProcessor);  // of this thread, and of the connections that it starts
            listen_after_bind();
        });
        while (!is_running()) std::this_thread::sleep_for(1ms);
    }

    void end() {
        ends_ = true;
        if (!thread_.joinable()) return;
        stop();
        {
            const std::lock_guard lock(mutex_);
            for (const auto& [socket, silent_since] : open_) ::shutdown(socket, SHUT_RDWR);
        }
        thread_.join();
    }

  private:
    [[nodiscard]] std::optional<Answer> refuse(const httplib::Request& request) const {
        if (const auto foreign = guard_.refuse(headers_of(request)))
            return Router::refusal(
                Problem(foreign->status, std::string(foreign->key), std::string(foreign->sentence)));
        if (auto refused = router_.refuse(request_of(request))) return refused;
        const auto length = request.get_header_value<std::uint64_t>("Content-Length");
        if (length > router_.body_max(method_of(request), request.path))
            return Router::refusal(problem_of(kPayloadTooLarge));
        return std::nullopt;
    }

    bool process_and_close_socket(socket_t socket) override {
        const FileDescriptor owned(socket);
        bool served = false;
        {
            const std::lock_guard lock(mutex_);
            open_.emplace(socket, Clock::now());
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
        const auto plain = [this, socket, &connection](httplib::Request& request) {
            heard(socket);
            request.ranges.clear();
            request.headers.erase("Content-Encoding");
            // Without a length there is no body (RFC 9112, 6.3); the library would wait for one.
            if (!has_body(request)) request.set_header("Content-Length", "0");
            const auto most = router_.body_max(method_of(request), request.path);
            if (most > kBodyMax) connection.expect_upload(most);
        };
        try {
            served = process_request(connection, true, closed, plain);
        } catch (const std::exception& error) {
            spdlog::warn("an HTTP request could not be served: {}", error.what());
        }
        connection.hang_up();
        return served;
    }

    void heard(socket_t socket) {
        const std::lock_guard lock(mutex_);
        open_.at(socket) = Clock::time_point::max();
    }

    /// Ends the connection that has been silent for longest, if it had its time.
    void hang_up_on_silent() {
        const std::lock_guard lock(mutex_);
        const auto silent = std::ranges::min_element(open_, {}, [](const auto& one) { return one.second; });
        if (silent == open_.end() || silent->second > Clock::now() - kSilence) return;
        ::shutdown(silent->first, SHUT_RDWR);
        silent->second = Clock::time_point::max();
    }

    using Clock = std::chrono::steady_clock;

    RequestGuard guard_;
    const Router& router_;
    int listener_ = -1;
    std::atomic<bool> ends_ = false;
    std::mutex mutex_;
    /// Since when each has been silent; never, once the head of its request is there.
    std::map<int, Clock::time_point> open_;
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

HttpServer::HttpServer(RequestGuard guard, const Router& router)
    : server_(std::make_unique<Server>(std::move(guard), router)) {}

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
