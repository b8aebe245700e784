#include "emulator/camera/disturbance.h"

#include <utility>

#include "emulator/camera/camera.h"

// What faults change in the camera.

namespace emulator {

void Camera::disturb(const Disturbance& disturbance) {
    const auto before = std::exchange(disturbance_, disturbance);
    if (disturbance.blocks_before_wrap != before.blocks_before_wrap)
        frames_.begin_before_wrap(disturbance.blocks_before_wrap);
    if (disturbance.link_mbps != before.link_mbps) {
        device.link_speed_mbps =
            disturbance.link_mbps.value_or(static_cast<std::uint32_t>(profile.link.speed_mbps));
        frames_.settings_changed();
    }
    motors_.jam({.zoom = disturbance.zoom_stuck || disturbance.off,
                 .focus = disturbance.focus_stuck || disturbance.off,
                 .iris = disturbance.iris_stuck || disturbance.off},
                settings.lens);
    observer_->on_lens_sent();
    if (before.off != disturbance.off) power_cycle();
    // A link that comes up is configured.
    if (before.cable_out && !disturbance.cable_out) link_up();
}

void Camera::link_up() {
    ptp_.start_over();
    silent_until_ = std::max(silent_until_, host_.now() + disturbance_.ip_configuration);
    restart_ip_configuration();
}

}  // namespace emulator
