#pragma once

#include <httplib.h>

#include <array>
#include <chrono>

namespace emulator::testbench {

/// One TCP connection as the HTTP library reads and writes it. Limits time and size of a request, which the
/// library does not.
class Connection final : public httplib::Stream {
  public:
    static constexpr std::chrono::seconds kPatience{5}, kUploadPatience{60};
    static constexpr std::size_t kHeadMax = 64 * std::size_t{1024};

    explicit Connection(int socket) : socket_(socket) {}

    [[nodiscard]] bool is_readable() const override;
    [[nodiscard]] bool is_writable() const override;
    ssize_t read(char* bytes, std::size_t count) override;
    ssize_t write(const char* bytes, std::size_t count) override;
    /// The body that follows may have so many bytes, and take longer to arrive.
    void expect_upload(std::size_t bytes);
    /// Whether more came than was allowed.
    [[nodiscard]] bool overflowed() const { return allowed_ == 0; }
    /// Shuts down sending and reads some of the remaining bytes: closing with unread bytes would reset the
    /// connection and discard the answer.
    void hang_up();
    // The addresses of the peers are not used.
    void get_remote_ip_and_port(std::string&, int&) const override {}
    void get_local_ip_and_port(std::string&, int&) const override {}
    [[nodiscard]] socket_t socket() const override { return socket_; }

  private:
    using Clock = std::chrono::steady_clock;
    [[nodiscard]] bool wait(short event, Clock::time_point until) const;
    [[nodiscard]] bool fill();

    int socket_;
    Clock::time_point question_due_ = Clock::now() + kPatience;
    std::size_t allowed_ = kHeadMax;
    std::array<char, 4096> buffer_{};
    std::size_t begin_ = 0, end_ = 0;  // of what is in the buffer
};

}  // namespace emulator::testbench
