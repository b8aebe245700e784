#include "emulator/app/own_address.h"

#include <spdlog/spdlog.h>

#include <asio/post.hpp>

namespace emulator {

std::unique_ptr<net::AddressClient> find_own_address(asio::io_context& context, const CommandLine& line,
                                                     const Profile& profile, const Flash& stored,
                                                     net::AddressChoice& choice,
                                                     const std::unique_ptr<RunningCamera>& running) {
    constexpr std::chrono::seconds kPatience{30};
    if (!line.own_address) return nullptr;
    // An address that a client has given by FORCEIP, or the persistent one, stays.
    auto move = [&running, last = std::uint32_t{0}](std::uint32_t found) mutable {
        const auto before = std::exchange(last, found);
        const auto here = running->camera().device.ip.ip;
        if (here != found && (before == 0 || here == before))
            running->in_time([&](auto&) { running->camera().restart_ip_configuration(); });
    };
    auto client = std::make_unique<net::AddressClient>(net::AddressClient::Options{
        .at = choice.interface,
        .mac = identity(profile).mac,
        .configuration = stored.device.ip_configuration,
        .changed = [&context, move = std::make_shared<decltype(move)>(move)](std::uint32_t found) {
            asio::post(context, [move, found] { (*move)(found); });
        }});
    if (!client->first_address(kPatience))
        spdlog::warn("{} has no address for the camera", choice.interface.name);
    choice.own = client.get();
    return client;
}

}  // namespace emulator
