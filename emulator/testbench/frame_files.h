#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "emulator/recording/folder.h"
#include "emulator/testbench/http/route.h"
#include "protocol/gvsp/block.h"

namespace emulator::testbench {

/// Form of a frame's file: PNG and TIFF have pixels of 8 or 16 bits, raw is the payload as it is sent.
enum class FrameForm : std::uint8_t { png, tiff, raw };

/// Whether OpenCV was built with it.
[[nodiscard]] bool is_available(FrameForm);

/// The file of an image; nothing for pixel formats that the form does not have. Raw pixels stay a mosaic, and
/// those of 12 bits stand in the upper bits of 16. `payload` may have chunks behind the image.
[[nodiscard]] std::optional<std::string> frame_file(const protocol::gvsp::Block&, FrameForm);

/// Writes the next frames to files, each with its truth beside it. The thread that owns the camera hands them
/// over, another one encodes and writes them; what does not fit between the two is counted, and lost.
class FrameFiles {
  public:
    static constexpr std::size_t kWaitingBytes = 256 << 20;

    struct Options {
        std::string name;  // of the files, before number and ending
        std::size_t count = 1;
        FrameForm form = FrameForm::png;
        std::uint64_t bytes_max = 0;
    };
    struct State {
        bool running = false;
        std::string name, ended;  // why: complete, stopped, full, failed; empty while it runs
        std::size_t wanted = 0, taken = 0, written = 0, lost = 0;
        std::uint64_t bytes = 0;
    };

    explicit FrameFiles(recording::Folder folder) : folder_(std::move(folder)) {}
    ~FrameFiles() { stop(); }
    FrameFiles(const FrameFiles&) = delete;
    FrameFiles& operator=(const FrameFiles&) = delete;

    /// One that runs is stopped.
    void start(const Options&);
    /// Ends once all that was taken is written.
    void stop();
    [[nodiscard]] State state() const;

    /// A block is about to be sent. `truth` is called on another thread, and only if the frame is wanted.
    void take(const protocol::gvsp::Block&, const std::function<std::function<Json()>()>& truth);

  private:
    struct Waiting {
        protocol::gvsp::Block block;
        std::function<Json()> truth;
    };
    void write();
    [[nodiscard]] std::string write_one(const Waiting&, std::size_t number);
    void end(const char* why);

    recording::Folder folder_;
    mutable std::mutex mutex_;
    std::condition_variable wake_;
    Options options_;
    State state_;
    std::deque<Waiting> waiting_;
    std::size_t waiting_bytes_ = 0;
    std::thread writer_;
};

}  // namespace emulator::testbench
