#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <vector>

#include "emulator/faults/fault.h"

namespace emulator::faults {

/// The path of stream packets from the transmitter to the socket: faults lose, delay, change or double
/// packets here. Without faults packets pass untouched.
///
/// Owns no thread and no timer: `deadline()` says when the next packet that is held is due.
class PacketPath {
  public:
    using Outgoing = protocol::gvsp::Transmitter::Outgoing;
    /// Takes a packet that leaves; it is valid until `sent()`.
    using Leave = std::function<void(const Outgoing&)>;
    /// Bytes that are held at most; more leave at once.
    static constexpr std::size_t kHeldBytes = 64 << 20;

    void set(StreamFaults);
    void submitted(std::uint64_t block_id);
    void restart();

    void pass(const Outgoing&, Time now, const Leave&);
    /// What was held and is due.
    void release(Time now, const Leave&);
    /// All that left is with the socket.
    void sent() { copies_.clear(); }

    [[nodiscard]] bool loses_test_packet(std::size_t ip_bytes) const;
    /// What becomes of a resend request.
    [[nodiscard]] ResendFate judge(const protocol::gvcp::Resend&) const;

    [[nodiscard]] bool empty() const { return held_.empty() && behind_.empty(); }
    [[nodiscard]] std::optional<Time> deadline() const;

  private:
    struct Held {
        protocol::Bytes datagram;
        std::uint32_t to_ip = 0;
        std::uint64_t block_id = 0;
        Outgoing::Kind kind{};
        std::uint32_t behind = 0;
    };
    using Faults = std::vector<FaultPtr>;
    [[nodiscard]] const Faults* faults_of(std::uint64_t block_id) const;
    [[nodiscard]] std::uint32_t count_sending(const protocol::gvsp::PacketId&, bool again);
    void hold(Held, Time due);
    void leave(Held, const Leave&);
    void passed(const Leave&);

    std::shared_ptr<const Faults> now_;
    std::deque<std::pair<std::uint64_t, std::shared_ptr<const Faults>>> blocks_;
    bool silent_ = false;
    std::map<std::pair<std::uint64_t, std::uint32_t>, std::uint32_t> sendings_;  // of packets sent again
    std::multimap<Time, Held> held_;
    std::size_t held_bytes_ = 0;
    Time last_due_{};                            // of those that keep their place
    std::vector<std::pair<Time, Held>> behind_;  // until others have left, or so long
    std::deque<protocol::Bytes> copies_;         // of what has left but is not sent
};

}  // namespace emulator::faults
