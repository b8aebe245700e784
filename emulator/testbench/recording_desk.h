#pragma once

#include "emulator/recording/folder.h"
#include "emulator/recording/recorder.h"
#include "emulator/testbench/frame_files.h"

namespace emulator::testbench {

/// All recordings of this process, in one folder. Unlike the camera it outlives a reset. Any thread may use
/// it; starts and stops come one after the other.
class RecordingDesk {
  public:
    explicit RecordingDesk(const std::filesystem::path& path) : folder_(path), frames_(folder_) {}

    struct Order {
        std::string name;  // without ".pcapng"
        recording::Recorder::Packets packets = recording::Recorder::Packets::control;
        std::uint64_t bytes_max = 0;
    };
    /// Throws Problem 409 if one runs, or the file exists or cannot be made.
    void start(const Order&);
    /// Throws Problem 409 if one runs, or a file of this name exists.
    void start(const FrameFiles::Options&);
    void stop();
    void stop_frames();

    [[nodiscard]] recording::Recorder& recorder() { return recorder_; }
    [[nodiscard]] FrameFiles& frames() { return frames_; }
    [[nodiscard]] const recording::Folder& folder() const { return folder_; }

  private:
    std::mutex mutex_;
    recording::Folder folder_;
    recording::Recorder recorder_;
    FrameFiles frames_;
};

inline constexpr std::string_view kRecordingEnding = ".pcapng";

}  // namespace emulator::testbench
