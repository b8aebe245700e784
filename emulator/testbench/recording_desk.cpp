#include "emulator/testbench/recording_desk.h"

#include <algorithm>
#include <system_error>

namespace emulator::testbench {

void RecordingDesk::start(const Order& order) {
    const std::lock_guard lock(mutex_);
    if (recorder_.running()) throw Problem(kConflict, "", "A recording runs; DELETE ends it.");
    const auto name = order.name + std::string(kRecordingEnding);
    try {
        recorder_.start(
            {.file = folder_.path_of(name), .packets = order.packets, .bytes_max = order.bytes_max});
    } catch (const std::system_error& error) {
        throw Problem(kConflict, "name", name + " cannot be made: " + error.code().message() + ".");
    }
}

void RecordingDesk::start(const FrameFiles::Options& options) {
    const std::lock_guard lock(mutex_);
    if (frames_.state().running) throw Problem(kConflict, "", "Frames are being recorded; DELETE ends that.");
    const auto files = folder_.files();
    const auto taken = [&](const recording::Folder::File& file) {
        return file.name.starts_with(options.name + "_");
    };
    if (std::ranges::any_of(files, taken))
        throw Problem(kConflict, "name", "there are files of this name already.");
    frames_.start(options);
}

void RecordingDesk::stop() {
    const std::lock_guard lock(mutex_);
    recorder_.stop();
}

void RecordingDesk::stop_frames() {
    const std::lock_guard lock(mutex_);
    frames_.stop();
}

}  // namespace emulator::testbench
