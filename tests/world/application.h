#pragma once

#include "tests/world/command_queue.h"
#include "tests/world/stream_receiver.h"

namespace world {

/// A client application: takes control of a camera, configures it, triggers a frame a second, receives,
/// asks for what is missing, acknowledges events, writes settings now and then. When anything fails it begins
/// anew.
class Application {
  public:
    enum class Kind { correct, slow, greedy };
    struct Options {
        Kind kind = Kind::correct;
        Endpoint control;                  // its own; the ports after it are the stream's and the events'
        std::function<Endpoint()> camera;  // where DISCOVERY_CMD finds it
        std::uint64_t seed = 1;
    };

    Application(Network&, const Options&);
    void start();
    /// Ends: its ports are closed. Politely it releases control before.
    void end(bool politely);
    [[nodiscard]] bool alive() const { return alive_; }
    /// Settings are written and read no more: it only streams.
    void calm() { calm_ = true; }
    [[nodiscard]] std::uint64_t frames() const { return stream_.frames(); }
    [[nodiscard]] Endpoint control() const { return options_.control; }

  private:
    void after(Time, void (Application::*)());
    void ask(std::uint16_t code, const Bytes& payload, CommandQueue::Then then);
    void write(std::uint32_t address, std::uint32_t value, CommandQueue::Then then = {});
    void read(std::uint32_t address, CommandQueue::Then then);
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
    void act();

    [[nodiscard]] Endpoint port(int offset) const;
    [[nodiscard]] Time part_of(Time time) {
        return Time(dice_.below(static_cast<std::uint64_t>(time.count())));
    }

    Network& network_;
    Options options_;
    support::Dice dice_;
    bool alive_ = false, calm_ = false;
    std::uint64_t life_ = 0, session_ = 0;
    std::uint32_t heartbeat_ms_ = 3000;
    Endpoint camera_;
    CommandQueue commands_;
    StreamReceiver stream_;
    std::deque<Write> to_write_;
};

}  // namespace world
