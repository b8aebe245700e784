#include "tests/world/stranger.h"

#include <array>

#include "tests/support/virtual_camera.h"
#include "tests/world/laws/wire.h"

namespace world {
namespace {

using support::be16;
using support::be32;
using support::be64;
using support::Dice;
using support::gvcp_command;

constexpr std::uint32_t kStranger = 0x0A00'005A;
constexpr std::uint32_t kStart = 0x0012'0004, kSoftwareTrigger = 0x0012'0028, kUserSetSave = 0x001E'0008,
                        kReset = 0x0010'0048, kTestEvent = 0x0016'0008;

Bytes noise(Dice& dice, std::size_t most) {
    Bytes bytes(dice.below(most + 1));
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(dice.next());
    return bytes;
}

Bytes random_write(Dice& dice, const Target& target) {
    const std::array<Write, 14> writes{{{kStreamPort, 0},
                                        {kStreamPort, 4711},
                                        {kStreamDestination, kStranger},
                                        {kMessagePort, target.client.port + 7U},
                                        {kMessageDestination, kStranger},
                                        {kHeartbeat, 600'000},
                                        {kGvcpConfiguration, 1},
                                        {kSwitchoverKey, 0},
                                        {kStart, 1},
                                        {kSoftwareTrigger, 1},
                                        {kUserSetSave, 1},
                                        {kReset, 0xC07D'B007},
                                        {kTestEvent, 1},
                                        {0x0013'0000, static_cast<std::uint32_t>(dice.below(480))}}};
    auto list = Bytes();
    for (auto left = 1 + dice.below(2); left > 0; --left) {
        const auto& one = writes[dice.below(writes.size())];
        list = list + be32(one.address) + be32(one.value);
    }
    return gvcp_command(kWriteRegister, static_cast<std::uint16_t>(dice.next()), list,
                        static_cast<std::uint8_t>(dice.below(2)));
}

Bytes random_resend(Dice& dice) {
    const bool extended = dice.one_in(2);
    const auto range = be32(dice.below(4)) + be32(dice.one_in(2) ? 0xFFFF'FFFF : dice.below(40));
    const auto block = dice.below(60);
    const auto payload =
        extended ? be16(0) + be16(0) + range + be64(block) : be16(dice.below(2)) + be16(block) + range;
    return gvcp_command(kResend, 1, payload, extended ? 0x10 : 0);
}

/// Without an acknowledge, and with a length or a payload that is none.
Bytes malformed(Dice& dice) {
    auto datagram = gvcp_command(static_cast<std::uint16_t>(0x80 + 2 * dice.below(4)), 3, noise(dice, 40));
    if (dice.one_in(2)) datagram[4] = datagram[5] = static_cast<std::uint8_t>(dice.next());
    if (dice.one_in(3)) datagram.resize(dice.below(datagram.size() + 1));
    if (dice.one_in(3)) datagram[2] = static_cast<std::uint8_t>(dice.below(3));
    return datagram;
}

Bytes force_ip(Dice& dice) {
    Bytes payload(56);
    if (!dice.one_in(3)) payload[3] = static_cast<std::uint8_t>(dice.next());
    for (std::size_t i = 20; i < 24; ++i) payload[i] = static_cast<std::uint8_t>(dice.next());
    return gvcp_command(kForceIp, 5, payload);
}

Bytes action(Dice& dice) {
    const ActionKeys keys;
    const auto flags = static_cast<std::uint8_t>(dice.below(2));
    if (dice.one_in(2))
        return gvcp_command(kAction, 7, be32(keys.device) + be32(keys.group) + be32(dice.next()), flags);
    return gvcp_command(kAction, 6, be32(dice.below(2)) + be32(dice.below(2)) + be32(dice.next()), 1);
}

Bytes random_command(Dice& dice, const Target& target) {
    switch (dice.below(11)) {
        case 0:
            return gvcp_command(kReadRegister, 8, be32(kPrivilege) + Bytes(dice.below(2)));
        case 1:
            // A release by the switchover key, or whatever.
            return gvcp_command(kWriteRegister, 9,
                                be32(kPrivilege) + be32(dice.one_in(2) ? dice.below(4) << 16 : dice.next()));
        case 2:
            return gvcp_command(kWriteMemory, 10, be32(kUserName) + Bytes(16, 'x'));
        case 3:
            return gvcp_command(kDiscovery, 11);
        case 4:
        case 5:
            return random_resend(dice);
        case 6:
            return malformed(dice);
        case 7:
            return force_ip(dice);
        case 8:
            return action(dice);
        default:
            return random_write(dice, target);
    }
}

/// An acknowledge of an event that may be under way.
Bytes event_ack(Dice& dice) {
    return be16(0) + be16(dice.one_in(3) ? 0xC3 : 0xC1) + be16(0) + be16(1 + dice.below(60));
}

void send_one(Network& network, const Target& target, Endpoint from, Dice& dice) {
    if (dice.one_in(4)) {
        for (int i = 0; i < 10; ++i)
            network.send(event_ack(dice), from, {target.camera.ip, support::VirtualCamera::kMessagePort});
    } else {
        network.send(random_command(dice, target), from, target.camera);
    }
}

}  // namespace

void strange(Network& network, const Target& target, std::uint64_t seed) {
    Dice dice(seed);
    for (auto left = 1 + dice.below(12); left > 0; --left)
        send_one(network, target, {kStranger, static_cast<std::uint16_t>(60'000 + dice.below(3))}, dice);
}

void administrate(Network& network, const Target& target, std::uint64_t mac, std::uint64_t seed) {
    Dice dice(seed);
    const auto host = dice.one_in(3) ? 0 : target.camera.ip & 0x3F;
    // Its address, a mask or none, and a gateway.
    const auto ip = host == 0 ? 0 : 0x0A00'0080 + host;
    const auto mask = dice.one_in(8) ? 0xFF00'FF00 : 0xFFFF'FF00;
    const auto payload = be16(0) + be16(mac >> 32) + be32(mac & 0xFFFF'FFFF) + Bytes(12) + be32(ip) +
                         Bytes(12) + be32(mask) + Bytes(12) + be32(0);
    network.send(gvcp_command(kForceIp, static_cast<std::uint16_t>(1 + dice.below(1000)), payload),
                 {kStranger, 60'010}, target.camera);
}

void attack(Network& network, const Target& target, std::uint64_t seed) {
    Dice dice(seed);
    for (auto left = 1 + dice.below(12); left > 0; --left) {
        // A neighbour's port at the client's address may ask for resends and acknowledge events: those are
        // not the stranger's to send.
        const std::array<Endpoint, 4> ends{{{target.client.ip, 1},
                                            {target.client.ip + 1, target.client.port},
                                            {target.camera.ip, 3956},
                                            {0xFFFF'FFFF, target.client.port}}};
        send_one(network, target, ends[dice.below(ends.size())], dice);
    }
}

}  // namespace world
