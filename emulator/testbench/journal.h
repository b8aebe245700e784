#pragma once

#include <array>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>

#include "emulator/camera/gvcp_watch.h"
#include "emulator/testbench/block_log.h"
#include "protocol/time.h"

namespace emulator::testbench {

using protocol::Time;

/// A moment as the host sees it: host time of the camera, and UNIX time in ns.
struct HostMoment {
    Time host{};
    std::int64_t unix_ns = 0;
};

/// One command of a client or of the camera (an event), with what came of it; or a datagram that is none.
struct JournalEntry {
    enum class Channel : std::uint8_t { control, message };
    std::uint64_t number = 0;
    std::uint64_t ticks = 0;  // of the camera's clock
    HostMoment at;
    protocol::Endpoint client;
    Channel channel = Channel::control;
    protocol::Bytes datagram;  // its beginning, as far as GVCP has a meaning for it
    std::size_t size_bytes = 0;
    std::optional<std::uint16_t> status{};  // of its acknowledge
    Time answered{};                        // in host time
    protocol::Bytes answer{};               // payload of the acknowledge
    int pending_acks = 0;
    std::uint16_t pending_ms = 0;            // as the last of them says
    std::optional<std::uint64_t> repeats{};  // the entry before with the same request id and content
    std::string fault{};                     // names with commas between
    std::uint64_t revision = 0;              // of the journal, when this last changed

    [[nodiscard]] std::optional<protocol::gvcp::Command> command() const {
        return protocol::gvcp::parse_command(datagram);
    }
};

/// Commands of the control channel by name and by the status of their acknowledge; "none" without one.
using CommandCounts = std::map<std::pair<std::string_view, std::string>, std::uint64_t>;

/// Journal of GVCP and of what was streamed: the last commands and events with their acknowledges, and the
/// last blocks. Datagrams are kept as they are, and
/// decoded when somebody reads them. Belongs to the thread that owns the camera.
class Journal final : public GvcpWatch {
  public:
    /// What is older is forgotten, by number and by the bytes of datagrams.
    static constexpr std::size_t kEntriesKept = 16'384, kBytesKept = 8 << 20;

    Journal(std::function<std::uint64_t()> ticks, std::function<HostMoment()> host)
        : ticks_(std::move(ticks)), host_(std::move(host)) {}

    /// Where times of the host come from.
    void read_host(std::function<HostMoment()> host) { host_ = std::move(host); }
    [[nodiscard]] HostMoment host() const { return host_(); }

    /// A fault has touched this command, its acknowledge, or this event.
    void touched(protocol::Endpoint client, std::uint16_t request_id, std::string_view fault);
    /// Forgets all entries and blocks; numbers go on.
    void forget();

    /// The summaries of blocks.
    [[nodiscard]] BlockLog& blocks() { return blocks_; }
    [[nodiscard]] const BlockLog& blocks() const { return blocks_; }

    /// The oldest first; numbers are consecutive.
    [[nodiscard]] const std::deque<JournalEntry>& entries() const { return entries_; }
    /// The number that the next entry will have.
    [[nodiscard]] std::uint64_t next() const { return next_; }
    /// Entries that gave way to newer ones since power-up.
    [[nodiscard]] std::uint64_t forgotten() const { return forgotten_; }
    /// Counts all changes.
    [[nodiscard]] std::uint64_t revision() const { return revision_; }
    /// Called at each change of an entry.
    void on_change(std::function<void()> told) { changed_ = std::move(told); }

    /// Since power-up.
    [[nodiscard]] const CommandCounts& commands() const { return commands_; }

    void on_control(protocol::ByteView, protocol::Endpoint from) override;
    void on_handled(protocol::ByteView, std::span<const protocol::gvcp::Reply>) override;
    void on_reply(const protocol::gvcp::Reply&) override;
    void on_event(protocol::ByteView, protocol::Endpoint to) override;
    void on_message(protocol::ByteView, protocol::Endpoint from) override;

  private:
    using Channel = JournalEntry::Channel;
    void add(Channel, protocol::ByteView, protocol::Endpoint);
    void answer(JournalEntry&, protocol::ByteView acknowledge);
    void drop_oldest();
    void note(JournalEntry&);
    [[nodiscard]] JournalEntry* find(Channel, protocol::Endpoint, std::uint16_t request_id);

    std::function<std::uint64_t()> ticks_;
    std::function<HostMoment()> host_;
    BlockLog blocks_;
    std::deque<JournalEntry> entries_;
    /// The last number of each client and request id, by channel.
    std::array<std::unordered_map<std::uint64_t, std::uint64_t>, 2> last_;
    std::uint64_t next_ = 0, forgotten_ = 0, revision_ = 0;
    std::size_t bytes_ = 0;
    CommandCounts commands_;
    std::function<void()> changed_ = [] {};
};

}  // namespace emulator::testbench
