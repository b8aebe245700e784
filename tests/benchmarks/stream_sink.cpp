// Receives the stream of any GigE Vision camera, cheaply, and prints what came as one line of JSON.
//
// A block is complete when its leader, its trailer and all packets between them came. With --pid the
// processor time of the server is read from /proc where the measured blocks begin and where they end.

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kBatch = 64, kPacketBytes = 16'384;
constexpr std::size_t kHeaderBytes = 8, kExtendedHeaderBytes = 20;
constexpr std::uint8_t kLeader = 1, kTrailer = 2, kExtended = 0x80;

struct Options {
    std::string address = "127.0.0.1";
    int buffer_bytes = 4 << 20;  // 0: the system's default
    std::uint64_t skip = 0, blocks = UINT64_MAX;
    double seconds = 1e9;  // from the first measured block on
    double patience = 10;  // without any packet
    int pid = 0;
    bool stamps = false;  // of the first packets of blocks
};

Options parse(int count, char** arguments) {
    Options options;
    for (int i = 1; i < count; ++i) {
        const std::string name = arguments[i];
        if (name == "--stamps") {
            options.stamps = true;
            continue;
        }
        if (++i == count) throw std::runtime_error(name + " needs a value");
        const std::string value = arguments[i];
        if (name == "--address")
            options.address = value;
        else if (name == "--buffer")
            options.buffer_bytes = std::stoi(value);
        else if (name == "--skip")
            options.skip = std::stoull(value);
        else if (name == "--blocks")
            options.blocks = std::stoull(value);
        else if (name == "--seconds")
            options.seconds = std::stod(value);
        else if (name == "--patience")
            options.patience = std::stod(value);
        else if (name == "--pid")
            options.pid = std::stoi(value);
        else
            throw std::runtime_error("unknown option " + name);
    }
    return options;
}

/// User and system time of a process, in seconds; 0 without a process.
double processor_time(int pid) {
    if (pid == 0) return 0;
    std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
    std::string text{std::istreambuf_iterator<char>(file), {}};
    std::istringstream fields(text.substr(text.rfind(')') + 1));
    std::vector<std::string> words{std::istream_iterator<std::string>(fields), {}};
    if (words.size() < 13) throw std::runtime_error("no process " + std::to_string(pid));
    return (std::stod(words[11]) + std::stod(words[12])) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

int open_socket(const Options& options) {
    const int descriptor = socket(AF_INET, SOCK_DGRAM, 0);
    if (options.buffer_bytes > 0 && setsockopt(descriptor, SOL_SOCKET, SO_RCVBUFFORCE, &options.buffer_bytes,
                                               sizeof options.buffer_bytes) != 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &options.buffer_bytes, sizeof options.buffer_bytes);
    const int on = options.stamps;
    setsockopt(descriptor, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
    sockaddr_in own{};
    own.sin_family = AF_INET;
    inet_pton(AF_INET, options.address.c_str(), &own.sin_addr);
    socklen_t size = sizeof own;
    if (bind(descriptor, reinterpret_cast<const sockaddr*>(&own), sizeof own) != 0)
        throw std::runtime_error("cannot bind to " + options.address);
    getsockname(descriptor, reinterpret_cast<sockaddr*>(&own), &size);
    std::printf("%d\n", ntohs(own.sin_port));
    std::fflush(stdout);
    return descriptor;
}

/// Room for packets that are received together.
struct Batch {
    std::vector<std::array<std::uint8_t, kPacketBytes>> packets{kBatch};
    std::array<iovec, kBatch> parts{};
    std::array<std::array<char, CMSG_SPACE(sizeof(timespec))>, kBatch> controls{};
    std::array<mmsghdr, kBatch> messages{};

    Batch() {
        for (std::size_t i = 0; i < kBatch; ++i) {
            parts[i] = {packets[i].data(), kPacketBytes};
            messages[i].msg_hdr.msg_iov = &parts[i];
            messages[i].msg_hdr.msg_iovlen = 1;
        }
    }
    /// How many came; it waits for the first one.
    int receive(int descriptor, bool stamps, double patience) {
        for (std::size_t i = 0; stamps && i < kBatch; ++i) {
            messages[i].msg_hdr.msg_control = controls[i].data();
            messages[i].msg_hdr.msg_controllen = controls[i].size();
        }
        pollfd ready{descriptor, POLLIN, 0};
        if (poll(&ready, 1, static_cast<int>(1000 * patience)) <= 0) return 0;
        return recvmmsg(descriptor, messages.data(), kBatch, MSG_DONTWAIT, nullptr);
    }
    [[nodiscard]] std::int64_t stamp_ns(std::size_t i) {
        auto& header = messages[i].msg_hdr;
        const auto* control = CMSG_FIRSTHDR(&header);
        if (control == nullptr || control->cmsg_type != SO_TIMESTAMPNS) return 0;
        timespec time{};
        std::memcpy(&time, CMSG_DATA(control), sizeof time);
        return time.tv_sec * 1'000'000'000 + time.tv_nsec;
    }
};

struct Packet {
    std::uint64_t block = 0;
    std::uint32_t id = 0;
    std::uint8_t format = 0;
    std::size_t payload = 0;
};

std::uint64_t number(const std::uint8_t* at, std::size_t bytes) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < bytes; ++i) value = value << 8 | at[i];
    return value;
}

/// Nothing for refusals.
std::optional<Packet> read(const std::uint8_t* bytes, std::size_t size) {
    if (size < kHeaderBytes || (bytes[0] & 0x80) != 0) return std::nullopt;
    Packet packet{.block = number(bytes + 2, 2),
                  .id = static_cast<std::uint32_t>(number(bytes + 5, 3)),
                  .format = static_cast<std::uint8_t>(bytes[4] & 0x7F),
                  .payload = size - kHeaderBytes};
    if ((bytes[4] & kExtended) != 0) {
        if (size < kExtendedHeaderBytes) return std::nullopt;
        packet.block = number(bytes + 8, 8);
        packet.id = static_cast<std::uint32_t>(number(bytes + 16, 4));
        packet.payload = size - kExtendedHeaderBytes;
    }
    return packet;
}

/// What came of the measured blocks.
class Tally {
  public:
    explicit Tally(const Options& options) : options_(options) {}

    /// False once all that is to be measured has come.
    bool take(Packet packet, std::int64_t stamp_ns) {
        if (!first_) first_ = newest_ = kOrigin + packet.block;
        packet.block = unwrapped(packet.block);
        newest_ = std::max(newest_, packet.block);
        if (!begin_ && newest_ - *first_ >= options_.skip) start();
        if (begin_ && newest_ - *begin_ >= options_.blocks) return false;
        if (!begin_ || packet.block < *begin_) return true;
        if (elapsed() > options_.seconds) return false;
        auto& block = blocks_[packet.block];
        if (packet.id >= block.came.size()) block.came.resize(packet.id + 1);
        if (block.came[packet.id]) return true;  // one that was sent again
        block.came[packet.id] = true;
        if (block.packets == 0) block.first_ns = stamp_ns;
        ++block.packets;
        if (packet.format == kTrailer) block.expected = packet.id + 1;
        if (packet.format != kTrailer && packet.format != kLeader) bytes_ += packet.payload;
        return true;
    }

    void print() {
        const double seconds = elapsed(), cpu = processor_time(options_.pid) - cpu_;
        // The newest block was only beginning, unless all that was asked for has come.
        const auto end = begin_ ? std::max(*begin_, newest_) : 0;
        std::uint64_t received = 0, complete = 0, packets = 0;
        std::string stamps;
        for (const auto& [id, block] : blocks_) {
            if (id >= end && block.expected == 0) continue;
            ++received;
            complete += block.expected != 0 && block.packets == block.expected;
            packets += block.packets;
            if (options_.stamps) stamps += (stamps.empty() ? "" : ",") + std::to_string(block.first_ns);
        }
        const bool last_ended = blocks_.contains(end) && blocks_[end].expected != 0;
        const auto count = begin_ ? end - *begin_ + last_ended : 0;
        std::printf(
            "{\"blocks\": %lu, \"received\": %lu, \"complete\": %lu, \"packets\": %lu, \"bytes\": %lu, "
            "\"seconds\": %.6f, "
            "\"cpu_s\": %.3f, \"first_ns\": [%s]}\n",
            count, received, complete, packets, bytes_, seconds, cpu, stamps.c_str());
    }

  private:
    /// Larger than any step back from the first block.
    static constexpr std::uint64_t kOrigin = 0x10000;
    struct Block {
        std::vector<bool> came;  // by packet id
        std::uint32_t packets = 0, expected = 0;
        std::int64_t first_ns = 0;
    };
    void start() {
        begin_ = newest_;
        began_ = Clock::now();
        cpu_ = processor_time(options_.pid);
    }
    /// Ids of 16 bits go on where they begin anew.
    [[nodiscard]] std::uint64_t unwrapped(std::uint64_t id) const {
        return newest_ + static_cast<std::uint64_t>(
                             static_cast<std::int16_t>(static_cast<std::uint16_t>(id - newest_)));
    }
    [[nodiscard]] double elapsed() const {
        return std::chrono::duration<double>(Clock::now() - began_).count();
    }

    const Options& options_;
    std::optional<std::uint64_t> first_, begin_;
    std::uint64_t newest_ = 0, bytes_ = 0;
    Clock::time_point began_{};
    double cpu_ = 0;
    std::map<std::uint64_t, Block> blocks_;
};

void run(const Options& options) {
    const int descriptor = open_socket(options);
    Batch batch;
    Tally tally(options);
    bool goes_on = true;
    while (goes_on) {
        const int count = batch.receive(descriptor, options.stamps, options.patience);
        if (count <= 0) break;
        for (std::size_t i = 0; i < static_cast<std::size_t>(count) && goes_on; ++i) {
            const auto packet = read(batch.packets[i].data(), batch.messages[i].msg_len);
            if (packet) goes_on = tally.take(*packet, options.stamps ? batch.stamp_ns(i) : 0);
        }
    }
    tally.print();
    close(descriptor);
}

}  // namespace

int main(int count, char** arguments) {
    try {
        run(parse(count, arguments));
    } catch (const std::exception& error) {
        std::fprintf(stderr, "stream_sink: %s\n", error.what());
        return 2;
    }
    return 0;
}
