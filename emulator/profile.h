#pragma once

#include <string>
#include <utility>
#include <vector>

#include "emulator/settings.h"
#include "emulator/sim/oscillator.h"
#include "lens_model/optics/constants.h"
#include "protocol/device.h"
#include "scenes/camera_hints.h"
#include "sensor_model/chip.h"

namespace emulator {

/// The camera's end of the Ethernet link.
struct Link {
    std::int64_t speed_mbps = 1000;  // the wire that the stream is paced for
    std::string gso = "auto";        // segmentation offload: auto, on, off
    int frames_waiting = 4;          // frames that may wait to be sent (assumed)
};

/// For five features the manual names another type than the real cameras of the family have.
enum class NodeTypes : std::uint8_t { manual, field };

/// Camera profile: identity, constants of sensor and lens, and settings at power-up.
struct Profile {
    std::string serial = "39265001";  // eight digits
    std::string user_name;
    std::string firmware = "Rev 3175, FPGA GigE3LZ-IMX:13";
    NodeTypes node_types = NodeTypes::manual;
    bool zips_description = true;  // the description file; else it is plain XML
    std::int64_t seed = 1;
    std::string scene = "colour_chart";
    double housing_c = 25;
    bool row_time_follows_rate = true;  // rows stretched to the period of AcquisitionFrameRate
    bool frame_number = false;          // drawn into images
    Link link;
    sim::OscillatorSettings oscillator;
    sensor_model::Chip chip;
    lens_model::Constants lens;
    Settings power_up;  // factory settings: the user set Default
    /// What of it the scene changes at power-up, where UserSetDefault is Default.
    scenes::CameraHints suggested;
    /// Names and values that are set after power-up.
    std::vector<std::pair<std::string, std::string>> features;
    std::vector<std::string> faults{};  // from power-up on: JSON objects, as the HTTP interface takes them
};

/// Identity for the bootstrap registers. The MAC address is the vendor's prefix and the serial number.
[[nodiscard]] protocol::Identity identity(const Profile&);

}  // namespace emulator
