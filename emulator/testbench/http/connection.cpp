#include "emulator/testbench/http/connection.h"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>

namespace emulator::testbench {

bool Connection::wait(short event, Clock::time_point until) const {
    using std::chrono::milliseconds;
    pollfd waiting{.fd = socket_, .events = event, .revents = 0};
    while (true) {
        const auto left = std::chrono::duration_cast<milliseconds>(until - Clock::now());
        const auto ready = ::poll(&waiting, 1, static_cast<int>(std::max(left, milliseconds(0)).count()));
        if (ready >= 0 || errno != EINTR) return ready > 0;
    }
}

bool Connection::is_readable() const { return begin_ < end_ || wait(POLLIN, Clock::now()); }
bool Connection::is_writable() const { return wait(POLLOUT, Clock::now()); }

bool Connection::fill() {
    if (allowed_ == 0 || !wait(POLLIN, question_due_)) return false;
    const auto got = ::recv(socket_, buffer_.data(), std::min(buffer_.size(), allowed_), 0);
    if (got <= 0) return false;
    begin_ = 0;
    end_ = static_cast<std::size_t>(got);
    allowed_ -= end_;
    return true;
}

ssize_t Connection::read(char* bytes, std::size_t count) {
    if (begin_ == end_ && !fill()) return -1;
    const auto taken = std::min(count, end_ - begin_);
    std::memcpy(bytes, buffer_.data() + begin_, taken);
    begin_ += taken;
    return static_cast<ssize_t>(taken);
}

void Connection::expect_upload(std::size_t bytes) {
    allowed_ += bytes;
    question_due_ = Clock::now() + kUploadPatience;
}

void Connection::hang_up() {
    constexpr std::size_t kSwallowed = 16 * std::size_t{1024} * 1024;
    ::shutdown(socket_, SHUT_WR);
    const auto until = Clock::now() + std::chrono::milliseconds(500);
    for (std::size_t swallowed = 0; swallowed < kSwallowed && wait(POLLIN, until);) {
        const auto got = ::recv(socket_, buffer_.data(), buffer_.size(), 0);
        if (got <= 0) return;
        swallowed += static_cast<std::size_t>(got);
    }
}

ssize_t Connection::write(const char* bytes, std::size_t count) {
    if (!wait(POLLOUT, Clock::now() + kPatience)) return -1;
    return ::send(socket_, bytes, count, MSG_NOSIGNAL | MSG_DONTWAIT);
}

}  // namespace emulator::testbench
