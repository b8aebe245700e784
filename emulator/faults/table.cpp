#include "emulator/faults/table.h"

namespace emulator::faults {

std::span<const Kind* const> kinds() {
    static const Kind* const rows[] = {
        &packet_loss(),
        &packet_delay(),
        &packet_jitter(),
        &packet_reorder(),
        &packet_duplicate(),
        &packet_corruption(),
        &mtu_drop(),
        &resend_refused(),
        &resend_ignored(),
        &resend_late(),
        &resend_partial(),
        &frame_truncated(),
        &leader_missing(),
        &trailer_missing(),
        &leader_size_wrong(),
        &block_id_wrong(),
        &block_id_wrap(),
        &timestamp_jump(),
        &timestamp_wrap(),
        &payload_stale(),
        &command_loss(),
        &ack_loss(),
        &ack_delay(),
        &ack_duplicate(),
        &ack_reorder(),
        &pending_ack(),
        &ack_status(),
        &register_value(),
        &xml_stall(),
        &control_lost(),
        &cable_out(),
        &link_speed(),
        &address_change(),
        &slow_ip_configuration(),
        &ptp_master_gone(),
        &power_cycle(),
        &brown_out(),
        &over_temperature(),
        &hot_pixels(),
        &motor_stuck(),
        &iris_stuck(),
        &autofocus_stuck(),
        &strobe_dead(),
        &clock_jump(),
        &trigger_settings_lost(),
        &read_only_write_freeze(),
        &device_info_unreadable(),
        &pixel_format_stuck(),
    };
    return rows;
}

}  // namespace emulator::faults
