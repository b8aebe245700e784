#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>

#include "emulator/file_descriptor.h"
#include "emulator/net/interface.h"

namespace emulator::net {

/// Finds an address for a camera that configures itself: by DHCP (RFC 2131), and where no server answers a
/// link-local one that nobody has (RFC 3927). It keeps what it has found: a lease is renewed, and an address
/// that turns out to be another host's is given up. It runs on a thread of its own, and changes nothing on
/// the host: whoever asks adds the address.
class AddressClient {
  public:
    struct Options {
        Interface at;
        std::uint64_t mac = 0;                          // of the camera, which DHCP servers know it by
        std::uint32_t configuration = 0;                // of protocol::IpConfiguration
        std::function<void(std::uint32_t ip)> changed;  // to another, or 0; called on the client's thread
    };

    explicit AddressClient(Options options);
    ~AddressClient();
    AddressClient(const AddressClient&) = delete;
    AddressClient& operator=(const AddressClient&) = delete;

    [[nodiscard]] std::optional<protocol::IpSettings> address() const;
    /// Blocks until there is one.
    [[nodiscard]] std::optional<protocol::IpSettings> first_address(std::chrono::seconds patience);
    /// Begins anew where these methods differ from those before.
    void configure(std::uint32_t configuration);

  private:
    using Clock = std::chrono::steady_clock;
    struct Lease;

    void run();
    void say(std::optional<protocol::IpSettings>);
    [[nodiscard]] bool wants(std::uint32_t method) const;
    /// False if the client is told to stop or to begin anew.
    [[nodiscard]] bool wait(Clock::time_point until, int socket = -1);
    [[nodiscard]] std::optional<Lease> lease();
    [[nodiscard]] bool renew(Lease&);
    void keep(Lease);
    [[nodiscard]] std::optional<protocol::IpSettings> link_local();
    void defend(std::uint32_t ip);
    [[nodiscard]] bool is_taken(std::uint32_t ip, int probes, std::chrono::milliseconds between);
    [[nodiscard]] bool hears_conflict(std::uint32_t ip, Clock::time_point until, bool probes_count);
    void send_arp(std::uint32_t sender_ip, std::uint32_t target_ip);

    Options options_;
    std::uint64_t interface_mac_ = 0;
    std::uint32_t conflicts_ = 0;  // how many link-local addresses were another host's
    FileDescriptor wake_, arp_, dhcp_;

    mutable std::mutex mutex_;
    std::condition_variable found_;
    std::optional<protocol::IpSettings> address_;
    std::uint32_t configuration_ = 0;
    bool ends_ = false, anew_ = false;
    std::thread thread_;
};

}  // namespace emulator::net
