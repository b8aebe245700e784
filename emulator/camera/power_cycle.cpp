#include <spdlog/spdlog.h>

#include <utility>

#include "emulator/camera/camera.h"
#include "emulator/camera/camera_hints.h"
#include "emulator/features/limits.h"
#include "emulator/features/table.h"

// Power-up, reset and non-volatile memory: initial settings, what is kept, and user sets.

namespace emulator {

using protocol::Status;

namespace {

/// From a reset until the camera answers again (assumed).
constexpr auto kBootTime = std::chrono::seconds(3);

/// Features missing from the set get factory values.
features::UserSet whole(const UserSets& of, std::int64_t number, const features::UserSet& factory) {
    auto content = number == 0 ? factory : of.slots.at(static_cast<std::size_t>(number - 1));
    content.insert(factory.begin(), factory.end());
    return content;
}

}  // namespace

// Factory settings, then UserSetDefault or else the lens settings of the scene.
void Camera::wake_up(const scenes::CameraHints& suggested) {
    ptp_.enable(false);
    protocol::Device awake;
    awake.identity = identity(profile);
    awake.ip = device.ip;
    awake.link_speed_mbps =
        disturbance_.link_mbps.value_or(static_cast<std::uint32_t>(profile.link.speed_mbps));
    awake.xml_url = registers_.xml_url();
    awake.non_volatile = device.non_volatile;
    awake.clock.reset(now());
    awake.clock.step(now(), profile.oscillator.offset);
    awake.message.source_port = device.message.source_port;
    awake.stream.source_port = device.stream.source_port;
    device = awake;
    settings = profile.power_up;
    auto_functions_.cancel_focus();
    features::settle(settings, profile.chip);
    factory_set_ = features::configuration(*this);
    const auto kept = flash_.in_memory().user_sets;
    if (kept.at_power_up != 0)
        load(kept.at_power_up, kept);
    else
        apply(suggested, settings);
    ptp_.enable(settings.ptp_enabled);
}

// The acknowledge of the command leaves before.
Status Camera::reset() {
    scheduler_.after(Time::zero(), [this] { restart(profile.suggested); });
    return Status::success;
}

// User name and IP configuration stay, so that clients still find the camera.
Status Camera::factory_reset() {
    auto changed = flash_.values();
    changed.user_sets = {};
    const auto status = flash_.change(changed);
    reset_once_stored_ = ok(status);
    return status;
}

void Camera::restart(const scenes::CameraHints& suggested) {
    frames_.command(acquisition::Command::stop);
    frames_.channel_closed();
    transport_.close_stream();
    opened_ = {};
    actions_.cancel();
    gvcp_.forget_control();
    wake_up(suggested);
    gvcp_.reset_messages();
    move_lens();
    for (const auto& sentence : registers_.set_by_name(profile.features)) spdlog::warn("{}", sentence);
    silent_until_ = host_.now() + kBootTime + disturbance_.ip_configuration;
    restart_ip_configuration();
    frames_.settings_changed();
    gvcp_.arm();
}

features::UserSet Camera::user_set(std::int64_t number) const {
    return whole(user_sets, number, factory_set_);
}

// Unknown features in the set are ignored.
void Camera::load(std::int64_t user_set, const UserSets& of) {
    auto wanted = whole(of, user_set, factory_set_);
    auto_functions_.cancel_focus();
    const auto refused = features::configure(*this, wanted);
    if (refused.empty()) return;
    for (const auto& name : refused) wanted.erase(name);
    wanted.insert(factory_set_.begin(), factory_set_.end());
    (void)features::configure(*this, wanted);
    std::string names;
    for (const auto& name : refused) names += (names.empty() ? "" : ", ") + name;
    spdlog::warn("user set {}: the saved values of {} are invalid for this camera; factory values are used",
                 user_set, names);
}

Status Camera::load_user_set() {
    load(settings.selectors.user_set, user_sets);
    return Status::success;
}

Status Camera::save_user_set() {
    auto changed = flash_.values();
    changed.user_sets.slots.at(static_cast<std::size_t>(settings.selectors.user_set - 1)) =
        features::configuration(*this);
    return flash_.change(changed);
}

Status Camera::choose_user_set_at_power_up(std::int64_t user_set) {
    auto changed = flash_.values();
    changed.user_sets.at_power_up = user_set;
    return flash_.change_if_different(changed);
}

Status Camera::store(const protocol::NonVolatile& values) {
    return flash_.change_if_different({.device = values, .user_sets = user_sets});
}

void Camera::stored(bool kept) {
    observer_->on_stored(kept);
    if (std::exchange(reset_once_stored_, false) && kept)
        scheduler_.after(Time::zero(), [this] { restart({}); });
    gvcp_.stored(kept);
}

}  // namespace emulator
