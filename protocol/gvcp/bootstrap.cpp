#include "protocol/gvcp/bootstrap.h"

#include <algorithm>
#include <array>
#include <cassert>

namespace protocol::bootstrap {
namespace {

using Get = std::uint32_t (*)(const Device&);
using Text = std::string_view (*)(const Device&);
using Set = Status (*)(Device&, std::uint32_t value, const Request&);

/// One register: a 4-byte number with `get`, or a text field with `text`. Without `set` it is read-only.
struct Register {
    std::uint32_t address = 0;
    std::uint32_t size_bytes = 4;
    Get get = nullptr;
    Text text = nullptr;
    Set set = nullptr;
};

constexpr std::uint32_t bit(int number) { return 1u << number; }

// GVCP capability, register 0x0934: exactly what works.
constexpr std::uint32_t kCapability = bit(31)    // user-defined name
                                      | bit(30)  // serial number
                                      | bit(29)  // heartbeat may be disabled
                                      | bit(28)  // link speed
                                      | bit(27)  // primary application port and address
                                      | bit(25)  // test packets carry the LFSR
                                      | bit(24)  // discovery delay
                                      | bit(23)  // and it may be written
                                      | bit(22)  // extended status codes of 1.1
                                      | bit(21)  // switchover
                                      | bit(20)  // unconditional action
                                      | bit(19)  // IEEE 1588
                                      | bit(18)  // extended status codes of 2.0
                                      | bit(17)  // scheduled action
                                      | bit(6)   // ACTION
                                      | bit(5)   // PENDING_ACK
                                      | bit(4)   // EVENTDATA
                                      | bit(3)   // EVENT
                                      | bit(2)   // PACKETRESEND
                                      | bit(1)   // WRITEMEM
                                      | bit(0);  // concatenation

constexpr std::uint32_t kIpCapability = kPersistentIp | kDhcp | kLinkLocal;

std::uint32_t high(std::uint64_t value) { return static_cast<std::uint32_t>(value >> 32); }
std::uint32_t low(std::uint64_t value) { return static_cast<std::uint32_t>(value); }

template <auto member>
Status set_persistent(Device& device, std::uint32_t value, const Request& request) {
    auto changed = device.non_volatile;
    changed.persistent_ip.*member = value;
    return request.delegate.store(changed);
}

Status set_ip_configuration(Device& device, std::uint32_t value, const Request& request) {
    auto changed = device.non_volatile;
    changed.ip_configuration = (value & kIpCapability) | kLinkLocal;  // Link-local cannot be switched off.
    return request.delegate.store(changed);
}

Status set_heartbeat(Device& device, std::uint32_t value, const Request&) {
    device.heartbeat_ms = std::max(value, kMinHeartbeatMs);
    return Status::success;
}

Status set_timestamp_control(Device& device, std::uint32_t value, const Request& request) {
    if (value == 0 || value > 3) return Status::invalid_parameter;
    if (value & 2) device.latched_ticks = device.clock.ticks(request.delegate.now());
    if ((value & 1) && !device.ptp_enabled) device.clock.reset(request.delegate.now());
    return Status::success;
}

Status set_discovery_delay(Device& device, std::uint32_t value, const Request&) {
    if (value > 1000) return Status::invalid_parameter;
    device.discovery_delay_ms = value;
    return Status::success;
}

std::uint32_t gvcp_configuration(const Device& d) {
    return (d.ptp_enabled ? bit(19) : 0) | (d.extended_status_2_enabled ? bit(18) : 0) |
           (d.action.unconditional ? bit(3) : 0) | (d.extended_status_enabled ? bit(2) : 0) |
           (d.pending_ack_enabled ? bit(1) : 0) | (d.heartbeat_disabled ? bit(0) : 0);
}

Status set_gvcp_configuration(Device& device, std::uint32_t value, const Request& request) {
    device.extended_status_2_enabled = value & bit(18);
    device.action.unconditional = value & bit(3);
    device.extended_status_enabled = value & bit(2);
    device.pending_ack_enabled = value & bit(1);
    device.heartbeat_disabled = value & bit(0);
    request.delegate.enable_ptp(value & bit(19));
    return Status::success;
}

Status set_gvsp_configuration(Device& device, std::uint32_t value, const Request& request) {
    const bool extended = value & bit(30);
    if (extended != device.stream.extended_ids && request.delegate.streaming()) return Status::write_protect;
    device.stream.extended_ids = extended;
    return Status::success;
}

Status set_control_privilege(Device& device, std::uint32_t value, const Request& request) {
    const auto before = device.control;
    if (const auto status = device.control.request(value, request.from, request.now); !ok(status))
        return status;
    if (!before.taken() && device.control.taken()) request.delegate.control_taken();
    if (before.taken() && !device.control.taken()) request.delegate.control_lost();
    if (before.taken() && device.control.taken() && !before.owned_by(request.from))
        request.delegate.control_switched();
    return Status::success;
}

Status set_switchover_key(Device& device, std::uint32_t value, const Request&) {
    device.control.set_switchover_key(static_cast<std::uint16_t>(value));
    return Status::success;
}

Status set_message_port(Device& device, std::uint32_t value, const Request& request) {
    device.message.host_port = static_cast<std::uint16_t>(value);
    request.delegate.message_channel_changed();
    return Status::success;
}

Status set_message_destination(Device& device, std::uint32_t value, const Request& request) {
    device.message.destination_ip = value;
    request.delegate.message_channel_changed();
    return Status::success;
}

Status set_stream_port(Device& device, std::uint32_t value, const Request& request) {
    const auto port = static_cast<std::uint16_t>(value);
    if (port != 0 && port != device.stream.host_port && request.delegate.streaming())
        return Status::write_protect;
    device.stream.host_port = port;
    request.delegate.stream_channel_changed();
    return Status::success;
}

Status set_stream_destination(Device& device, std::uint32_t value, const Request& request) {
    if (value != device.stream.destination_ip && request.delegate.streaming()) return Status::write_protect;
    device.stream.destination_ip = value;
    request.delegate.stream_channel_changed();
    return Status::success;
}

std::uint32_t stream_packet_size(const Device& d) {
    return (d.stream.do_not_fragment ? bit(30) : 0) | d.stream.packet_size_bytes;
}

// A size that is too large becomes the largest, and then no test packet is fired. The pixel order bit has no
// effect: only little-endian pixels are offered.
Status set_stream_packet_size(Device& device, std::uint32_t value, const Request& request) {
    const auto asked = value & 0x1FFF'FFFF;
    if (asked % kPacketStepBytes != 0) return Status::bad_alignment;
    if (asked < kMinPacketBytes || asked > 0xFFFF) return Status::invalid_parameter;
    const auto size = std::min(asked, kMaxPacketBytes);
    const bool fragment = value & bit(30);
    const bool changes = size != device.stream.packet_size_bytes || fragment != device.stream.do_not_fragment;
    if (changes && request.delegate.streaming()) return Status::write_protect;
    device.stream.packet_size_bytes = static_cast<std::uint16_t>(size);
    device.stream.do_not_fragment = fragment;
    if (changes) request.delegate.stream_channel_changed();
    if ((value & bit(31)) && size == asked) request.delegate.fire_test_packet();
    return Status::success;
}

std::uint32_t stream_configuration(const Device& d) {
    return (d.stream.resend_to_requester ? bit(3) : 0) | (d.stream.all_in ? bit(2) : 0) |
           (d.stream.unconditional ? bit(1) : 0);
}

Status set_stream_configuration(Device& device, std::uint32_t value, const Request& request) {
    device.stream.resend_to_requester = value & bit(3);
    device.stream.all_in = value & bit(2);
    device.stream.unconditional = value & bit(1);
    request.delegate.stream_channel_changed();
    return Status::success;
}

template <auto member>
Status set_message(Device& device, std::uint32_t value, const Request&) {
    device.message.*member = value;
    return Status::success;
}

template <auto member>
Status set_action(Device& device, std::uint32_t value, const Request&) {
    device.action.*member = value;
    return Status::success;
}

Status set_stream_delay(Device& device, std::uint32_t value, const Request&) {
    device.stream.delay_ticks = value;
    return Status::success;
}

using D = const Device&;

// clang-format off
constexpr auto kRegisters = std::to_array<Register>({
    {.address = 0x0000, .get = [](D) { return 0x0002'0000u; }},                     // GigE Vision 2.0
    {.address = 0x0004, .get = [](D) { return 0x8000'0001u; }},                     // big-endian transmitter, UTF-8
    {.address = 0x0008, .get = [](D d) { return high(d.identity.mac); }},
    {.address = 0x000C, .get = [](D d) { return low(d.identity.mac); }},
    {.address = 0x0010, .get = [](D) { return kIpCapability; }},
    {.address = 0x0014, .get = [](D d) { return d.non_volatile.ip_configuration; }, .set = set_ip_configuration},
    {.address = 0x0024, .get = [](D d) { return d.ip.ip; }},
    {.address = 0x0034, .get = [](D d) { return d.ip.mask; }},
    {.address = 0x0044, .get = [](D d) { return d.ip.gateway; }},
    {.address = 0x0048, .size_bytes = 32, .text = [](D d) { return std::string_view(d.identity.vendor); }},
    {.address = 0x0068, .size_bytes = 32, .text = [](D d) { return std::string_view(d.identity.model); }},
    {.address = 0x0088, .size_bytes = 32, .text = [](D d) { return std::string_view(d.identity.version); }},
    {.address = 0x00A8, .size_bytes = 48, .text = [](D d) { return std::string_view(d.identity.manufacturer_info); }},
    {.address = kSerialNumber, .size_bytes = 16, .text = [](D d) { return std::string_view(d.identity.serial); }},
    {.address = kUserName, .size_bytes = 16, .text = [](D d) { return std::string_view(d.non_volatile.user_name); }},
    {.address = 0x0200, .size_bytes = kXmlUrlBytes, .text = [](D d) { return std::string_view(d.xml_url); }},
    {.address = 0x0400, .size_bytes = kXmlUrlBytes, .text = [](D d) { return std::string_view(d.xml_url); }},
    {.address = 0x0600, .get = [](D) { return 1u; }},                               // network interfaces
    {.address = 0x064C, .get = [](D d) { return d.non_volatile.persistent_ip.ip; }, .set = set_persistent<&IpSettings::ip>},
    {.address = 0x065C, .get = [](D d) { return d.non_volatile.persistent_ip.mask; }, .set = set_persistent<&IpSettings::mask>},
    {.address = 0x066C, .get = [](D d) { return d.non_volatile.persistent_ip.gateway; }, .set = set_persistent<&IpSettings::gateway>},
    {.address = 0x0670, .get = [](D d) { return d.link_speed_mbps; }},
    {.address = 0x0900, .get = [](D) { return 1u; }},                               // message channels
    {.address = 0x0904, .get = [](D) { return 1u; }},                               // stream channels
    {.address = 0x0908, .get = [](D) { return 1u; }},                               // action signals
    {.address = 0x090C, .get = [](D) { return 0u; }, .set = set_action<&ActionSignal::device_key>},
    {.address = 0x0910, .get = [](D) { return 1u; }},                               // active links
    {.address = 0x092C, .get = [](D) { return bit(31) | bit(30); }},                // SCSP; 16-bit block ids
    {.address = 0x0930, .get = [](D) { return bit(31); }},                          // MCSP
    {.address = 0x0934, .get = [](D) { return kCapability; }},
    {.address = kHeartbeat, .get = [](D d) { return d.heartbeat_ms; }, .set = set_heartbeat},
    {.address = 0x093C, .get = [](D) { return high(kTickFrequencyHz); }},
    {.address = 0x0940, .get = [](D) { return low(kTickFrequencyHz); }},
    {.address = kTimestampControl, .get = [](D) { return 0u; }, .set = set_timestamp_control},
    {.address = kTimestampLatch, .get = [](D d) { return high(d.latched_ticks); }},
    {.address = 0x094C, .get = [](D d) { return low(d.latched_ticks); }},
    {.address = 0x0950, .get = [](D d) { return d.discovery_delay_ms; }, .set = set_discovery_delay},
    {.address = 0x0954, .get = gvcp_configuration, .set = set_gvcp_configuration},
    {.address = 0x0958, .get = [](D d) { return d.pending_timeout_ms; }},
    {.address = 0x095C, .get = [](D) { return 0u; }, .set = set_switchover_key},
    {.address = kGvspConfiguration, .get = [](D d) { return d.stream.extended_ids ? bit(30) : 0u; }, .set = set_gvsp_configuration},
    {.address = 0x0964, .get = [](D) { return 1u; }},                               // single link only
    {.address = 0x0968, .get = [](D) { return 0u; }},
    {.address = 0x096C, .get = [](D d) { return static_cast<std::uint32_t>(d.ptp_state); }},
    {.address = 0x0970, .get = [](D) { return kActionQueueSlots; }},
    {.address = kControlPrivilege, .get = [](D d) { return d.control.privilege(); }, .set = set_control_privilege},
    {.address = 0x0A04, .get = [](D d) { return std::uint32_t{d.control.owner().port}; }},
    {.address = 0x0A14, .get = [](D d) { return d.control.owner().ip; }},
    {.address = 0x0B00, .get = [](D d) { return std::uint32_t{d.message.host_port}; }, .set = set_message_port},
    {.address = 0x0B10, .get = [](D d) { return d.message.destination_ip; }, .set = set_message_destination},
    {.address = 0x0B14, .get = [](D d) { return d.message.timeout_ms; }, .set = set_message<&MessageChannelSettings::timeout_ms>},
    {.address = 0x0B18, .get = [](D d) { return d.message.retries; }, .set = set_message<&MessageChannelSettings::retries>},
    {.address = 0x0B1C, .get = [](D d) { return d.message.open() ? std::uint32_t{d.message.source_port} : 0u; }},
    {.address = kStreamPort, .get = [](D d) { return std::uint32_t{d.stream.host_port}; }, .set = set_stream_port},
    {.address = kStreamPacketSize, .get = stream_packet_size, .set = set_stream_packet_size},
    {.address = kStreamDelay, .get = [](D d) { return d.stream.delay_ticks; }, .set = set_stream_delay},
    {.address = kStreamDestination, .get = [](D d) { return d.stream.destination_ip; }, .set = set_stream_destination},
    {.address = kStreamSource, .get = [](D d) { return std::uint32_t{d.stream.source_port}; }},
    {.address = 0x0D20, .get = [](D) { return bit(3) | bit(2) | bit(1); }},         // what 0x0D24 can enable
    {.address = 0x0D24, .get = stream_configuration, .set = set_stream_configuration},
    {.address = 0x0D28, .get = [](D) { return 0u; }},                               // one zone,
    {.address = 0x0D2C, .get = [](D) { return 0u; }},                               // sent top to bottom
    {.address = 0x9800, .get = [](D d) { return d.action.group_key; }, .set = set_action<&ActionSignal::group_key>},
    {.address = 0x9804, .get = [](D d) { return d.action.group_mask; }, .set = set_action<&ActionSignal::group_mask>},
});
// clang-format on

static_assert(std::ranges::is_sorted(kRegisters, {}, &Register::address));

const Register* find(std::uint32_t address) {
    const auto after = std::ranges::upper_bound(kRegisters, address, {}, &Register::address);
    if (after == kRegisters.begin()) return nullptr;
    const auto& row = *std::prev(after);
    return address < row.address + row.size_bytes ? &row : nullptr;
}

void read_word(const Device& device, const Register& row, std::uint32_t address,
               std::span<std::uint8_t> out) {
    if (row.get) return store<std::uint32_t>(out, row.get(device));
    const auto text = row.text(device);
    for (std::size_t i = 0; i < 4; ++i) {
        const auto at = address - row.address + i;
        out[i] = at < text.size() ? static_cast<std::uint8_t>(text[at]) : 0;
    }
}

// The user name is patched four bytes at a time, in any order; its last byte stays NUL.
Status write_user_name(Device& device, std::uint32_t address, ByteView word, const Request& request) {
    auto name = Writer().text(device.non_volatile.user_name, 16).take();
    std::ranges::copy(word, name.begin() + (address - kUserName));
    name.back() = 0;
    auto changed = device.non_volatile;
    changed.user_name.assign(name.begin(), name.end());
    changed.user_name.erase(changed.user_name.find_last_not_of('\0') + 1);
    return request.delegate.store(changed);
}

}  // namespace

std::optional<Place> register_at(std::uint32_t address) {
    const auto* row = find(address);
    return row ? std::optional(Place{row->address, row->size_bytes}) : std::nullopt;
}

Status read(const Device& device, std::uint32_t address, std::span<std::uint8_t> out) {
    bool met_a_register = false;
    for (std::size_t at = 0; at < out.size(); at += 4) {
        const auto word = out.subspan(at, 4);
        const auto word_address = address + static_cast<std::uint32_t>(at);
        store<std::uint32_t>(word, 0);
        if (const auto* row = find(word_address)) {
            read_word(device, *row, word_address, word);
            met_a_register = true;
        }
    }
    return met_a_register ? Status::success : Status::invalid_address;
}

Status write(Device& device, std::uint32_t address, ByteView word, const Request& request) {
    const auto* row = find(address);
    if (!row) return Status::invalid_address;
    if (row->address == kUserName) return write_user_name(device, address, word, request);
    if (!row->set) return Status::write_protect;
    return row->set(device, load<std::uint32_t>(word), request);
}

Bytes discovery_image(const Device& device) {
    Bytes image(gvcp::kDiscoveryAckBytes);
    [[maybe_unused]] const auto status = read(device, 0, image);
    assert(ok(status));
    return image;
}

}  // namespace protocol::bootstrap
