#include "emulator/net/stream_sender.h"

#include <sys/prctl.h>

#include <spdlog/spdlog.h>
#include <asio/post.hpp>
#include <system_error>
#include <utility>

#include "protocol/time.h"

namespace emulator::net {
namespace {

using protocol::gvsp::Transmitter;

/// Resend requests that wait for the thread; more are dropped.
constexpr std::size_t kOrdersWaiting = 1024;
/// Timer slack of the thread; the kernel's default of 50 us is as long as four packets.
constexpr unsigned long kTimerSlackNs = 1000;

bool offload(const StreamSender::Options& options) {
    if (options.link.gso == "auto") return options.interface.segments_before_taps;
    return options.link.gso == "on";
}

}  // namespace

StreamSender::StreamSender(asio::io_context& owner, Options options)
    : owner_(owner),
      options_(std::move(options)),
      socket_(options_.interface.ip.ip, options_.port),
      channel_(socket_, offload(options_), *options_.counts,
               {.refused = [this] { tell_owner(options_.told.refused); },
                .unreachable = [this](int error) { unreachable(error); },
                .lost =
                    [this](std::uint64_t id, acquisition::DropCause cause) {
                        tell_owner([told = options_.told.lost, id, cause] { told(id, cause); });
                    },
                .cut_off = [this](auto frames) { tell_always(options_.told.cut_off, std::move(frames)); },
                .sent = [this](auto blocks) { tell_always(options_.told.sent, std::move(blocks)); }}) {
    channel_.tap(options_.tap, {.ip = options_.interface.ip.ip, .port = socket_.port()});
    thread_ = std::thread([this] { run(); });
}

StreamSender::~StreamSender() {
    {
        const std::lock_guard lock(mutex_);
        ends_ = true;
    }
    wake_.notify_one();
    thread_.join();
}

void StreamSender::unreachable(int error) {
    const auto client = dotted(channel_.target().destination_ip);
    if (error != 0)
        spdlog::warn("stream: nothing is sent to {}: {}", client, std::generic_category().message(error));
    else
        spdlog::info("stream: packets leave for {} again", client);
    tell_owner([told = options_.told.unreachable, error] { told(error); });
}

// Reports about an earlier client, or from a sender that ended, are discarded.
void StreamSender::tell_owner(std::function<void()> told) {
    asio::post(owner_, [told = std::move(told), opening = std::weak_ptr(opening_), served = served_opening_] {
        const auto now = opening.lock();
        if (now && *now == served) told();
    });
}

// Of an earlier client too: its last block was perhaps cut off by the end of the channel.
template <class List>
void StreamSender::tell_always(const std::function<void(List)>& told, List list) {
    asio::post(owner_, [told, list = std::move(list), opening = std::weak_ptr(opening_)] {
        if (!opening.expired()) told(list);
    });
}

void StreamSender::tell_all_sent() {
    if (taken_ == 0 || !channel_.all_sent()) return;
    tell_owner([this, blocks = std::exchange(taken_, 0)] {
        unsent_ -= blocks;
        options_.all_sent();
    });
}

void StreamSender::order(Order order) {
    {
        const std::lock_guard lock(mutex_);
        orders_.push_back(std::move(order));
    }
    wake_.notify_one();
}

void StreamSender::open(const protocol::StreamChannelSettings& target) {
    unsent_ = 0;
    order([this, target, opening = ++*opening_] {
        served_opening_ = opening;
        taken_ = 0;
        channel_.open(target);
    });
}

void StreamSender::close() {
    unsent_ = 0;
    ++*opening_;
    order([this] { channel_.close(); });
}

void StreamSender::set_faults(const faults::StreamFaults& faults) {
    order([this, faults] { channel_.set_faults(faults); });
}

void StreamSender::submit(protocol::gvsp::Block block, protocol::Time start,
                          const Transmitter::Settings& settings) {
    ++unsent_;
    order([this, block = std::move(block), start, settings]() mutable {
        ++taken_;
        channel_.submit(std::move(block), start, settings);
    });
}

void StreamSender::abandon_waiting() {
    order([this] { channel_.abandon_waiting(); });
}

void StreamSender::resend(const protocol::gvcp::Resend& asked, const Transmitter::Settings& settings) {
    {
        const std::lock_guard lock(mutex_);
        if (orders_.size() >= kOrdersWaiting) return;
    }
    order([this, asked, settings] { channel_.resend(asked, settings, options_.host_clock.now()); });
}

void StreamSender::send_test_packet(const protocol::Bytes& packet,
                                    const protocol::StreamChannelSettings& target) {
    order([this, packet, target] { channel_.send_test_packet(packet, target); });
}

void StreamSender::run() {
    prctl(PR_SET_TIMERSLACK, kTimerSlackNs, 0, 0, 0);
    std::unique_lock lock(mutex_);
    while (wait_for_work(lock)) {
        auto orders = std::exchange(orders_, {});
        lock.unlock();
        for (auto& one : orders) one();
        channel_.send_due(options_.host_clock.now());
        tell_all_sent();
        lock.lock();
    }
}

/// Waits until there are orders or packets are due. False at shutdown.
bool StreamSender::wait_for_work(std::unique_lock<std::mutex>& lock) {
    const auto awake = [this] { return ends_ || !orders_.empty(); };
    if (const auto due = channel_.deadline()) {
        wake_.wait_until(lock, options_.host_clock.host_at(*due), awake);
    } else {
        wake_.wait(lock, awake);
    }
    return !ends_;
}

}  // namespace emulator::net
