#include "protocol/dhcp/message.h"

namespace protocol::dhcp {
namespace {

constexpr std::uint32_t kCookie = 0x6382'5363;
constexpr std::uint8_t kBootRequest = 1, kBootReply = 2, kEthernet = 1, kMacBytes = 6;
constexpr std::uint16_t kBroadcastFlag = 0x8000;  // The client cannot be reached by its address yet.
constexpr std::size_t kHardwareAddressBytes = 16, kNamesBytes = 192, kLeastBytes = 300;

enum Option : std::uint8_t {
    kPad = 0,
    kMask = 1,
    kRouter = 3,
    kRequestedIp = 50,
    kLease = 51,
    kMessageType = 53,
    kServer = 54,
    kParameters = 55,
    kRenewal = 58,
    kRebinding = 59,
    kClientId = 61,
    kEnd = 255,
};

void put_mac(Writer& message, std::uint64_t mac) {
    message.u16(static_cast<std::uint16_t>(mac >> 32)).u32(static_cast<std::uint32_t>(mac));
}

void put_ip(Writer& message, Option option, std::uint32_t ip) {
    if (ip != 0) message.u8(option).u8(4).u32(ip);
}

void take(Answer& answer, std::uint8_t option, ByteView value) {
    if (option == kMessageType && value.size() == 1) answer.type = static_cast<Type>(value[0]);
    if (value.size() < 4) return;
    const auto number = load<std::uint32_t>(value);
    switch (option) {
        case kMask:
            answer.mask = number;
            break;
        case kRouter:
            answer.gateway = number;
            break;
        case kServer:
            answer.server = number;
            break;
        case kLease:
            answer.lease_s = number;
            break;
        case kRenewal:
            answer.renew_s = number;
            break;
        case kRebinding:
            answer.rebind_s = number;
            break;
        default:
            break;
    }
}

/// False where an option is longer than what is left.
bool take_options(Answer& answer, ByteView options) {
    while (!options.empty() && options[0] != kEnd) {
        if (options[0] == kPad) {
            options = options.subspan(1);
            continue;
        }
        if (options.size() < 2 || options.size() < std::size_t{2} + options[1]) return false;
        take(answer, options[0], options.subspan(2, options[1]));
        options = options.subspan(std::size_t{2} + options[1]);
    }
    return true;
}

}  // namespace

Bytes make(const Request& request) {
    Writer message;
    message.u8(kBootRequest).u8(kEthernet).u8(kMacBytes).u8(0).u32(request.transaction).u16(0);
    message.u16(request.own_ip == 0 ? kBroadcastFlag : 0).u32(request.own_ip).zeros(3 * 4);
    put_mac(message, request.mac);
    message.zeros(kHardwareAddressBytes - kMacBytes + kNamesBytes).u32(kCookie);
    message.u8(kMessageType).u8(1).u8(static_cast<std::uint8_t>(request.type));
    message.u8(kClientId).u8(1 + kMacBytes).u8(kEthernet);
    put_mac(message, request.mac);
    put_ip(message, kRequestedIp, request.requested_ip);
    put_ip(message, kServer, request.server);
    message.u8(kParameters).u8(3).u8(kMask).u8(kRouter).u8(kLease).u8(kEnd);
    auto bytes = message.take();
    if (bytes.size() < kLeastBytes) bytes.resize(kLeastBytes);
    return bytes;
}

std::optional<Answer> parse(ByteView datagram, std::uint32_t transaction, std::uint64_t mac) {
    Reader reader(datagram);
    const auto operation = reader.u8();
    reader.skip(3);
    const auto asked = reader.u32();
    reader.skip(8);
    Answer answer;
    answer.ip = reader.u32();
    reader.skip(8);
    const auto high = reader.u16();
    const auto client = std::uint64_t{high} << 32 | reader.u32();
    reader.skip(kHardwareAddressBytes - kMacBytes + kNamesBytes);
    const auto cookie = reader.u32();
    if (!reader.ok() || operation != kBootReply || asked != transaction || client != mac || cookie != kCookie)
        return std::nullopt;
    if (!take_options(answer, reader.rest())) return std::nullopt;
    if (answer.renew_s == 0) answer.renew_s = answer.lease_s / 2;
    if (answer.rebind_s == 0) answer.rebind_s = answer.lease_s - answer.lease_s / 8;
    return answer;
}

}  // namespace protocol::dhcp
