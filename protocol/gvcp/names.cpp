#include "protocol/gvcp/names.h"

#include <algorithm>
#include <cstdio>

namespace protocol::gvcp {
namespace {

// clang-format off
constexpr GvcpName kCommandNames[] = {
    {0x0002, "DISCOVERY_CMD"},
    {0x0004, "FORCEIP_CMD"},
    {0x0040, "PACKETRESEND_CMD"},
    {0x0080, "READREG_CMD"},
    {0x0082, "WRITEREG_CMD"},
    {0x0084, "READMEM_CMD"},
    {0x0086, "WRITEMEM_CMD"},
    {0x00C0, "EVENT_CMD"},
    {0x00C2, "EVENTDATA_CMD"},
    {0x0100, "ACTION_CMD"},
};

constexpr GvcpName kStatusNames[] = {
    {0x0000, "GEV_STATUS_SUCCESS"},
    {0x0100, "GEV_STATUS_PACKET_RESEND"},
    {0x8001, "GEV_STATUS_NOT_IMPLEMENTED"},
    {0x8002, "GEV_STATUS_INVALID_PARAMETER"},
    {0x8003, "GEV_STATUS_INVALID_ADDRESS"},
    {0x8004, "GEV_STATUS_WRITE_PROTECT"},
    {0x8005, "GEV_STATUS_BAD_ALIGNMENT"},
    {0x8006, "GEV_STATUS_ACCESS_DENIED"},
    {0x8007, "GEV_STATUS_BUSY"},
    {0x8008, "GEV_STATUS_LOCAL_PROBLEM"},
    {0x8009, "GEV_STATUS_MSG_MISMATCH"},
    {0x800A, "GEV_STATUS_INVALID_PROTOCOL"},
    {0x800B, "GEV_STATUS_NO_MSG"},
    {0x800C, "GEV_STATUS_PACKET_UNAVAILABLE"},
    {0x800D, "GEV_STATUS_DATA_OVERRUN"},
    {0x800E, "GEV_STATUS_INVALID_HEADER"},
    {0x800F, "GEV_STATUS_WRONG_CONFIG"},
    {0x8010, "GEV_STATUS_PACKET_NOT_YET_AVAILABLE"},
    {0x8011, "GEV_STATUS_PACKET_AND_PREV_REMOVED_FROM_MEMORY"},
    {0x8012, "GEV_STATUS_PACKET_REMOVED_FROM_MEMORY"},
    {0x8013, "GEV_STATUS_NO_REF_TIME"},
    {0x8014, "GEV_STATUS_PACKET_TEMPORARILY_UNAVAILABLE"},
    {0x8015, "GEV_STATUS_OVERFLOW"},
    {0x8016, "GEV_STATUS_ACTION_LATE"},
    {0x8017, "GEV_STATUS_LEADER_TRAILER_OVERFLOW"},
    {0x8FFF, "GEV_STATUS_ERROR"},
};

constexpr GvcpName kEventNames[] = {
    {0x0007, "GEV_EVENT_PRIMARY_APP_SWITCH"},
    {0x0009, "GEV_EVENT_ACTION_LATE"},
};

struct RegisterName {
    std::uint32_t address = 0;
    std::string_view name;
};
constexpr RegisterName kRegisterNames[] = {
    {0x0000, "Version"},
    {0x0004, "Device Mode"},
    {0x0008, "Device MAC address High (Net #0)"},
    {0x000C, "Device MAC address Low (Net #0)"},
    {0x0010, "Supported IP Configuration (Net #0)"},
    {0x0014, "Current IP Configuration (Net #0)"},
    {0x0024, "Current IP Address (Net #0)"},
    {0x0034, "Current Subnet Mask (Net #0)"},
    {0x0044, "Current Default Gateway (Net #0)"},
    {0x0048, "Manufacturer Name"},
    {0x0068, "Model Name"},
    {0x0088, "Device Version"},
    {0x00A8, "Manufacturer Specific Information"},
    {0x00D8, "Serial Number"},
    {0x00E8, "User-defined Name"},
    {0x0200, "First Choice of URL for XML device description file"},
    {0x0400, "Second Choice of URL for XML device description file"},
    {0x0600, "Number of network interfaces"},
    {0x064C, "Persistent IP address (Net #0)"},
    {0x065C, "Persistent subnet mask (Net #0)"},
    {0x066C, "Persistent default gateway (Net #0)"},
    {0x0670, "Link Speed (Net #0)"},
    {0x0900, "Number of Message Channels"},
    {0x0904, "Number of Stream Channels"},
    {0x0908, "Number of Action Signals"},
    {0x090C, "Action Device Key"},
    {0x0910, "Number of Active Links"},
    {0x092C, "Stream channels Capability"},
    {0x0930, "Message channel Capability"},
    {0x0934, "GVCP Capability"},
    {0x0938, "Heartbeat timeout"},
    {0x093C, "Timestamp tick frequency - High"},
    {0x0940, "Timestamp tick frequency - Low"},
    {0x0944, "Timestamp control"},
    {0x0948, "Timestamp value (latched) - High"},
    {0x094C, "Timestamp value (latched) - Low"},
    {0x0950, "Discovery ACK delay"},
    {0x0954, "GVCP Configuration"},
    {0x0958, "Pending Timeout"},
    {0x095C, "Control switchover key"},
    {0x0960, "GVSP Configuration"},
    {0x0964, "Physical link capability"},
    {0x0968, "Physical link configuration"},
    {0x096C, "IEEE1588 status"},
    {0x0970, "Scheduled action command queue size"},
    {0x0A00, "CCP (Control Channel Privilege)"},
    {0x0A04, "Primary Application Port"},
    {0x0A14, "Primary Application IP address"},
    {0x0B00, "MCP (Message Channel Port)"},
    {0x0B10, "MCDA (Message Channel Destination Address)"},
    {0x0B14, "MCTT (Message Channel Transmission Timeout in ms)"},
    {0x0B18, "MCRC (Message Channel Retry Count)"},
    {0x0B1C, "MCSP (Message Channel Source Port)"},
    {0x0D00, "SCP0 (Stream Channel #0 Port)"},
    {0x0D04, "SCPS0 (Stream Channel #0 Packet Size)"},
    {0x0D08, "SCPD0 (Stream Channel #0 Packet Delay)"},
    {0x0D18, "SCDA0 (Stream Channel #0 Destination Address)"},
    {0x0D1C, "SCSP0 (Stream Channel #0 Source Port)"},
    {0x0D20, "SCC0 (Stream Channel #0 Capability)"},
    {0x0D24, "SCCONF0 (Stream Channel #0 Configuration)"},
    {0x0D28, "SCZ0 (Stream Channel Zone #0)"},
    {0x0D2C, "SCZD0 (Stream Channel Zone Direction #0)"},
    {0x9800, "Action Group Key #0"},
    {0x9804, "Action Group Mask #0"},
};
// clang-format on

}  // namespace

std::span<const GvcpName> command_names() { return kCommandNames; }
std::span<const GvcpName> status_names() { return kStatusNames; }

std::string_view command_name(const std::optional<Command>& command) {
    if (!command) return kMalformed;
    const auto* found = std::ranges::find(kCommandNames, command->code, &GvcpName::code);
    return found == std::end(kCommandNames) ? kOtherCommand : found->name;
}

std::string status_name(std::uint16_t status) {
    const auto* found = std::ranges::find(kStatusNames, status, &GvcpName::code);
    return found == std::end(kStatusNames) ? hex(status, 4) : std::string(found->name);
}

std::string_view event_name(std::uint16_t id) {
    const auto* found = std::ranges::find(kEventNames, id, &GvcpName::code);
    return found == std::end(kEventNames) ? "" : found->name;
}

std::string_view bootstrap_name(std::uint32_t address) {
    const auto* found = std::ranges::find(kRegisterNames, address, &RegisterName::address);
    return found == std::end(kRegisterNames) ? "" : found->name;
}

std::string hex(std::uint64_t number, int digits) {
    char text[24];
    std::snprintf(text, sizeof text, "0x%0*llX", digits, static_cast<unsigned long long>(number));
    return text;
}

std::string hex(ByteView bytes) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text;
    for (const auto byte : bytes) {
        text += kDigits[byte >> 4];
        text += kDigits[byte & 15];
    }
    return text;
}

}  // namespace protocol::gvcp
