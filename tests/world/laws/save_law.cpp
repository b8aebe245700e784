#include "tests/world/laws/save_law.h"

#include <algorithm>

namespace world {
namespace {

constexpr std::uint32_t kUserSetSelector = 0x001E'0000, kUserSetLoad = 0x001E'0004,
                        kUserSetSave = 0x001E'0008;

bool is_saved_register(std::uint32_t address) {
    return (address >= kUserName && address < kUserName + 16) || address == kIpConfiguration ||
           (address >= kPersistentIp && address <= 0x066C) || address == 0x001E'000C ||
           address == kUserSetSave;
}

}  // namespace

emulator::Flash SaveLaw::in_camera() const {
    const auto& camera = scene_.camera->camera;
    return {.device = camera.device.non_volatile, .user_sets = camera.user_sets};
}

SaveLaw::Values SaveLaw::plain_values() const {
    Values values;
    for (const auto& row : RegisterLaw::plain()) {
        if (row.in_user_sets) values[row.address] = registers_.in_force().at(row.address);
    }
    return values;
}

void SaveLaw::finds(const emulator::Flash& found) {
    if (found == durable_.flash) {
        attempts_.clear();
    } else {
        const auto attempt = std::ranges::find(attempts_, found, &Save::flash);
        require(attempt != attempts_.end(), "no acknowledged save is lost", [&] {
            return "at power-up the camera finds what was not saved last (user name \"" +
                   found.device.user_name + "\", not \"" + durable_.flash.device.user_name + "\")";
        });
        durable_ = *attempt;
        attempts_.clear();
    }
    writing_ = under_way_ = false;
    saver_.reset();
    fresh_ = true;
}

void SaveLaw::judge_loaded(const Values& saved) const {
    for (const auto& [address, wanted] : saved) {
        const auto now = RegisterLaw::value(*scene_.camera, address);
        require(now == wanted, "user sets whole", [&, address = address, wanted = wanted] {
            return "a user set brings register " + support::to_hex(support::be32(address)) + " to " +
                   std::to_string(now) + ", and was saved with " + std::to_string(wanted);
        });
    }
}

// With a user set as default, the camera starts with it, as it is on the disk. A save goes on during a reset,
// and is not acknowledged.
void SaveLaw::starts() {
    under_way_ = under_way_ || saver_;
    saver_.reset();
    const auto wanted = durable_.flash.user_sets.at_power_up;
    if (wanted != 0) judge_loaded(durable_.sets.at(static_cast<std::size_t>(wanted - 1)));
    fresh_ = false;
}

void SaveLaw::before(const Command& command) {
    if (writing_ || saver_ || under_way_) return;
    const auto writes = writes_of(command);
    if (scene_.promises.owned_by(command.from) &&
        std::ranges::any_of(writes, [](const Write& write) { return is_saved_register(write.address); })) {
        saver_ = {command.from, command.id};
        failed_ = false;
        wanted_ = durable_;
        const auto selected = RegisterLaw::value(*scene_.camera, kUserSetSelector);
        for (const auto& write : writes) {
            if (write.address == kUserSetSave && selected >= 1 && selected <= 2)
                wanted_.sets.at(selected - 1) = plain_values();
        }
    }
}

void SaveLaw::after(const Reaction& reaction) {
    if (reaction.repeated) return;
    const auto selected = RegisterLaw::value(*scene_.camera, kUserSetSelector);
    for (const auto& write : reaction.done) {
        if (write.address != kUserSetLoad || selected == 0 || selected > 2 || reaction.done.size() != 1)
            continue;
        // While a save is under way, or after one that failed, a set may be the old one or the new one.
        if (!writing_ && !under_way_) judge_loaded(durable_.sets.at(selected - 1));
    }
}

void SaveLaw::stores(const emulator::Flash& flash) {
    writing_ = true;
    wanted_.flash = flash;
    attempts_.push_back(wanted_);
}

void SaveLaw::stored(bool kept) {
    writing_ = under_way_ = false;
    failed_ = !kept;
    if (!kept) return;
    durable_ = wanted_;
    attempts_.clear();
}

void SaveLaw::reads_back(const emulator::Flash& found) const {
    require(found == durable_.flash, "no acknowledged save is lost",
            "a save has brought something else to the disk");
}

void SaveLaw::replies(const Answer& answer, Endpoint to) {
    if (!saver_ || *saver_ != std::pair(to, answer.id) || answer.code == kPendingAck) return;
    saver_.reset();
    if (answer.status != kSuccess) return;
    require(!failed_, "no acknowledged save is lost", "a save that failed is acknowledged");
    require(!writing_ && in_camera() == durable_.flash, "no acknowledged save is lost",
            "a save is acknowledged before it is on the disk");
}

void SaveLaw::settles() {
    if (writing_ || saver_ || under_way_) return;
    require(in_camera() == durable_.flash, "an acknowledged write is in force",
            "the camera's memory differs from what was saved last");
}

}  // namespace world
