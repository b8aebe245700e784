#include "emulator/net/place.h"

#include <arpa/inet.h>
#include <linux/capability.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <asio/io_context.hpp>
#include <cerrno>
#include <ctime>
#include <fstream>

#include "emulator/file_descriptor.h"
#include "emulator/net/datagram_socket.h"
#include "emulator/net/ptp_sockets.h"
#include "emulator/net/socket_address.h"
#include "protocol/gvcp/codec.h"

namespace emulator::net {
namespace {

namespace gvcp = protocol::gvcp;

constexpr int kMebibyte = 1 << 20;
constexpr int kUsualMtu = 1500;

FileDescriptor open_socket(int type) { return FileDescriptor(::socket(AF_INET, type | SOCK_CLOEXEC, 0)); }

std::error_code bind_to(const FileDescriptor& socket, std::uint32_t ip, std::uint16_t port) {
    const auto end = socket_address({.ip = ip, .port = port});
    if (bind(socket.get(), generic(end), sizeof end) == 0) return {};
    return last_error();
}

void allow(const FileDescriptor& socket, int option) {
    const int yes = 1;
    setsockopt(socket.get(), SOL_SOCKET, option, &yes, sizeof yes);
}

bool has_capability(int capability) {
    __user_cap_header_struct header{.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
    std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3> sets{};
    if (syscall(SYS_capget, &header, sets.data()) != 0) return false;
    return sets[CAP_TO_INDEX(capability)].effective & CAP_TO_MASK(capability);
}

/// What the system gives to a socket that asks for so much; it counts twice, for its own bookkeeping.
int granted(int option, int asked) {
    const auto socket = open_socket(SOCK_DGRAM);
    setsockopt(socket.get(), SOL_SOCKET, option, &asked, sizeof asked);
    int bytes = 0;
    socklen_t size = sizeof bytes;
    getsockopt(socket.get(), SOL_SOCKET, option, &bytes, &size);
    return bytes / 2;
}

std::string mebibytes(int bytes) {
    const int tenths = (bytes * 10 + kMebibyte / 2) / kMebibyte;
    return std::to_string(tenths / 10) + '.' + std::to_string(tenths % 10) + " MiB";
}

/// Whether a datagram comes within so long; it is read from the socket, and `from` is its sender.
bool comes(const FileDescriptor& socket, protocol::ByteView wanted, sockaddr_in& from) {
    constexpr int kPatienceMs = 250;
    pollfd waiting{.fd = socket.get(), .events = POLLIN, .revents = 0};
    while (poll(&waiting, 1, kPatienceMs) > 0) {
        std::array<std::uint8_t, 1024> bytes;
        socklen_t size = sizeof from;
        const auto count = recvfrom(socket.get(), bytes.data(), bytes.size(), MSG_DONTWAIT,
                                    reinterpret_cast<sockaddr*>(&from), &size);
        if (count >= 0 && std::ranges::equal(std::span(bytes).first(static_cast<std::size_t>(count)), wanted))
            return true;
    }
    return false;
}

void send_to(const FileDescriptor& socket, protocol::ByteView datagram, const sockaddr_in& to) {
    (void)sendto(socket.get(), datagram.data(), datagram.size(), 0, generic(to), sizeof to);
}

/// Plays both ends: the client that broadcasts, and the camera that hears it and answers.
bool comes_and_goes(const Interface& at) {
    const auto camera = open_socket(SOCK_DGRAM), client = open_socket(SOCK_DGRAM);
    allow(camera, SO_REUSEADDR);
    allow(client, SO_BROADCAST);
    if (bind_to_device(camera.get(), at) || bind_to(camera, kLimitedBroadcast, gvcp::kPort)) return false;
    if (bind_to_device(client.get(), at) || bind_to(client, at.ip.ip, 0)) return false;
    // Of a length that cameras refuse, so that none answers.
    const auto id = static_cast<std::uint16_t>(getpid() | 1);
    const auto question = gvcp::make_command(gvcp::Code::discovery, 0, id, std::array<std::uint8_t, 4>{});
    const auto answer =
        gvcp::make_ack(protocol::Status::success, static_cast<std::uint16_t>(gvcp::Code::discovery), id);
    sockaddr_in from{};
    send_to(client, question, socket_address({.ip = kLimitedBroadcast, .port = gvcp::kPort}));
    if (!comes(camera, question, from)) return false;
    send_to(camera, answer, from);
    return comes(client, answer, from);
}

}  // namespace

Finding control_port(const Interface& at) {
    const auto where = dotted(at.ip.ip);
    Finding finding{.subject = "GVCP port", .sentence = "3956 is free at " + where, .cure = ""};
    const auto error = bind_to(open_socket(SOCK_DGRAM), at.ip.ip, gvcp::kPort);
    if (!error) return finding;
    finding.verdict = Verdict::no;
    finding.sentence = "3956 cannot be opened at " + where + ": " + error.message();
    finding.cure = error == std::errc::address_in_use
                       ? "end the camera or client that has it, or serve at another --address"
                       : "serve at another --address";
    return finding;
}

Finding page_port(std::uint32_t ip, std::uint16_t port, bool demanded) {
    const auto where = std::to_string(port) + " at " + dotted(ip);
    Finding finding{.subject = "HTTP port", .sentence = where + " is free", .cure = ""};
    const auto socket = open_socket(SOCK_STREAM);
    allow(socket, SO_REUSEADDR);
    auto error = bind_to(socket, ip, port);
    if (!error && listen(socket.get(), 1) != 0) error = last_error();
    if (!error) return finding;
    finding.verdict = demanded ? Verdict::no : Verdict::warning;
    finding.sentence = "no page: port " + where + " cannot be opened: " + error.message();
    finding.cure = "--http " + dotted(ip) + ":" + std::to_string(port == 0xFFFF ? 8080 : port + 1);
    return finding;
}

Finding address_rights(const Interface& at) {
    Finding finding{.subject = "addresses", .sentence = "FORCEIP may change them", .cure = ""};
    if (at.loopback || has_capability(CAP_NET_ADMIN)) return finding;
    finding.verdict = Verdict::warning;
    finding.sentence =
        "FORCEIP and persistent addresses are refused: " + at.name + " may not be given another address";
    finding.cure = "setcap cap_net_admin+ep, or in a container --cap-add NET_ADMIN";
    return finding;
}

Finding ptp_ports(const std::error_code& opening) {
    Finding finding{.subject = "PTP", .sentence = "ports 319 and 320 can be opened", .cure = ""};
    if (!opening) return finding;
    finding.verdict = Verdict::warning;
    finding.sentence = "no PTP, and scheduled actions are refused: ports 319 and 320 cannot be opened (" +
                       opening.message() + ")";
    finding.cure = opening.value() == EACCES
                       ? "sysctl net.ipv4.ip_unprivileged_port_start=319, setcap cap_net_bind_service+ep, "
                         "or --set PtpEnable=false"
                       : "end the PTP program that does not share them, or --set PtpEnable=false";
    return finding;
}

Finding ptp_ports(const Interface& at) {
    asio::io_context context(1);
    PtpSockets sockets(context, sim::HostClock(sim::OscillatorSettings()), {}, nullptr);
    return ptp_ports(sockets.open(at));
}

Finding packet_size(const Interface& at) {
    Finding finding{.subject = "MTU",
                    .sentence = at.name + " carries packets of " + std::to_string(at.mtu) + " bytes",
                    .cure = ""};
    if (at.mtu >= kUsualMtu) return finding;
    const bool usable = at.mtu >= static_cast<int>(protocol::kMinPacketBytes);
    finding.verdict = usable ? Verdict::warning : Verdict::no;
    finding.sentence += usable ? ": a client that keeps GevSCPSPacketSize at 1500 receives no image"
                               : ": less than any stream needs";
    finding.cure = "ip link set " + at.name + " mtu 1500, or let the client negotiate the packet size";
    return finding;
}

Finding send_buffer() {
    constexpr int kWanted = 4 * kMebibyte, kEnough = 128 << 10;
    const int bytes = granted(SO_SNDBUF, kWanted);
    Finding finding{.subject = "send buffer", .sentence = mebibytes(bytes), .cure = ""};
    if (bytes >= kEnough) return finding;
    finding.verdict = Verdict::warning;
    finding.sentence += ": packets leave late when the host is busy";
    finding.cure = "sysctl net.core.wmem_max=4194304";
    return finding;
}

Finding receive_buffer() {
    constexpr int kWanted = 8 * kMebibyte, kEnough = 2 * kMebibyte;
    const int bytes = granted(SO_RCVBUF, kWanted);
    Finding finding{
        .subject = "receive buffer", .sentence = mebibytes(bytes) + " for a client on this host", .cure = ""};
    if (bytes >= kEnough) return finding;
    finding.verdict = Verdict::warning;
    finding.sentence += ", less than an image of 3 MB: it loses packets when it is late";
    finding.cure = "sysctl net.core.rmem_max=8388608 on the client's host";
    return finding;
}

Finding broadcast(const Interface& at) {
    Finding finding{.subject = "broadcast",
                    .sentence = "a discovery on " + at.name + " comes in and is answered",
                    .cure = ""};
    if (comes_and_goes(at)) return finding;
    finding.verdict = Verdict::warning;
    finding.sentence = "a discovery that this host broadcasts on " + at.name +
                       " is not received: clients "
                       "find no camera, but may open it by its address";
    finding.cure = "let the firewall pass UDP port 3956 and its answers, or see docs/containers.md";
    return finding;
}

Finding clock() {
    std::string source = "unknown";
    std::ifstream("/sys/devices/system/clocksource/clocksource0/current_clocksource") >> source;
    timespec step{};
    clock_getres(CLOCK_MONOTONIC, &step);
    Finding finding{.subject = "clock",
                    .sentence = source + ", in steps of " + std::to_string(step.tv_nsec) + " ns",
                    .cure = ""};
    const bool slow = source == "hpet" || source == "acpi_pm" || source.ends_with("jiffies");
    if (!slow && step.tv_sec == 0 && step.tv_nsec <= 1000) return finding;
    finding.verdict = Verdict::warning;
    finding.sentence += ": packets and PTP are timed coarsely";
    finding.cure = "boot with clocksource=tsc, or give the virtual machine a clock of its host (kvm-clock)";
    return finding;
}

Finding state_folder(const std::filesystem::path& folder) {
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    Finding finding{.subject = "state", .sentence = folder.string() + " can be written", .cure = ""};
    if (access(folder.c_str(), W_OK | X_OK) == 0) return finding;
    const auto user = std::to_string(geteuid());
    finding.verdict = Verdict::warning;
    finding.sentence = "UserSetSave, DeviceUserID and addresses will be refused: the state folder " +
                       folder.string() + " cannot be written by user " + user;
    finding.cure = "chown " + user + " " + folder.string() + ", or another --state-dir";
    return finding;
}

std::string sentence(const Finding& finding) {
    return finding.cure.empty() ? finding.sentence : finding.sentence + "; cure: " + finding.cure;
}

}  // namespace emulator::net
