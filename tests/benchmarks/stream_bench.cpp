#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <thread>

#include "emulator/net/stream_channel.h"
#include "emulator/net/udp_stream_socket.h"
#include "protocol/gvsp/block.h"
#include "tests/benchmarks/bench.h"

// What the way from the bytes of a frame to the network costs: packets with their headers, the transmitter
// with its pacing (in virtual time), and the kernel, which carries them to a receiver on this host.

namespace {

using emulator::net::StreamChannel;
using emulator::net::UdpStreamSocket;
using protocol::gvsp::Block;
using protocol::gvsp::PacketLayout;
using protocol::gvsp::Transmitter;

constexpr std::uint32_t kLoopback = 0x7F000001;
constexpr int kReceiveBufferBytes = 4 << 20;

Block block_of_a_frame() {
    return {.size_x = bench::kWidth,
            .size_y = bench::kHeight,
            .payload = protocol::Bytes(static_cast<std::size_t>(bench::kPixels), 1)};
}

PacketLayout layout(int packet_size) {
    return {.packet_size_bytes = static_cast<std::uint32_t>(packet_size)};
}

void packetising(benchmark::State& state, int packet_size) {
    const auto block = block_of_a_frame();
    const auto cut = layout(packet_size);
    const auto count = packet_count(block, cut);
    for (auto _ : state) {
        for (std::uint32_t id = 0; id < count; ++id)
            benchmark::DoNotOptimize(make_packet(block, cut, id).head_bytes);
    }
    bench::per_pixel(state);
}

void transmitter(benchmark::State& state, int packet_size) {
    const Transmitter::Settings settings{.layout = layout(packet_size)};
    Transmitter transmitter;
    auto block = block_of_a_frame();
    protocol::Time now{};
    for (auto _ : state) {
        state.PauseTiming();
        ++block.id;
        auto copy = block;
        state.ResumeTiming();
        transmitter.submit(std::move(copy), now, settings);
        while (const auto due = transmitter.deadline()) {
            now = *due;
            benchmark::DoNotOptimize(transmitter.take(now).size());
        }
    }
    bench::per_pixel(state);
}

/// Throws away what comes to a port of loopback, on a thread of its own.
class Receiver {
  public:
    Receiver() : socket_(::socket(AF_INET, SOCK_DGRAM, 0)) {
        setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &kReceiveBufferBytes, sizeof kReceiveBufferBytes);
        sockaddr_in own{};
        own.sin_family = AF_INET;
        own.sin_addr.s_addr = htonl(kLoopback);
        socklen_t size = sizeof own;
        if (bind(socket_, reinterpret_cast<const sockaddr*>(&own), sizeof own) != 0) std::abort();
        getsockname(socket_, reinterpret_cast<sockaddr*>(&own), &size);
        port_ = ntohs(own.sin_port);
        thread_ = std::thread([this] {
            std::array<char, 65536> packet;
            while (recv(socket_, packet.data(), packet.size(), 0) > 0) continue;
        });
    }
    ~Receiver() {
        shutdown(socket_, SHUT_RDWR);
        thread_.join();
        ::close(socket_);
    }
    Receiver(const Receiver&) = delete;
    Receiver& operator=(const Receiver&) = delete;
    [[nodiscard]] std::uint16_t port() const { return port_; }

  private:
    int socket_;
    std::uint16_t port_ = 0;
    std::thread thread_;
};

using Clock = std::chrono::steady_clock;

/// A camera's end of the stream, open to a receiver.
class Stream {
  public:
    Stream(int packet_size, bool offload)
        : channel_(socket_, offload, counts_,
                   {.refused = [] {}, .unreachable = kNothing, .lost = kNothing, .sent = kNothing}),
          settings_{.layout = layout(packet_size)} {
        channel_.open({.host_port = receiver_.port(),
                       .destination_ip = kLoopback,
                       .packet_size_bytes = static_cast<std::uint16_t>(packet_size)});
    }
    /// Sends a frame; `wait` is called with the time at which the next packets are due, and says what time it
    /// is.
    template <typename Wait>
    void send(Block block, protocol::Time now, Wait wait) {
        channel_.submit(std::move(block), now, settings_);
        while (!channel_.all_sent()) channel_.send_due(wait(*channel_.deadline()));
    }

  private:
    static constexpr auto kNothing = [](auto&&...) {};
    Receiver receiver_;
    UdpStreamSocket socket_{kLoopback};
    emulator::net::StreamCounts counts_;
    StreamChannel channel_;
    Transmitter::Settings settings_;
};

/// As fast as the kernel takes the packets: the pace of the link is kept in virtual time.
void sending(benchmark::State& state, int packet_size, bool offload) {
    Stream stream(packet_size, offload);
    auto block = block_of_a_frame();
    protocol::Time now{};
    for (auto _ : state) {
        state.PauseTiming();
        ++block.id;
        auto copy = block;
        state.ResumeTiming();
        stream.send(std::move(copy), now, [&](protocol::Time due) { return now = due; });
    }
    bench::per_pixel(state);
}

/// At the pace of the link in real time, as the camera sends: waking up for each burst costs as well.
void paced_sending(benchmark::State& state, int packet_size, bool offload) {
    prctl(PR_SET_TIMERSLACK, 1000, 0, 0, 0);
    Stream stream(packet_size, offload);
    auto block = block_of_a_frame();
    const auto began = Clock::now();
    const auto now = [&] { return protocol::Time(Clock::now() - began); };
    for (auto _ : state) {
        state.PauseTiming();
        ++block.id;
        auto copy = block;
        state.ResumeTiming();
        stream.send(std::move(copy), now(), [&](protocol::Time due) {
            std::this_thread::sleep_until(began + due);
            return now();
        });
    }
}

BENCHMARK_CAPTURE(packetising, packets_1500, 1500)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(packetising, packets_8000, 8000)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(transmitter, packets_1500, 1500)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(transmitter, packets_8000, 8000)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(sending, packets_1500, 1500, false)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(sending, packets_1500_gso, 1500, true)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(sending, packets_8000, 8000, false)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(sending, packets_8000_gso, 8000, true)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(paced_sending, packets_1500, 1500, false)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK_CAPTURE(paced_sending, packets_1500_gso, 1500, true)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK_CAPTURE(paced_sending, packets_8000, 8000, false)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK_CAPTURE(paced_sending, packets_8000_gso, 8000, true)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
