#pragma once

#include <sys/uio.h>

#include <array>
#include <vector>

#include "emulator/net/packet_tap.h"
#include "emulator/net/stream_socket.h"
#include "protocol/gvsp/transmitter.h"

namespace emulator::net {

/// Packets that leave together through a stream's socket, with few system calls.
///
/// With segmentation offload, runs of packets of one size travel through the kernel as one large datagram
/// that is cut into them at the device. It is cheap, but where no device cuts (loopback, veth) packet
/// captures see the large one. Packets larger than the MTU are sent alone, and so are sizes that the kernel
/// once refused to segment.
class PacketBatch {
  public:
    explicit PacketBatch(bool offload) : offload_(offload) {}

    /// The largest IP packet that the link carries whole, in bytes.
    void set_link_bytes(std::size_t bytes) { segment_bytes_max_ = bytes; }
    /// Where packets that are added are told.
    void tap(const TappedRoute& route) { route_ = route; }
    /// The packet must stay valid until `send`.
    void add(const protocol::gvsp::Transmitter::Outgoing&);
    /// A packet that did not leave this host.
    struct Unsent {
        std::uint64_t block_id = 0;
        protocol::gvsp::Transmitter::Outgoing::Kind kind{};
        int error = 0;  // as in errno: it has no room, or no way leads there
    };
    /// Sends all packets in order to the connected endpoint and empties the batch. Those that the link does
    /// not accept are lost as on a real one; those that it did not come to are returned.
    [[nodiscard]] std::vector<Unsent> send(StreamSocket&);

  private:
    static constexpr std::size_t kSegments = 60, kDatagramBytes = 65'000;
    union Control {
        cmsghdr header;
        std::array<char, CMSG_SPACE(sizeof(std::uint16_t))> bytes;
    };
    struct Whose {
        std::uint64_t block_id = 0;
        protocol::gvsp::Transmitter::Outgoing::Kind kind{};
    };
    [[nodiscard]] std::size_t run_length(std::size_t first) const;
    void make_messages(std::size_t first);

    bool offload_;
    TappedRoute route_;
    std::size_t segment_bytes_max_ = 0;  // of the IP packet
    std::vector<std::array<iovec, 2>> packets_;
    std::vector<Whose> whose_;
    std::vector<Control> controls_;
    std::vector<mmsghdr> messages_;
};

}  // namespace emulator::net
