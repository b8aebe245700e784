#pragma once

#include <span>

#include "emulator/faults/fault.h"

namespace emulator::faults {

// A row for each kind of fault, in its file of the same name.
const Kind& packet_loss();
const Kind& packet_delay();
const Kind& packet_jitter();
const Kind& packet_reorder();
const Kind& packet_duplicate();
const Kind& packet_corruption();
const Kind& mtu_drop();
const Kind& resend_refused();
const Kind& resend_ignored();
const Kind& resend_late();
const Kind& resend_partial();
const Kind& frame_truncated();
const Kind& leader_missing();
const Kind& trailer_missing();
const Kind& leader_size_wrong();
const Kind& block_id_wrong();
const Kind& block_id_wrap();
const Kind& timestamp_jump();
const Kind& timestamp_wrap();
const Kind& payload_stale();
const Kind& command_loss();
const Kind& ack_loss();
const Kind& ack_delay();
const Kind& ack_duplicate();
const Kind& ack_reorder();
const Kind& pending_ack();
const Kind& ack_status();
const Kind& register_value();
const Kind& xml_stall();
const Kind& control_lost();
const Kind& cable_out();
const Kind& link_speed();
const Kind& address_change();
const Kind& slow_ip_configuration();
const Kind& ptp_master_gone();
const Kind& power_cycle();
const Kind& brown_out();
const Kind& over_temperature();
const Kind& hot_pixels();
const Kind& motor_stuck();
const Kind& iris_stuck();
const Kind& autofocus_stuck();
const Kind& strobe_dead();
const Kind& clock_jump();
const Kind& trigger_settings_lost();
const Kind& read_only_write_freeze();
const Kind& device_info_unreadable();
const Kind& pixel_format_stuck();
const Kind& frame_set_exposure_333();
const Kind& roi_preset_stale();

/// All kinds, in the order of the documentation.
[[nodiscard]] std::span<const Kind* const> kinds();

}  // namespace emulator::faults
