#include "emulator/net/picture_socket.h"

#include <doctest/doctest.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <asio/read.hpp>
#include <asio/write.hpp>
#include <cstring>
#include <vector>

#include "scenes/json/config_error.h"

using emulator::net::PictureSocket;
using scenes::targets::Picture;

// The picture socket with real connections: what arrives, and what a bad sender does to others.

namespace {

using Protocol = asio::local::stream_protocol;

std::string picture_bytes(std::uint32_t width, std::uint32_t height, const std::string& item, char code) {
    std::string bytes("GIGP\x01\0\x01\0", 8);
    const std::uint32_t numbers[] = {width, height, 0, 0};
    bytes.append(reinterpret_cast<const char*>(numbers), sizeof numbers);
    bytes += item + std::string(40 - item.size(), '\0');
    return bytes + std::string(static_cast<std::size_t>(width) * height * 3, code);
}

struct Studio {
    std::string path = "/tmp/gigemu_pictures_" + std::to_string(getpid());
    asio::io_context owner{1};
    std::vector<std::pair<std::string, Picture::Frames>> fed;
    PictureSocket socket{owner, path, [this](const std::string& item, Picture::Frames frames) {
                             fed.emplace_back(item, std::move(frames));
                             return item == "screen";
                         }};

    Studio() { spdlog::set_level(spdlog::level::off); }
    ~Studio() { spdlog::set_level(spdlog::level::info); }
    Protocol::socket connect() {
        Protocol::socket client(owner);
        client.connect(path);
        return client;
    }
    void await(std::size_t count) {
        owner.restart();
        const auto work = asio::make_work_guard(owner);
        while (fed.size() < count) owner.run_one();
    }
    [[nodiscard]] static bool closed(Protocol::socket& client) {
        char byte = 0;
        asio::error_code error;
        (void)asio::read(client, asio::buffer(&byte, 1), error);
        return error == asio::error::eof || error == asio::error::connection_reset;
    }
};

}  // namespace

TEST_CASE("picture socket: pictures arrive in their order, however their bytes are cut") {
    Studio studio;
    auto client = studio.connect();
    const auto all = picture_bytes(3, 2, "screen", 'a') + picture_bytes(1, 1, "other", 'b') +
                     picture_bytes(50, 40, "screen", 'c');
    for (std::size_t at = 0, length = 1; at < all.size(); at += length, length = length * 2 + 1)
        asio::write(client, asio::buffer(all.substr(at, length)));
    studio.await(3);
    CHECK(studio.fed[0].first == "screen");
    CHECK(studio.fed[1].first == "other");
    CHECK(scenes::targets::size_of(studio.fed[0].second->front()) == std::pair(3, 2));
    CHECK(std::get<Picture::Srgb>(studio.fed[2].second->front()).at(49, 39)[2] == 'c');
}

TEST_CASE("picture socket: a malformed header, a slow sender and a dead one change nothing for the others") {
    Studio studio;
    auto bad = studio.connect(), slow = studio.connect(), good = studio.connect();
    asio::write(bad, asio::buffer(std::string(64, 'x')));
    CHECK(Studio::closed(bad));
    asio::write(slow, asio::buffer(picture_bytes(100, 100, "screen", 's').substr(0, 1000)));
    {
        auto dead = studio.connect();
        asio::write(dead, asio::buffer(picture_bytes(100, 100, "screen", 'd').substr(0, 70)));
    }
    asio::write(good, asio::buffer(picture_bytes(2, 2, "screen", 'g')));
    studio.await(1);
    CHECK(std::get<Picture::Srgb>(studio.fed[0].second->front()).at(0, 0)[0] == 'g');
    asio::write(slow, asio::buffer(picture_bytes(100, 100, "screen", 's').substr(1000)));
    studio.await(2);
    CHECK(std::get<Picture::Srgb>(studio.fed[1].second->front()).at(99, 99)[0] == 's');
}

TEST_CASE("picture socket: one connection more than the most is closed, and the path is used once") {
    Studio studio;
    std::vector<Protocol::socket> clients;
    for (std::size_t i = 0; i < PictureSocket::kConnectionsMax; ++i) {
        clients.push_back(studio.connect());
        asio::write(clients.back(), asio::buffer(picture_bytes(1, 1, "screen", 'a')));
    }
    studio.await(PictureSocket::kConnectionsMax);
    auto more = studio.connect();
    CHECK(Studio::closed(more));
    CHECK_THROWS_AS(PictureSocket(studio.owner, studio.path, {}), scenes::ConfigError);
    CHECK_THROWS_AS(PictureSocket(studio.owner, "/no/such/folder/socket", {}), scenes::ConfigError);
}

TEST_CASE("picture socket: it is gone with its program, and one that was left behind is replaced") {
    std::string path;
    {
        const Studio studio;
        path = studio.path;
        CHECK(std::filesystem::is_socket(path));
    }
    CHECK_FALSE(std::filesystem::exists(path));
    {
        asio::io_context io;
        Protocol::acceptor left_behind(io, path);
    }
    REQUIRE(std::filesystem::is_socket(path));
    const Studio studio;
    CHECK(std::filesystem::is_socket(path));
}
