#include "emulator/app/client_process.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <asio/buffer.hpp>
#include <asio/post.hpp>
#include <csignal>
#include <cstring>
#include <utility>

#include "emulator/app/descendants.h"

namespace emulator {
namespace {

using testbench::ClientEnd;
using namespace std::chrono_literals;

constexpr auto kLook = 20ms;
/// Processes that a client leaves have so long to end by themselves, and after SIGTERM.
constexpr int kLooksForLeft = 25, kLooksForEnd = 100;
constexpr int kNotStarted = 127;

std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> list;
    list.reserve(texts.size() + 1);
    for (auto& text : texts) list.push_back(text.data());
    list.push_back(nullptr);
    return list;
}

std::vector<std::string> environment_with(const std::map<std::string, std::string>& more) {
    std::vector<std::string> all;
    for (char** entry = environ; *entry != nullptr; ++entry) {
        const std::string text(*entry);
        if (!more.contains(text.substr(0, text.find('=')))) all.push_back(text);
    }
    for (const auto& [name, value] : more) all.push_back(std::string(name).append("=").append(value));
    return all;
}

/// Starts a program with these pipes as its output. Signals are as usual, and no other file is open.
int spawn(pid_t& pid, std::vector<std::string> command, std::vector<std::string> environment, int output,
          int error) {
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&files, output, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&files, error, STDERR_FILENO);
    posix_spawn_file_actions_addclosefrom_np(&files, STDERR_FILENO + 1);
    posix_spawnattr_init(&attributes);
    sigset_t none, usual;
    sigemptyset(&none);
    sigfillset(&usual);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &usual);
    posix_spawnattr_setflags(&attributes,
                             POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
    const int failed = posix_spawnp(&pid, command.front().c_str(), &files, &attributes,
                                    pointers(command).data(), pointers(environment).data());
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&attributes);
    return failed;
}

void signal_all(int signal) {
    for (const auto& one : descendants()) kill(one.pid, signal);
}

}  // namespace

/// One pipe, cut into lines.
class ClientProcess::Output : public std::enable_shared_from_this<Output> {
  public:
    Output(ClientProcess& client, int descriptor, bool is_error)
        : client_(&client), pipe_(client.context_, descriptor), is_error_(is_error) {}

    void read() {
        pipe_.async_read_some(asio::buffer(buffer_),
                              [self = shared_from_this()](auto error, std::size_t size) {
                                  if (error || self->client_ == nullptr) return;
                                  self->take({self->buffer_.data(), size});
                                  self->read();
                              });
    }
    /// What is there still, at the end.
    void drain() {
        pipe_.non_blocking(true);
        for (int i = 0; i < 64; ++i) {
            std::error_code error;
            const auto size = pipe_.read_some(asio::buffer(buffer_), error);
            if (error || size == 0) break;
            take({buffer_.data(), size});
        }
        if (!line_.empty()) say(std::exchange(line_, ""));
    }
    void leave() {
        client_ = nullptr;
        std::error_code error;
        pipe_.close(error);
    }

  private:
    void take(std::string_view text) {
        for (const char c : text) {
            if (c != '\n' && line_.size() < kLineMost_bytes) {
                line_ += c;
                continue;
            }
            say(std::exchange(line_, c == '\n' ? "" : std::string(1, c)));
        }
        if (client_->lines_ > kLinesMost)
            client_->end_because("it printed more than " + std::to_string(kLinesMost) + " lines");
    }
    void say(std::string line) {
        if (++client_->lines_ <= kLinesMost)
            client_->told_.line({.is_error = is_error_, .text = std::move(line)});
    }

    ClientProcess* client_;
    asio::posix::stream_descriptor pipe_;
    bool is_error_;
    std::array<char, 16384> buffer_{};
    std::string line_;
};

ClientProcess::ClientProcess(asio::io_context& context, Order order, Told told)
    : context_(context),
      order_(std::move(order)),
      told_(std::move(told)),
      child_signal_(context),
      timer_(context) {
    prctl(PR_SET_CHILD_SUBREAPER, 1);
}

ClientProcess::~ClientProcess() {
    if (pid_ != 0) {
        ending_ = true;
        signal_all(SIGKILL);
        reap();
    }
    for (const auto& output : outputs_) output->leave();
}

void ClientProcess::start() {
    std::array<std::array<int, 2>, 2> pipes{};
    for (auto& pipe : pipes)
        if (pipe2(pipe.data(), O_CLOEXEC) != 0)
            throw std::system_error(errno, std::generic_category(), "pipe");
    child_signal_.add(SIGCHLD);
    const int failed =
        spawn(pid_, order_.command, environment_with(order_.environment), pipes[0][1], pipes[1][1]);
    for (const auto& pipe : pipes) close(pipe[1]);
    for (std::size_t i = 0; i < pipes.size(); ++i) {
        outputs_.push_back(std::make_shared<Output>(*this, pipes.at(i)[0], i == 1));
        outputs_.back()->read();
    }
    if (failed != 0) {
        told_.line({.is_error = true, .text = order_.command.front() + ": " + std::strerror(failed)});
        end_ = ClientEnd{.exit_code = kNotStarted};
        asio::post(context_, [this] { finish(); });
        return;
    }
    wait_for_child();
}

void ClientProcess::wait_for_child() {
    child_signal_.async_wait([this](const std::error_code& error, int) {
        if (error) return;
        reap();
        wait_for_child();
    });
}

// Signals of several children can come as one.
void ClientProcess::reap() {
    int status = 0;
    for (pid_t ended = 0; (ended = waitpid(-1, &status, WNOHANG)) > 0;)
        if (ended == pid_) child_ended(status);
}

void ClientProcess::child_ended(int status) {
    end_ = ClientEnd{.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 0,
                     .signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0};
    if (!ending_) finish_when_alone();
}

void ClientProcess::finish_when_alone() {
    const auto left = descendants();
    if (left.empty() && (end_ || pid_ == 0)) return finish();
    ++looks_;
    if (!ending_ && looks_ > kLooksForLeft) {
        std::string names;
        for (const auto& one : left) names += (names.empty() ? "" : ", ") + one.name;
        return end_because("it left " + std::to_string(left.size()) + " process(es) behind: " + names);
    }
    if (ending_ && looks_ > kLooksForEnd) signal_all(SIGKILL);
    timer_.expires_after(kLook);
    timer_.async_wait([this](const std::error_code& error) {
        if (!error) finish_when_alone();
    });
}

void ClientProcess::end_because(const std::string& complaint) {
    if (!complaint_.empty()) return;
    complaint_ = complaint;
    end();
}

void ClientProcess::end() {
    if (std::exchange(ending_, true)) return;
    looks_ = 0;
    signal_all(SIGTERM);
    finish_when_alone();
}

void ClientProcess::finish() {
    if (std::exchange(finished_, true)) return;
    timer_.cancel();
    child_signal_.cancel();
    reap();
    for (const auto& output : outputs_) output->drain();
    auto end = end_.value_or(ClientEnd{});
    end.complaint = complaint_;
    pid_ = 0;
    told_.ended(end);
}

}  // namespace emulator
