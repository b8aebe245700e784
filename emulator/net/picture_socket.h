#pragma once

#include <asio/io_context.hpp>
#include <asio/local/stream_protocol.hpp>
#include <filesystem>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <thread>

#include "scenes/targets/picture.h"

namespace emulator::net {

/// Picture socket: a local stream socket that takes raw pictures for items (docs/picture_socket.md).
///
/// It has a thread of its own. A connection holds one picture at most, and reads the next one when that was
/// taken: a sender that is slow, too fast or broken affects itself alone.
class PictureSocket {
  public:
    static constexpr std::size_t kConnectionsMax = 4;
    /// Gives an item a picture; false if there is no such item.
    using Feed = std::function<bool(const std::string& item, scenes::targets::Picture::Frames)>;

    /// `feed` is called on the owner's thread. A socket without a listener at this path is replaced. Throws
    /// scenes::ConfigError if the path cannot be used.
    PictureSocket(asio::io_context& owner, std::filesystem::path path, Feed feed);
    ~PictureSocket();
    PictureSocket(const PictureSocket&) = delete;
    PictureSocket& operator=(const PictureSocket&) = delete;

  private:
    class Connection;
    using Protocol = asio::local::stream_protocol;
    void accept();
    void close(const std::shared_ptr<Connection>&);

    asio::io_context& owner_;
    std::filesystem::path path_;
    Feed feed_;
    asio::io_context io_{1};
    Protocol::acceptor acceptor_{io_};
    std::set<std::shared_ptr<Connection>> connections_;  // of the socket's thread
    std::jthread thread_;
};

}  // namespace emulator::net
