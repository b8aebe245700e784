#include "emulator/app/relay.h"

#include <spdlog/spdlog.h>

#include <asio/post.hpp>
#include <asio/signal_set.hpp>
#include <asio/steady_timer.hpp>
#include <cstdio>
#include <map>
#include <memory>
#include <optional>

#include "emulator/app/serving_place.h"
#include "emulator/net/datagram_socket.h"
#include "emulator/net/place.h"
#include "emulator/net/stream_path.h"
#include "emulator/net/stream_pipe.h"
#include "emulator/relay/exchange.h"
#include "protocol/gvcp/bootstrap.h"
#include "protocol/gvcp/register_access.h"
#include "scenes/json/config_error.h"

namespace emulator {
namespace {

namespace gvcp = protocol::gvcp;
using net::DatagramSocket;
using protocol::ByteView;
using protocol::Endpoint;

constexpr std::size_t kClientsMax = 16;
constexpr std::chrono::seconds kBetweenQuestions{1}, kAbsentAfter{3}, kBetweenSearches{5};

struct RelayPlace {
    net::Interface here;
    Endpoint camera;
    std::uint32_t reached_at = 0;  // of this host, as the camera reaches it; 0: as it sees it
};

/// All sockets of the relay, and what goes from one to the other. Every client has a socket of its own
/// towards the camera, so that the camera tells them apart.
class Relay {
  public:
    Relay(asio::io_context& context, const RelayPlace& place)
        : context_(context),
          place_(place),
          control_(context, from_clients(), nullptr),
          everybody_(context, from_clients(), nullptr),
          subnet_(context, from_clients(), nullptr),
          events_out_(
              context, [this](ByteView datagram, Endpoint from) { acknowledged(datagram, from); }, nullptr),
          events_in_(
              context, [this](ByteView datagram, Endpoint from) { event(datagram, from); }, nullptr),
          watch_(
              context, [this](ByteView datagram, Endpoint from) { discovered(datagram, from); }, nullptr),
          stream_(context, place.here.ip.ip),
          clock_(context) {}

    /// False if the relay's own port is taken.
    [[nodiscard]] bool open();

  private:
    using Clock = std::chrono::steady_clock;
    struct Client {
        std::unique_ptr<DatagramSocket> upstream;
        std::uint64_t used = 0;
    };
    using Key = std::pair<std::uint32_t, std::uint16_t>;

    DatagramSocket::Receive from_clients() {
        return [this](ByteView datagram, Endpoint from) { command(datagram, from); };
    }
    void command(ByteView datagram, Endpoint from);
    void discovery(const gvcp::Command&, Endpoint from);
    void pass_on(const gvcp::Command&, ByteView datagram, Endpoint from);
    DatagramSocket* upstream_of(Endpoint client);
    void drop_oldest();
    void event(ByteView datagram, Endpoint from);
    void acknowledged(ByteView datagram, Endpoint from);
    void tick();
    void discovered(ByteView datagram, Endpoint from);
    void appeared();
    [[nodiscard]] std::uint64_t mac_of_camera() const;
    void find_path();

    asio::io_context& context_;
    RelayPlace place_;
    DatagramSocket control_, everybody_, subnet_, events_out_, events_in_, watch_;
    net::StreamPipe stream_;
    asio::steady_timer clock_;
    std::optional<relay::Exchange> exchange_;
    std::map<Key, Client> clients_;
    std::uint64_t uses_ = 0;
    protocol::Bytes registers_;  // the camera's answer to a discovery; empty while there is none
    std::uint16_t request_ = 0;
    Clock::time_point heard_ = Clock::now();
    std::optional<Clock::time_point> searched_;
    bool announced_ = false, absent_ = false;
    std::optional<Endpoint> event_from_;
    std::uint32_t sender_ = 0;  // of stream and events, as the relay sees the camera
};

bool Relay::open() {
    const auto& here = place_.here;
    if (control_.open(here.ip.ip, gvcp::kPort)) {
        const auto finding = net::control_port(here);
        spdlog::error("{}; or publish the camera at another port: -p 127.0.0.1:13956:3956/udp",
                      sentence(finding));
        return false;
    }
    if (everybody_.open_shared(net::kLimitedBroadcast, gvcp::kPort, here))
        spdlog::warn("{}", sentence(net::broadcast(here)));
    if (here.broadcast != net::kLimitedBroadcast)
        (void)subnet_.open_shared(here.broadcast, gvcp::kPort, here);
    if (events_out_.open(here.ip.ip, 0) || events_in_.open(0, 0) || watch_.open(0, 0)) return false;
    exchange_.emplace(relay::Exchange::Ends{
        .ip = here.ip, .stream_port = stream_.outlet_port(), .message_port = events_out_.port()});
    stream_.accept_from([this](std::uint32_t ip) { return ip == sender_; });
    stream_.run([this] { return exchange_->stream_to(); });
    tick();
    return true;
}

void Relay::command(ByteView datagram, Endpoint from) {
    const auto command = gvcp::parse_command(datagram);
    if (!command || registers_.empty()) return;
    if (command->is(gvcp::Code::discovery)) return discovery(*command, from);
    // The address is the relay's, and its host gives it.
    if (command->is(gvcp::Code::force_ip)) {
        const auto force = gvcp::parse_force_ip(*command);
        if (force && force->mac == mac_of_camera() && command->wants_ack())
            control_.send(gvcp::make_ack(protocol::Status::access_denied, command->code, command->request_id),
                          from);
        return;
    }
    pass_on(*command, datagram, from);
}

void Relay::discovery(const gvcp::Command& command, Endpoint from) {
    if (!command.payload.empty() || !command.wants_ack()) return;
    const auto ack = exchange_->discovery_ack(registers_, command.request_id);
    control_.send(ack, from);
    const auto& own = place_.here.ip;
    if ((command.flags & gvcp::kBroadcastAcknowledge) && (from.ip & own.mask) != (own.ip & own.mask))
        control_.send_broadcast(ack, from.port, place_.here);
}

void Relay::pass_on(const gvcp::Command& command, ByteView datagram, Endpoint from) {
    bool takes_control = false;
    for (const auto& access : gvcp::accesses_of(command, {}))
        takes_control |= gvcp::is_write(command) && access.holds(protocol::bootstrap::kControlPrivilege);
    if (takes_control && exchange_->stream_to().port == 0) find_path();
    if (auto* upstream = upstream_of(from))
        upstream->send(exchange_->to_camera(command, datagram, from), place_.camera);
}

DatagramSocket* Relay::upstream_of(Endpoint client) {
    auto& entry = clients_[{client.ip, client.port}];
    entry.used = ++uses_;
    if (!entry.upstream) {
        entry.upstream = std::make_unique<DatagramSocket>(
            context_,
            [this, client](ByteView datagram, Endpoint from) {
                if (from == place_.camera) control_.send(exchange_->to_client(datagram, client), client);
            },
            nullptr);
        if (entry.upstream->open(0, 0)) {
            clients_.erase({client.ip, client.port});
            return nullptr;
        }
        if (clients_.size() > kClientsMax) drop_oldest();
    }
    return entry.upstream.get();
}

// The controlling client stays, whoever else asks.
void Relay::drop_oldest() {
    const auto controlling = exchange_->controlling();
    auto oldest = clients_.end();
    for (auto one = clients_.begin(); one != clients_.end(); ++one) {
        const Endpoint client{.ip = one->first.first, .port = one->first.second};
        if (client != controlling && (oldest == clients_.end() || one->second.used < oldest->second.used))
            oldest = one;
    }
    exchange_->forget({.ip = oldest->first.first, .port = oldest->first.second});
    oldest->second.upstream->close();
    asio::post(context_, [old = std::move(oldest->second.upstream)] {});  // It may be delivering.
    clients_.erase(oldest);
}

void Relay::event(ByteView datagram, Endpoint from) {
    const auto to = exchange_->message_to();
    if (from.ip != sender_ || to.port == 0 || !gvcp::parse_command(datagram)) return;
    event_from_ = from;
    events_out_.send(datagram, to);
}

void Relay::acknowledged(ByteView datagram, Endpoint from) {
    if (event_from_ && from.ip == exchange_->message_to().ip && gvcp::parse_ack(datagram))
        events_in_.send(datagram, *event_from_);
}

void Relay::tick() {
    if (Clock::now() - heard_ > kAbsentAfter && !std::exchange(absent_, true)) {
        spdlog::warn("no camera answers at {}:{}; publish it by -p 127.0.0.1:13956:3956/udp, say",
                     net::dotted(place_.camera.ip), place_.camera.port);
        registers_.clear();
        exchange_->forget_camera();
        searched_.reset();
    }
    if (++request_ == 0) request_ = 1;
    watch_.send(gvcp::make_command(gvcp::Code::discovery, gvcp::kAcknowledge, request_, {}), place_.camera);
    // These ways stay open, too, where translation forgets what is not used.
    const auto no_question = gvcp::make_command(gvcp::Code::discovery, 0, request_, {});
    events_in_.send(no_question, place_.camera);
    stream_.send_from_inlet(no_question, place_.camera);
    clock_.expires_after(kBetweenQuestions);
    clock_.async_wait([this](const std::error_code& error) {
        if (!error) tick();
    });
}

void Relay::discovered(ByteView datagram, Endpoint from) {
    const auto header = gvcp::parse_ack(datagram);
    if (from != place_.camera || !header || header->status != 0 || header->request_id != request_ ||
        datagram.size() != gvcp::kHeaderBytes + gvcp::kDiscoveryAckBytes)
        return;
    heard_ = Clock::now();
    absent_ = false;
    const auto registers = datagram.subspan(gvcp::kHeaderBytes);
    const bool is_new = registers_.empty();
    registers_.assign(registers.begin(), registers.end());
    if (is_new) appeared();
}

std::uint64_t Relay::mac_of_camera() const {
    constexpr std::size_t kMacRegister = 0x0008;
    return protocol::load<std::uint64_t>(ByteView(registers_).subspan(kMacRegister)) & 0xFFFF'FFFF'FFFF;
}

void Relay::appeared() {
    find_path();
    const auto serial =
        protocol::text_of(ByteView(registers_).subspan(protocol::bootstrap::kSerialNumber, 16));
    const auto camera = net::dotted(place_.camera.ip) + ":" + std::to_string(place_.camera.port);
    if (std::exchange(announced_, true)) return spdlog::info("camera {} answers at {} again", serial, camera);
    std::printf("gigemu relay ready: camera %s of %s at %s:3956\n", serial.c_str(), camera.c_str(),
                net::dotted(place_.here.ip.ip).c_str());
    std::fflush(stdout);
}

void Relay::find_path() {
    const auto now = Clock::now();
    if (searched_ && now - *searched_ < kBetweenSearches) return;
    const auto& camera = place_.camera;
    const auto seen = net::seen_by_camera(stream_.inlet(), camera);
    if (!seen) return;  // Another client controls it, and all stays as it is.
    searched_ = now;
    const auto path =
        net::find_stream_path(watch_.native_handle(), stream_.inlet(), camera, *seen, place_.reached_at);
    if (!path) {
        exchange_->reach({.ip = seen->ip, .port = stream_.inlet_port()},
                         {.ip = seen->ip, .port = events_in_.port()});
        spdlog::warn(
            "the stream of the camera does not reach this relay; cure: start the camera with --single-port, "
            "or "
            "name the address of this host that the camera reaches by --reached-at");
        return;
    }
    Endpoint events{.ip = path->end.ip, .port = events_in_.port()};
    if (path->answers_only) events = net::seen_by_camera(events_in_.native_handle(), camera).value_or(events);
    exchange_->reach(path->end, events);
    sender_ = path->sender;
    spdlog::info("the camera streams to {}:{}", net::dotted(path->end.ip), path->end.port);
}

std::uint32_t ip_of(const std::string& text, const char* option) {
    const auto ip = net::parse_dotted(text);
    if (!ip)
        throw scenes::ConfigError("command line", option,
                                  "an IPv4 address was expected, not \"" + text + "\"");
    return *ip;
}

RelayPlace relay_place(const CommandLine& line) {
    const bool with_port = line.relayed_camera.find(':') != std::string::npos;
    const auto camera = testbench::parse_http_place(line.relayed_camera + (with_port ? "" : ":3956"));
    if (!camera || camera->port == 0)
        throw scenes::ConfigError(
            "command line", "camera",
            "an IPv4 address with the published port was expected, as 127.0.0.1:13956, not \"" +
                line.relayed_camera + "\"");
    RelayPlace place{
        .here = choose_interface(line),
        .camera = {.ip = ip_of(camera->ip, "camera"), .port = static_cast<std::uint16_t>(camera->port)}};
    if (!line.reached_at.empty()) place.reached_at = ip_of(line.reached_at, "--reached-at");
    if (place.camera == Endpoint{.ip = place.here.ip.ip, .port = gvcp::kPort})
        throw scenes::ConfigError("command line", "camera",
                                  "this is the relay's own place: publish the camera at another port");
    return place;
}

}  // namespace

int relay_camera(const CommandLine& line) {
    asio::io_context context(1);
    asio::signal_set signals(context, SIGTERM, SIGINT);
    signals.async_wait([&context](const std::error_code&, int) { context.stop(); });
    Relay relay(context, relay_place(line));
    if (!relay.open()) return 1;
    context.run();
    return 0;
}

}  // namespace emulator
