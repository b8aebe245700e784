#include "tests/world/laws/register_law.h"

#include <algorithm>

#include "protocol/gvcp/bootstrap.h"

namespace world {
namespace {

constexpr std::uint32_t kUserSetLoad = 0x001E'0004, kReset = 0x0010'0048, kFactoryReset = 0x0010'004C;

/// Registers below 0xA000 that a client can change, or that say who may.
constexpr std::array<std::uint32_t, 36> kBootstrap{
    0x0014, 0x0024, 0x0034, 0x0044, 0x00E8, 0x00EC, 0x00F0, 0x00F4, 0x064C, 0x065C, 0x066C, 0x0938,
    0x0948, 0x094C, 0x0950, 0x0954, 0x0960, 0x096C, 0x0A00, 0x0A04, 0x0A14, 0x0B00, 0x0B10, 0x0B14,
    0x0B18, 0x0D00, 0x0D04, 0x0D08, 0x0D18, 0x0D24, 0x9800, 0x9804, 0x0200, 0x00D8, 0x0970, 0x0008};

std::string hex(std::uint32_t value) { return support::to_hex(support::be32(value)); }

}  // namespace

const std::vector<RegisterLaw::Plain>& RegisterLaw::plain() {
    constexpr std::int64_t kWord = 0xFFFF'FFFF;
    static const std::vector<Plain> rows{
        {.address = kHeartbeat, .most = kWord, .becomes_at_least = 500},
        {.address = kMessageTimeout, .most = kWord},
        {.address = kMessageRetries, .most = kWord},
        {.address = kDiscoveryDelay, .most = 1000},
        {.address = 0x9800, .most = kWord},  // ActionGroupKey, ActionGroupMask
        {.address = 0x9804, .most = kWord},
        {.address = 0x0013'0000, .most = 480, .in_user_sets = true},                 // Gain
        {.address = 0x0013'0004, .most = 4095, .in_user_sets = true},                // BlackLevel
        {.address = 0x0013'0014, .least = -180, .most = 180, .in_user_sets = true},  // Hue
        {.address = 0x0013'0018, .most = 255, .in_user_sets = true},                 // Saturation
        {.address = 0x001B'0018, .most = 32767, .in_user_sets = true},               // StrobeDuration
        {.address = 0x001B'001C, .most = 32767, .in_user_sets = true},               // StrobeDelay
    };
    return rows;
}

std::uint32_t RegisterLaw::value(const support::VirtualCamera& camera, std::uint32_t address) {
    std::array<std::uint8_t, 4> word{};
    if (address < kFeatures) {
        (void)protocol::bootstrap::read(camera.camera.device, address, word);
    } else {
        (void)camera.camera.registers().read(address, word);
    }
    return static_cast<std::uint32_t>(number_at(word, 0, 4));
}

RegisterLaw::Snapshot RegisterLaw::snapshot() const {
    Snapshot all;
    for (const auto address : kBootstrap) all.emplace_back(address, value(*scene_.camera, address));
    for (const auto& row : scene_.camera->camera.registers().rows()) {
        if (row.address < kFeatures || row.feature->info.access == protocol::genicam::Access::wo) continue;
        for (std::uint32_t at = 0; at < std::min(row.size_bytes, 8U); at += 4)
            all.emplace_back(row.address + at, value(*scene_.camera, row.address + at));
    }
    return all;
}

void RegisterLaw::starts() {
    before_.clear();
    look_again();
}

void RegisterLaw::look_again() {
    for (const auto& row : plain()) in_force_[row.address] = value(*scene_.camera, row.address);
}

/// By what it is and whom it comes from.
bool RegisterLaw::may_change(const Command& command) const {
    if (command.reads() || command.is(kResend) || command.is(kDiscovery)) return false;
    return scene_.promises.owned_by(command.from);
}

void RegisterLaw::before(const Command& command) {
    before_.clear();
    moves_ = scene_.promises.moved_by(command, scene_.camera->camera.device.identity.mac);
    const bool owners_read = scene_.promises.owned_by(command.from) && !may_change(command);
    if (!owners_read) before_ = snapshot();
}

void RegisterLaw::after(const Reaction& reaction) {
    if (before_.empty()) return;
    const auto& command = reaction.command;
    const bool took_control = !reaction.done.empty() && reaction.done.front().address == kPrivilege;
    const bool changes =
        scene_.promises.owned_by(command.from) && !reaction.done.empty() && !reaction.repeated;
    if (!took_control && !changes && !moves_) compare(snapshot(), reaction);
    if (reaction.repeated) return;
    judge_legal(reaction);
    judge_plain(reaction);
}

void RegisterLaw::compare(const Snapshot& now, const Reaction& reaction) const {
    const bool stranger = !scene_.promises.owned_by(reaction.command.from);
    for (std::size_t i = 0; i < now.size(); ++i) {
        require(now[i] == before_[i],
                stranger ? "a stranger changes nothing" : "a refused write changes nothing", [&] {
                    return "register " + hex(now[i].first) + " changed from " + hex(before_[i].second) +
                           " to " + hex(now[i].second) + " by a datagram from " +
                           world::text(reaction.command.from);
                });
    }
}

// A single write of a plain register is refused if, and only if, its value is none that is legal.
void RegisterLaw::judge_legal(const Reaction& reaction) const {
    const auto writes = writes_of(reaction.command);
    if (writes.size() != 1 || !reaction.answer || !reaction.command.is(kWriteRegister)) return;
    if (!scene_.promises.owned_by(reaction.command.from)) return;
    const auto row = std::ranges::find(plain(), writes.front().address, &Plain::address);
    if (row == plain().end()) return;
    const auto wanted = row->least < 0 ? std::int64_t{static_cast<std::int32_t>(writes.front().value)}
                                       : std::int64_t{writes.front().value};
    const bool legal = wanted >= row->least && wanted <= row->most;
    require(legal == (reaction.answer->status == kSuccess), "an acknowledged write is in force", [&] {
        return "a write of " + std::to_string(wanted) + " to " + hex(row->address) + " is " +
               (legal ? "legal and was refused" : "illegal and was acknowledged");
    });
}

void RegisterLaw::judge_plain(const Reaction& reaction) {
    bool all_may_change = false;
    for (const auto& write : reaction.done) {
        all_may_change |=
            write.address == kUserSetLoad || write.address == kReset || write.address == kFactoryReset;
        const auto row = std::ranges::find(plain(), write.address, &Plain::address);
        if (row != plain().end()) in_force_[row->address] = std::max(write.value, row->becomes_at_least);
    }
    if (all_may_change) return look_again();
    looked_ = {};
}

void RegisterLaw::settles() {
    if (looked_ != Time::zero() && scene_.now() < looked_ + 1s) return;
    looked_ = scene_.now();
    for (const auto& [address, wanted] : in_force_) {
        const auto found = value(*scene_.camera, address);
        require(found == wanted, "an acknowledged write is in force",
                [&, address = address, wanted = wanted] {
                    return "register " + hex(address) + " holds " + hex(found) + ", and was to hold " +
                           hex(wanted);
                });
    }
}

}  // namespace world
