#pragma once

#include <sys/socket.h>
#include <sys/uio.h>

#include <array>
#include <vector>

#include "protocol/gvsp/block.h"

namespace emulator::net {

/// Packets that leave together through a connected socket, with one system call.
///
/// With segmentation offload, runs of packets of one size travel through the kernel as one large datagram
/// that is cut into them at the device. It is cheap, but where no device cuts (loopback, veth) packet
/// captures see the large one.
class PacketBatch {
  public:
    explicit PacketBatch(bool offload) : offload_(offload) {}

    /// The packet must stay valid until `send`.
    void add(const protocol::gvsp::Packet&);
    /// Sends all packets in order and empties the batch. What the link does not take is lost. False if the
    /// receiver's host refused an earlier packet; then the rest is not sent.
    [[nodiscard]] bool send(int socket);

  private:
    static constexpr std::size_t kSegments = 60, kDatagramBytes = 65'000;
    union Control {
        cmsghdr header;
        std::array<char, CMSG_SPACE(sizeof(std::uint16_t))> bytes;
    };
    [[nodiscard]] std::size_t run_length(std::size_t first) const;
    void make_messages();

    bool offload_;
    std::vector<std::array<iovec, 2>> packets_;
    std::vector<Control> controls_;
    std::vector<mmsghdr> messages_;
};

}  // namespace emulator::net
