#pragma once

#include <sys/types.h>

#include <asio/io_context.hpp>
#include <asio/posix/stream_descriptor.hpp>
#include <asio/signal_set.hpp>
#include <asio/steady_timer.hpp>
#include <map>
#include <memory>

#include "emulator/testbench/scenario/client_report.h"

namespace emulator {

/// The program under test: a child process with all that it starts, whose output is read line by line. This
/// process adopts what its children leave behind, so that nothing outlives it.
class ClientProcess {
  public:
    /// More output ends it.
    static constexpr std::size_t kLinesMost = 200'000;
    static constexpr std::size_t kLineMost_bytes = 64 << 10;

    struct Order {
        std::vector<std::string> command;
        std::map<std::string, std::string> environment;  // beside this process's own
    };
    struct Told {
        std::function<void(testbench::OutputLine)> line;
        std::function<void(const testbench::ClientEnd&)> ended;  // once
    };
    ClientProcess(asio::io_context& context, Order order, Told told);
    ~ClientProcess();
    ClientProcess(const ClientProcess&) = delete;
    ClientProcess& operator=(const ClientProcess&) = delete;

    /// A program that cannot be started ends with exit code 127, as in a shell.
    void start();
    /// SIGTERM to it and all that it started, SIGKILL after 2 s to what is left. `told.ended` follows, at
    /// once if it has not been started.
    void end();

  private:
    class Output;
    void wait_for_child();
    void reap();
    void child_ended(int status);
    void finish_when_alone();
    void finish();
    void end_because(const std::string& complaint);

    asio::io_context& context_;
    Order order_;
    Told told_;
    asio::signal_set child_signal_;
    asio::steady_timer timer_;
    std::vector<std::shared_ptr<Output>> outputs_;
    pid_t pid_ = 0;
    std::size_t lines_ = 0;
    std::optional<testbench::ClientEnd> end_;
    std::string complaint_;
    int looks_ = 0;
    bool ending_ = false, finished_ = false;
};

}  // namespace emulator
