#pragma once

#include <deque>

#include "tests/support/received_block.h"
#include "tests/world/laws/wire.h"
#include "tests/world/network.h"

namespace world {

/// A client application: takes control of a camera, configures it, triggers a frame a second, receives,
/// asks for what is missing, acknowledges events, writes settings now and then. When anything fails it begins
/// anew.
class Application {
  public:
    enum class Kind { correct, slow, greedy };
    struct Options {
        Kind kind = Kind::correct;
        Endpoint control;  // its own; the ports after it are the stream's and the events'
        Endpoint camera;
        std::uint64_t seed = 1;
    };

    Application(Network&, const Options&);
    void start();
    /// Ends: its ports are closed. Politely it releases control before.
    void end(bool politely);
    [[nodiscard]] bool alive() const { return alive_; }
    /// Settings are written and read no more: it only streams.
    void calm() { calm_ = true; }
    [[nodiscard]] std::uint64_t frames() const { return frames_; }
    [[nodiscard]] Endpoint control() const { return options_.control; }

  private:
    using Then = std::function<void(const std::optional<Answer>&)>;
    struct Pending {
        Bytes datagram;
        std::uint16_t code = 0, id = 0;
        int tries = 0;
        Then then;
    };
    void listen();
    void after(Time, void (Application::*)());
    void ask(std::uint16_t code, const Bytes& payload, Then then);
    void write(std::uint32_t address, std::uint32_t value, Then then = {});
    void read(std::uint32_t address, Then then);
    void send_front();
    void wait_for_front(Time);
    void on_control(ByteView);
    void on_stream(ByteView);
    void on_message(ByteView);

    void begin();
    void begin_later();
    void configure();
    void configure_next();
    void run();
    void beat();
    void trigger();
    void chore();
    void do_chore(std::uint64_t which);
    void recover();
    void ask_again(std::uint64_t block, std::uint32_t first, std::uint32_t last);
    void demand_too_much();

    // Chores.
    void write_plain();
    void write_list();
    void name_camera();
    void save_set();
    void load_set();
    void reopen_stream();
    void change_format();
    void free_run();
    /// Abandons what is under exposure, and what is in work.
    void start_anew();
    void reconfigure();
    void read_a_lot();
    void write_addresses();

    [[nodiscard]] Endpoint port(int offset) const;
    [[nodiscard]] Time part_of(Time time) {
        return Time(dice_.below(static_cast<std::uint64_t>(time.count())));
    }

    Network& network_;
    Options options_;
    support::Dice dice_;
    bool alive_ = false, calm_ = false, extended_ = false;
    std::uint64_t life_ = 0, session_ = 0, frames_ = 0;
    std::uint32_t heartbeat_ms_ = 3000;
    std::uint16_t last_id_ = 0;
    std::deque<Pending> queue_;
    std::optional<emulator::sim::Scheduler::Ticket> waiting_;
    std::deque<Write> to_write_;
    struct Partial {
        support::ReceivedBlock block;
        int asked = 0;
    };
    std::map<std::uint64_t, Partial> partial_;
    bool recovering_ = false;
};

}  // namespace world
