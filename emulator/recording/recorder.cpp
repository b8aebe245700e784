#include "emulator/recording/recorder.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace emulator::recording {
namespace {

using protocol::Bytes;

/// The writer is woken when so much waits, or after this time.
constexpr std::size_t kWriteBytes = 1 << 20;
constexpr std::chrono::milliseconds kWriteEvery{100};

}  // namespace

std::uint64_t StampMap::ticks_at(std::chrono::steady_clock::time_point time) const {
    const auto ns = std::chrono::duration_cast<std::chrono::nanoseconds>(time - at).count();
    return ticks +
           static_cast<std::uint64_t>(static_cast<std::int64_t>(static_cast<double>(ns) * ticks_per_ns));
}

void Recorder::start(const Options& options) {
    stop();
    FileDescriptor file(
        ::open(options.file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644));
    if (file.get() < 0) throw std::system_error(errno, std::generic_category());
    const std::lock_guard lock(mutex_);
    file_ = std::move(file);
    const auto begin = pcapng_begin("gigemu");
    queue_.reserve(options.queue_bytes);
    queue_.assign(begin.begin(), begin.end());
    bytes_max_ = options.bytes_max;
    queue_bytes_ = options.queue_bytes;
    state_ = {.running = true,
              .end = End::none,
              .file = options.file.filename().string(),
              .of = options.packets,
              .packets = 0,
              .bytes = queue_.size(),
              .lost = 0};
    level_ = options.packets == Packets::all ? kAll : kControl;
    writer_ = std::thread([this] { write(); });
}

void Recorder::end(End why) {
    level_ = kOff;
    if (!state_.running) return;
    state_.running = false;
    state_.end = why;
    wake_.notify_one();
}

void Recorder::stop() {
    {
        const std::lock_guard lock(mutex_);
        end(End::stopped);
    }
    if (writer_.joinable()) writer_.join();
}

Recorder::State Recorder::state() const {
    const std::lock_guard lock(mutex_);
    return state_;
}

void Recorder::set_clock(const StampMap& clock) {
    const std::lock_guard lock(mutex_);
    clock_ = clock;
}

void Recorder::take(const net::TappedPacket& packet) {
    if (level_.load(std::memory_order_relaxed) < (packet.stream ? kAll : kControl)) return;
    const auto now = std::chrono::steady_clock::now();
    const auto bytes = packet_block_bytes(packet);
    const std::lock_guard lock(mutex_);
    if (!state_.running) return;
    if (state_.bytes + bytes > bytes_max_) return end(End::full);
    if (queue_.size() + bytes > queue_bytes_) {
        ++state_.lost;
        return;
    }
    append_packet(queue_, packet, clock_.ticks_at(now), id_++);
    ++state_.packets;
    state_.bytes += bytes;
    if (queue_.size() >= kWriteBytes) wake_.notify_one();
}

void Recorder::write() {
    Bytes out;
    out.reserve(queue_bytes_);
    std::unique_lock lock(mutex_);
    for (bool more = true; more;) {
        wake_.wait_for(lock, kWriteEvery, [this] { return !state_.running || queue_.size() >= kWriteBytes; });
        more = state_.running;
        std::swap(out, queue_);
        lock.unlock();
        const bool written = write_out(out);
        out.clear();
        lock.lock();
        if (written) continue;
        end(End::failed);
        state_.end = End::failed;
        queue_.clear();
    }
    file_ = FileDescriptor();
}

bool Recorder::write_out(const Bytes& bytes) {
    for (std::size_t at = 0; at < bytes.size();) {
        const auto count = ::write(file_.get(), bytes.data() + at, bytes.size() - at);
        if (count < 0 && errno != EINTR) return false;
        if (count > 0) at += static_cast<std::size_t>(count);
    }
    return true;
}

}  // namespace emulator::recording
