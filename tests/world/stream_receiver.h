#pragma once

#include "tests/support/received_block.h"
#include "tests/world/laws/wire.h"
#include "tests/world/network.h"

namespace world {

/// The stream as an application receives it: what is missing of a block is asked for again.
class StreamReceiver {
  public:
    explicit StreamReceiver(Network& network) : network_(network) {}
    /// Packets come to `at`; requests leave from there.
    void open(Endpoint at);
    void close();
    /// Another stream of this camera begins, with ids of this width.
    void begin(Endpoint camera, bool extended_ids);
    /// Where a stream is to go that all members of a group get.
    [[nodiscard]] Endpoint group() const { return {0xEF00'0000 | (at_.ip & 0xFF'FFFF), at_.port}; }
    /// Asks for packets by their numbers.
    void ask_again(std::uint64_t block, std::uint32_t first, std::uint32_t last);
    [[nodiscard]] std::uint32_t last_of_all() const { return extended_ids_ ? 0xFFFF'FFFF : 0xFF'FFFF; }
    /// That came whole, of all streams.
    [[nodiscard]] std::uint64_t frames() const { return frames_; }
    /// Since the last packet, or since the stream began.
    [[nodiscard]] Time silence() const { return network_.scheduler().now() - heard_; }

  private:
    void take(ByteView);
    void recover_after(Time);
    void recover();

    struct Partial {
        support::ReceivedBlock block;
        int asked = 0;
    };
    Network& network_;
    Endpoint camera_, at_;
    bool extended_ids_ = false, recovering_ = false;
    std::uint64_t opening_ = 0, frames_ = 0;
    Time heard_{};
    std::map<std::uint64_t, Partial> partial_;  // by block id
};

}  // namespace world
