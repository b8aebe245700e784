#include "tests/world/laws/control_law.h"

#include <algorithm>

namespace world {
namespace {

enum Privilege : std::uint32_t { kExclusive = 1, kControl = 2, kSwitchover = 4, kAllBits = 7 };

constexpr std::uint32_t kEventSelector = 0x0016'0000, kEventNotification = 0x0016'0004,
                        kUserSetLoad = 0x001E'0004;

std::string hex(std::uint64_t value) {
    std::array<char, 24> line{};
    std::snprintf(line.data(), line.size(), "0x%llx", static_cast<unsigned long long>(value));
    return line.data();
}

}  // namespace

void ControlLaw::starts() {
    Promises fresh;
    fresh.stream_openings = scene_.promises.stream_openings + 1;
    fresh.ip = scene_.home_ip;
    fresh.message_openings = scene_.promises.message_openings + 1;
    scene_.promises = fresh;
    refused_at_.reset();
    look_at_events();
}

// A user set brings what is notified.
void ControlLaw::look_at_events() {
    const auto& events = scene_.camera->camera.settings.events;
    scene_.promises.event_selected = static_cast<std::uint32_t>(events.selected);
    for (std::uint32_t event = 0; event < 7; ++event) scene_.promises.notified[event] = events.notify[event];
}

// CCP: who has no control gets it if nobody has, or by the key where the owner allows switchover and is not
// exclusive.
std::uint16_t ControlLaw::due_status(const Command& command, std::uint32_t value) const {
    const auto& promises = scene_.promises;
    const auto bits = value & 0xFFFF;
    const bool foreign = promises.owner && !promises.owned_by(command.from);
    const bool offered = (promises.privilege & kSwitchover) != 0 && (promises.privilege & kExclusive) == 0;
    if (foreign && !(offered && bits != 0 && value >> 16 == promises.key)) return kAccessDenied;
    if ((bits & ~kAllBits) != 0 || bits == kSwitchover) return kInvalidParameter;
    return kSuccess;
}

void ControlLaw::before(const Command& command) {
    expire();
    due_.reset();
    moves_ = scene_.promises.moved_by(command, scene_.camera->camera.device.identity.mac);
    auto& promises = scene_.promises;
    if (command.whole && command.code != kResend && promises.owned_by(command.from))
        promises.heard = scene_.now();
    const auto writes = writes_of(command);
    if (command.reads() && command.length == command.payload.size() && (promises.privilege & kExclusive) &&
        !promises.owned_by(command.from))
        due_ = kAccessDenied;
    if (writes.empty()) return;
    if (writes.front().address == kPrivilege) {
        if (writes.size() == 1) due_ = due_status(command, writes.front().value);
    } else if (!promises.owned_by(command.from)) {
        due_ = kAccessDenied;
    }
}

void ControlLaw::judge_status(const Reaction& reaction) const {
    if (reaction.repeated || !reaction.answer) return;
    const auto status = reaction.answer->status;
    const auto told = [&] {
        return world::text(reaction.command.from) + " got status " + hex(status) +
               (due_ ? " where " + hex(*due_) + " is due" : " for a read");
    };
    if (due_) require(status == *due_, "one controller", told);
    if (reaction.command.reads() && !due_) require(status != kAccessDenied, "one controller", told);
}

void ControlLaw::after(const Reaction& reaction) {
    judge_status(reaction);
    if (moves_) take_address(reaction);
    if (reaction.repeated) return;
    for (const auto& write : reaction.done) {
        if (write.address == kPrivilege)
            request(reaction.command.from, write.value);
        else
            take_up(write);
    }
}

// By 0 the camera goes back to where it starts.
void ControlLaw::take_address(const Reaction& reaction) {
    const auto wanted = static_cast<std::uint32_t>(number_at(reaction.command.payload, 20, 4));
    if (wanted == 0) scene_.promises.ip = scene_.home_ip;
    if (reaction.answer && reaction.answer->status == kSuccess) scene_.promises.ip = wanted;
}

void ControlLaw::request(Endpoint who, std::uint32_t value) {
    auto& promises = scene_.promises;
    if ((value & 0xFFFF) == 0) return lose_control();
    promises.owner = who;
    promises.privilege = value & kAllBits;
    promises.heard = scene_.now();
}

void ControlLaw::take_up(const Write& write) {
    auto& promises = scene_.promises;
    switch (write.address) {
        case kHeartbeat:
            promises.heartbeat_ms = std::max(write.value, 500U);
            break;
        case kGvcpConfiguration:
            promises.heartbeat_off = write.value & 1;
            promises.unconditional_action = write.value & 8;
            break;
        case kSwitchoverKey:
            promises.key = static_cast<std::uint16_t>(write.value);
            break;
        case kActionDeviceKey:
            promises.keys.device = write.value;
            break;
        case kActionGroupKey:
            promises.keys.group = write.value;
            break;
        case kActionGroupMask:
            promises.keys.mask = write.value;
            break;
        case kGvspConfiguration:
            promises.extended_ids = write.value & 0x4000'0000;
            break;
        case kStreamConfiguration:
            promises.unconditional = write.value & 2;
            break;
        case kMessageTimeout:
            promises.message_timeout_ms = write.value;
            break;
        case kMessageRetries:
            promises.message_retries = write.value;
            break;
        case kMessagePort:
            promises.message.port = static_cast<std::uint16_t>(write.value);
            ++promises.message_openings;
            break;
        case kMessageDestination:
            promises.message.ip = write.value;
            ++promises.message_openings;
            break;
        case kStreamPort:
            promises.stream.port = static_cast<std::uint16_t>(write.value);
            refused_at_.reset();
            break;
        case kStreamDestination:
            promises.stream.ip = write.value;
            break;
        case kUserSetLoad:
            look_at_events();
            break;
        case kEventSelector:
            promises.event_selected = write.value;
            break;
        case kEventNotification:
            promises.notified[promises.event_selected] = write.value != 0;
            break;
        default:
            break;
    }
}

void ControlLaw::lose_control() {
    auto& promises = scene_.promises;
    promises.owner.reset();
    promises.privilege = 0;
    promises.message.port = 0;
    ++promises.message_openings;
    if (!promises.unconditional) promises.stream.port = 0;
}

void ControlLaw::expire() {
    const auto& promises = scene_.promises;
    if (!promises.owner || promises.heartbeat_off) return;
    if (scene_.now() >= promises.heard + std::chrono::milliseconds(promises.heartbeat_ms)) lose_control();
}

// The time at which control ends is exact.
void ControlLaw::streams(ByteView, Endpoint) { expire(); }
void ControlLaw::messages(ByteView, Endpoint) { expire(); }

void ControlLaw::settles() {
    expire();
    auto& promises = scene_.promises;
    const auto& device = scene_.camera->camera.device;
    const Endpoint stream{promises.stream.ip, promises.stream.port};
    if (promises.stream.open() && device.stream.host_port == 0 && refused_at_ == stream)
        promises.stream.port = 0;
    require(device.ip.ip == promises.ip, "the camera's address", [&] {
        return "the camera is at " + world::text({device.ip.ip, 0}) + " and was to be at " +
               world::text({promises.ip, 0});
    });
    const auto owner = device.control.taken() ? std::optional(device.control.owner()) : std::nullopt;
    require(owner == promises.owner && device.control.privilege() == promises.privilege, "one controller",
            [&] {
                return "the camera is controlled by " + (owner ? world::text(*owner) : "nobody") +
                       ", and was to be by " + (promises.owner ? world::text(*promises.owner) : "nobody") +
                       "; last heard " + std::to_string((scene_.now() - promises.heard).count() / 1'000'000) +
                       " ms ago of " + std::to_string(promises.heartbeat_ms);
            });
    require(
        device.stream.host_port == promises.stream.port && device.stream.destination_ip == promises.stream.ip,
        "stream destination", [&] {
            return "the stream goes to " + world::text(device.stream.destination()) + " and was to go to " +
                   world::text(stream);
        });
    require(device.message.host_port == promises.message.port, "message destination",
            [&] { return "events go to port " + std::to_string(device.message.host_port); });
}

}  // namespace world
