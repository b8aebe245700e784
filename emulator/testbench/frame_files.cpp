#include "emulator/testbench/frame_files.h"

#include <cstdio>
#include <opencv2/imgcodecs.hpp>

#include "emulator/testbench/image_pixels.h"

namespace emulator::testbench {
namespace {

using protocol::gvsp::Block;

const char* ending_of(FrameForm form) {
    return form == FrameForm::png ? ".png" : form == FrameForm::tiff ? ".tiff" : ".raw";
}

}  // namespace

bool is_available(FrameForm form) {
    return form == FrameForm::raw || cv::haveImageWriter(std::string("frame") + ending_of(form));
}

std::optional<std::string> frame_file(const Block& block, FrameForm form) {
    if (form == FrameForm::raw) return std::string(block.payload.begin(), block.payload.end());
    if (!is_available(form)) return std::nullopt;
    const auto pixels = image_pixels(block);
    std::vector<unsigned char> bytes;
    if (pixels.empty() || !cv::imencode(ending_of(form), pixels, bytes, {cv::IMWRITE_PNG_COMPRESSION, 1}))
        return std::nullopt;
    return std::string(bytes.begin(), bytes.end());
}

void FrameFiles::start(const Options& options) {
    stop();
    const std::lock_guard lock(mutex_);
    options_ = options;
    state_ = {.running = true, .name = options.name, .ended = "", .wanted = options.count};
    writer_ = std::thread([this] { write(); });
}

void FrameFiles::end(const char* why) {
    if (!state_.running) return;
    state_.running = false;
    state_.ended = why;
    wake_.notify_one();
}

void FrameFiles::stop() {
    {
        const std::lock_guard lock(mutex_);
        end("stopped");
    }
    if (writer_.joinable()) writer_.join();
}

FrameFiles::State FrameFiles::state() const {
    const std::lock_guard lock(mutex_);
    return state_;
}

void FrameFiles::take(const Block& block, const std::function<std::function<Json()>()>& truth) {
    const std::lock_guard lock(mutex_);
    if (!state_.running || state_.taken + state_.lost >= state_.wanted) return;
    if (waiting_bytes_ + block.payload.size() > kWaitingBytes) {
        ++state_.lost;
    } else {
        ++state_.taken;
        waiting_bytes_ += block.payload.size();
        waiting_.push_back({.block = block, .truth = truth()});
    }
    wake_.notify_one();
}

void FrameFiles::write() {
    std::unique_lock lock(mutex_);
    while (true) {
        const auto all_came = [this] { return state_.taken + state_.lost >= state_.wanted; };
        wake_.wait(lock, [&] { return !waiting_.empty() || !state_.running || all_came(); });
        if (waiting_.empty()) return end("complete");
        const auto one = std::move(waiting_.front());
        const auto number = state_.written + 1;
        waiting_.pop_front();
        lock.unlock();
        const auto why = write_one(one, number);
        lock.lock();
        waiting_bytes_ -= one.block.payload.size();
        if (why.empty()) continue;
        end(why == "full" ? "full" : "failed");
        waiting_.clear();
        waiting_bytes_ = 0;
    }
}

std::string FrameFiles::write_one(const Waiting& one, std::size_t number) {
    char digits[16];
    std::snprintf(digits, sizeof digits, "_%06zu", number);
    const auto name = options_.name + digits;
    const auto file = frame_file(one.block, options_.form);
    if (!file) return "failed";
    auto truth = one.truth();
    truth["file"] = name + ending_of(options_.form);
    truth["pixel_format"] = static_cast<std::uint32_t>(one.block.pixel_format);
    truth["width"] = one.block.size_x;
    truth["height"] = one.block.size_y;
    const auto text = truth.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
    {
        const std::lock_guard lock(mutex_);
        if (state_.bytes + file->size() + text.size() > options_.bytes_max) return "full";
    }
    if (!folder_.write(name + ending_of(options_.form), *file) || !folder_.write(name + ".json", text))
        return "failed";
    const std::lock_guard lock(mutex_);
    ++state_.written;
    state_.bytes += file->size() + text.size();
    return "";
}

}  // namespace emulator::testbench
