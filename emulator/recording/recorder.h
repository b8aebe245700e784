#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <string>
#include <thread>

#include "emulator/file_descriptor.h"
#include "emulator/recording/pcapng.h"

namespace emulator::recording {

/// The camera's clock against the host's steady clock, as it runs at one moment.
struct StampMap {
    std::chrono::steady_clock::time_point at{};
    std::uint64_t ticks = 0;
    double ticks_per_ns = 1;

    [[nodiscard]] std::uint64_t ticks_at(std::chrono::steady_clock::time_point) const;
};

/// Recorder of the camera's datagrams: a pcapng file in one folder. Whatever thread has a datagram puts it
/// into a queue, and a thread of the recorder writes; what does not fit into the queue is counted, and lost.
class Recorder final : public net::PacketTap {
  public:
    enum class Packets : std::uint8_t { control, all };
    enum class End : std::uint8_t { none, stopped, full, failed };
    /// Bytes that wait to be written.
    static constexpr std::size_t kQueueBytes = 128 << 20;

    struct Options {
        std::filesystem::path file;  // made anew
        Packets packets = Packets::control;
        std::uint64_t bytes_max = 0;
        std::size_t queue_bytes = kQueueBytes;
    };
    struct State {
        bool running = false;
        End end = End::none;  // why the last recording ended
        std::string file;     // its name, without the folder
        Packets of = Packets::control;
        std::uint64_t packets = 0, bytes = 0, lost = 0;
    };

    Recorder() = default;
    ~Recorder() override { stop(); }
    Recorder(const Recorder&) = delete;
    Recorder& operator=(const Recorder&) = delete;

    /// Throws std::system_error if the file exists or cannot be made. A recording must not be running.
    void start(const Options&);
    /// Ends the recording once all of it is written.
    void stop();
    [[nodiscard]] State state() const;
    [[nodiscard]] bool running() const { return level_ != kOff; }

    /// How the camera's clock runs from now on.
    void set_clock(const StampMap&);
    void take(const net::TappedPacket&) override;

  private:
    enum Level : int { kOff, kControl, kAll };
    void write();
    bool write_out(const protocol::Bytes&);
    void end(End);

    std::atomic<int> level_ = kOff;
    mutable std::mutex mutex_;
    std::condition_variable wake_;
    StampMap clock_;
    State state_;
    std::uint64_t bytes_max_ = 0;
    std::size_t queue_bytes_ = 0;
    protocol::Bytes queue_;
    std::uint16_t id_ = 0;  // of the next IP packet
    FileDescriptor file_;
    std::thread writer_;
};

}  // namespace emulator::recording
