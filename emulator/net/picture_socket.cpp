#include "emulator/net/picture_socket.h"

#include <spdlog/spdlog.h>

#include <asio/post.hpp>
#include <asio/read.hpp>
#include <asio/steady_timer.hpp>
#include <vector>

#include "emulator/net/raw_picture.h"
#include "scenes/json/config_error.h"

namespace emulator::net {
namespace {

namespace fs = std::filesystem;
using std::chrono::steady_clock;

/// A socket that a program left behind at its end.
void remove_abandoned(asio::io_context& io, const fs::path& path) {
    std::error_code error;
    if (!fs::is_socket(path, error)) return;
    asio::local::stream_protocol::socket probe(io);
    (void)probe.connect(path.string(), error);
    if (error == asio::error::connection_refused) fs::remove(path, error);
}

}  // namespace

/// One sender: header, pixels, header, pixels, ...
class PictureSocket::Connection : public std::enable_shared_from_this<Connection> {
  public:
    Connection(PictureSocket& of, Protocol::socket socket)
        : of_(of), socket_(std::move(socket)), timer_(of.io_) {}

    void read_header() {
        asio::async_read(socket_, asio::buffer(head_), [self = shared_from_this()](auto error, std::size_t) {
            if (error) return self->of_.close(self);
            const auto parsed = parse_raw_header(self->head_);
            if (const auto* wrong = std::get_if<std::string>(&parsed)) return self->refuse(*wrong);
            self->header_ = std::get<RawPictureHeader>(parsed);
            self->read_pixels();
        });
    }

  private:
    void read_pixels() {
        pixels_.resize(header_.pixel_bytes());
        asio::async_read(socket_, asio::buffer(pixels_),
                         [self = shared_from_this()](auto error, std::size_t) {
                             if (error) return self->of_.close(self);
                             self->hand_over();
                         });
    }

    void hand_over() {
        auto picture = raw_picture(header_, pixels_);
        if (!picture) return refuse("light is a number from 0 to 1e6");
        auto frames = std::make_shared<std::vector<scenes::targets::Picture::Frame>>();
        frames->push_back(std::move(*picture));
        due_ = steady_clock::now();
        if (header_.rate_max_hz > 0)
            due_ += std::chrono::duration_cast<steady_clock::duration>(
                std::chrono::duration<double>(1 / header_.rate_max_hz));
        // The owner outlives this only as long as the socket does.
        asio::post(of_.owner_, [feed = of_.feed_, frames, item = header_.item, one = weak_from_this()] {
            const bool taken = feed(item, frames);
            if (const auto self = one.lock())
                asio::post(self->of_.io_, [self, taken] { self->handed_over(taken); });
        });
    }

    void handed_over(bool taken) {
        if (!taken && said_missing_ != header_.item) {
            spdlog::warn("picture socket: there is no picture \"{}\" in this scene", header_.item);
            said_missing_ = header_.item;
        }
        timer_.expires_at(due_);
        timer_.async_wait([self = shared_from_this()](auto error) {
            if (!error) self->read_header();
        });
    }

    void refuse(const std::string& sentence) {
        spdlog::warn("picture socket: a connection is closed, because {}", sentence);
        of_.close(shared_from_this());
    }

    PictureSocket& of_;
    Protocol::socket socket_;
    asio::steady_timer timer_;
    std::array<std::byte, RawPictureHeader::kBytes> head_{};
    RawPictureHeader header_;
    std::vector<std::byte> pixels_;
    steady_clock::time_point due_;
    std::string said_missing_;
};

PictureSocket::PictureSocket(asio::io_context& owner, fs::path path, Feed feed)
    : owner_(owner), path_(std::move(path)), feed_(std::move(feed)) {
    remove_abandoned(io_, path_);
    try {
        acceptor_.open();
        acceptor_.bind(path_.string());
        acceptor_.listen();
    } catch (const std::system_error& error) {
        throw scenes::ConfigError("command line", "--picture-socket",
                                  path_.string() + " cannot be opened (" + error.code().message() + ").");
    }
    accept();
    thread_ = std::jthread([this] { io_.run(); });
}

PictureSocket::~PictureSocket() {
    io_.stop();
    thread_.join();
    connections_.clear();
    std::error_code error;
    fs::remove(path_, error);
}

void PictureSocket::accept() {
    acceptor_.async_accept([this](auto error, Protocol::socket socket) {
        if (error) return;
        if (connections_.size() < kConnectionsMax) {
            (*connections_.insert(std::make_shared<Connection>(*this, std::move(socket))).first)
                ->read_header();
        } else {
            spdlog::warn("picture socket: it has {} connections, so another one is closed", kConnectionsMax);
        }
        accept();
    });
}

void PictureSocket::close(const std::shared_ptr<Connection>& connection) { connections_.erase(connection); }

}  // namespace emulator::net
