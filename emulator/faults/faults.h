#pragma once

#include <deque>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "emulator/camera/transport.h"
#include "emulator/faults/schedule.h"
#include "emulator/faults/table.h"
#include "emulator/sim/time_control.h"

namespace emulator::faults {

/// Reads a fault as files and requests have it, and makes it: `fault` is its kind. Throws ConfigError.
struct Order {
    const Kind* kind = nullptr;
    Schedule schedule;
    FaultPtr fault;
};
[[nodiscard]] Order read_order(const scenes::Node&);
/// JSON Schema of the orders of a kind, made by the reader of its keys.
[[nodiscard]] nlohmann::json order_schema(const Kind&);
/// What tells the kinds apart in a list of faults.
[[nodiscard]] scenes::Kinds order_kinds();

/// The faults of a camera: planned, in force, or over. One thread owns it.
class Faults {
  public:
    enum class State : std::uint8_t { planned, in_force, over };
    struct Entry {
        std::uint64_t id = 0;
        nlohmann::json content;  // as it was ordered
        const Kind* kind = nullptr;
        Schedule schedule;
        FaultPtr fault;
        State state = State::planned;
        int begun = 0;  // how often
    };
    static constexpr std::size_t kMost = 64;

    /// `stream` is told what concerns the blocks that are submitted from then on.
    Faults(sim::TimeControl& time, std::function<void(const StreamFaults&)> stream)
        : time_(time), stream_(std::move(stream)) {}

    /// The camera that they are about, which lives longer.
    void attach(Camera& camera);
    /// Sets a fault, and returns its number; it begins `schedule.after` from `begin`, a camera time, or from
    /// now. Throws ConfigError for what is wrong, and where there are too many; then nothing has changed.
    std::uint64_t add(const nlohmann::json& content, std::optional<Time> begin = std::nullopt);
    /// Ends a fault and forgets it. False if there is none of this number.
    bool remove(std::uint64_t id);
    /// Ends and forgets all.
    void clear();
    [[nodiscard]] const std::map<std::uint64_t, Entry>& entries() const { return entries_; }

    // What is in force, in the order in which it was set.
    void on_block(protocol::gvsp::Block&);
    /// False if the datagram does not reach the camera.
    [[nodiscard]] bool hears(protocol::ByteView datagram, protocol::Endpoint from);
    [[nodiscard]] ReplyFate judge(const protocol::gvcp::Reply&);
    [[nodiscard]] bool cable_out() const { return disturbance_.cable_out; }

    /// Who is told which fault touched the answer to a command.
    using OnTouched =
        std::function<void(protocol::Endpoint client, std::uint16_t request_id, std::string_view)>;
    void on_touched(OnTouched told) { touched_ = std::move(told); }
    using OnBlockTouched = std::function<void(std::uint64_t block_id, std::string_view)>;
    void on_block_touched(OnBlockTouched told) { block_touched_ = std::move(told); }

  private:
    struct Heard {
        protocol::Endpoint from;
        protocol::Bytes datagram;
    };
    using Ticket = std::pair<sim::Scheduler*, sim::Scheduler::Ticket>;
    [[nodiscard]] sim::Scheduler& time_of(const Entry&);
    void plan(std::uint64_t id, sim::Scheduler&, Time at, void (Faults::*)(Entry&));
    void begin(Entry&);
    void end(Entry&);
    void repeat(Entry&);
    void refresh();
    void make_room();
    [[nodiscard]] std::optional<protocol::gvcp::Command> heard(protocol::Endpoint,
                                                               std::uint16_t request) const;
    void for_each(auto&& act) {
        for (auto& [id, entry] : entries_)
            if (entry.state == State::in_force) act(entry);
    }

    sim::TimeControl& time_;
    std::function<void(const StreamFaults&)> stream_;
    Camera* camera_ = nullptr;
    std::map<std::uint64_t, Entry> entries_;
    std::map<std::uint64_t, Ticket> next_;  // begin or end, by number
    std::uint64_t last_id_ = 0;
    Disturbance disturbance_;
    std::deque<Heard> heard_;  // the last commands, while a fault may need them
    OnTouched touched_ = [](auto, auto, auto) {};
    OnBlockTouched block_touched_ = [](auto, auto) {};
};

}  // namespace emulator::faults
