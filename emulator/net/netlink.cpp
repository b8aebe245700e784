#include "emulator/net/netlink.h"

#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include <array>
#include <functional>

#include "emulator/file_descriptor.h"

namespace emulator::net::netlink {
namespace {

using protocol::Bytes;
using protocol::ByteView;

constexpr std::size_t kAnswerBytes = 1 << 16;  // A dump comes in parts of at most 32 KiB.
constexpr int kTries = 3;
static_assert(kDump == (NLM_F_REQUEST | NLM_F_DUMP));
static_assert(kIpv4 == AF_INET);

std::size_t aligned(std::size_t size) { return NLMSG_ALIGN(size); }

void append(Bytes& to, const void* bytes, std::size_t size) {
    const auto* first = static_cast<const std::uint8_t*>(bytes);
    to.insert(to.end(), first, first + size);
    to.resize(aligned(to.size()));
}

nlmsghdr header_of(ByteView bytes) {
    nlmsghdr header{};
    if (bytes.size() >= sizeof header) std::memcpy(&header, bytes.data(), sizeof header);
    return header;
}

std::error_code last_error() { return {errno, std::system_category()}; }

/// Sends a request, and calls back for each message of the answer up to the last.
std::error_code converse(ByteView sent, const std::function<bool(const nlmsghdr&, ByteView)>& is_last) {
    const FileDescriptor kernel(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE));
    if (!kernel || send(kernel.get(), sent.data(), sent.size(), 0) < 0) return last_error();
    std::vector<std::uint8_t> buffer(kAnswerBytes);
    while (true) {
        const auto size = recv(kernel.get(), buffer.data(), buffer.size(), 0);
        if (size < 0 && errno == EINTR) continue;
        if (size <= 0) return last_error();
        auto rest = ByteView(buffer).first(static_cast<std::size_t>(size));
        while (rest.size() >= sizeof(nlmsghdr)) {
            const auto header = header_of(rest);
            if (header.nlmsg_len < sizeof header || header.nlmsg_len > rest.size()) break;
            if (is_last(header, rest.first(header.nlmsg_len))) return {};
            rest = rest.subspan(std::min(rest.size(), aligned(header.nlmsg_len)));
        }
    }
}

int error_in(ByteView message) {
    nlmsgerr answer{};
    std::memcpy(&answer, message.data() + sizeof(nlmsghdr),
                std::min(sizeof answer, message.size() - sizeof(nlmsghdr)));
    return -answer.error;
}

}  // namespace

Message::Message(std::uint16_t type, std::uint16_t flags, const void* body, std::size_t size) {
    nlmsghdr header{};
    header.nlmsg_type = type;
    append(bytes_, &header, sizeof header);
    append(bytes_, body, size);
    set_header(flags, 0);
}

Message& Message::with(std::uint16_t attribute, const void* value, std::size_t size) {
    const rtattr head{.rta_len = static_cast<std::uint16_t>(RTA_LENGTH(size)), .rta_type = attribute};
    append(bytes_, &head, sizeof head);
    append(bytes_, value, size);
    return *this;
}

void Message::set_header(std::uint16_t flags, std::uint32_t sequence) {
    auto header = header_of(bytes_);
    header.nlmsg_len = static_cast<std::uint32_t>(bytes_.size());
    header.nlmsg_flags = flags;
    header.nlmsg_seq = sequence;
    header.nlmsg_pid = 0;
    std::memcpy(bytes_.data(), &header, sizeof header);
}

ByteView Message::body_bytes() const { return ByteView(bytes_).subspan(sizeof(nlmsghdr)); }

ByteView Message::find(std::size_t body_size, std::uint16_t attribute) const {
    auto rest = body_bytes();
    rest = rest.subspan(std::min(rest.size(), aligned(body_size)));
    while (rest.size() >= sizeof(rtattr)) {
        const auto head = *read<rtattr>(rest);
        if (head.rta_len < sizeof head || head.rta_len > rest.size()) break;
        if (head.rta_type == attribute) return rest.first(head.rta_len).subspan(sizeof head);
        rest = rest.subspan(std::min(rest.size(), aligned(head.rta_len)));
    }
    return {};
}

// A table that changes while it is read is read again.
std::vector<Message> dump(const Message& question) {
    std::vector<Message> entries;
    for (int tries = 0; tries < kTries; ++tries) {
        entries.clear();
        bool whole = true;
        const auto error = converse(question.bytes(), [&](const nlmsghdr& header, ByteView message) {
            if (header.nlmsg_flags & NLM_F_DUMP_INTR) whole = false;
            if (header.nlmsg_type == NLMSG_DONE || header.nlmsg_type == NLMSG_ERROR) return true;
            entries.emplace_back(Bytes(message.begin(), message.end()));
            return false;
        });
        if (error) return {};
        if (whole) break;
    }
    return entries;
}

std::vector<std::error_code> perform(std::vector<Message> orders) {
    Bytes all;
    for (std::size_t i = 0; i < orders.size(); ++i) {
        nlmsghdr header = header_of(orders[i].bytes());
        orders[i].set_header(header.nlmsg_flags | NLM_F_REQUEST | NLM_F_ACK, static_cast<std::uint32_t>(i));
        append(all, orders[i].bytes().data(), orders[i].bytes().size());
    }
    std::vector<std::error_code> results(orders.size());
    std::size_t answered = 0;
    const auto error = converse(all, [&](const nlmsghdr& header, ByteView message) {
        if (header.nlmsg_type != NLMSG_ERROR || header.nlmsg_seq >= results.size()) return false;
        results[header.nlmsg_seq] = {error_in(message), std::system_category()};
        return ++answered == results.size();
    });
    if (error) std::ranges::fill(results, error);
    return results;
}

}  // namespace emulator::net::netlink
