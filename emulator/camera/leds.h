#pragma once

#include <cstdint>
#include <optional>

#include "protocol/time.h"

namespace emulator {

using protocol::Time;

enum class LedColour : std::uint8_t { blue, green, yellow, red };

/// Hardware faults. The value is the number of red flashes: the manual says that there are codes but not
/// which, so these are assumed.
enum class Fault : std::uint8_t {
    none = 0,
    memory = 2,            // what must survive a power cycle could not be written
    over_temperature = 3,  // the housing is too warm
};

/// State that the LEDs show, at a time.
struct Condition {
    bool powered = true;
    bool gigabit = true;
    std::optional<Time> last_packet = {};  // received or sent
    bool configuring = false;              // start-up or IP configuration
    bool stream_active = false;            // acquisition runs, and the stream channel is open
    bool sending = false;                  // free running, or a frame is under way
    Fault fault = Fault::none;
};

struct RgbLed {
    LedColour colour = LedColour::blue;
    bool blinking = false;
    int flashes = 0;  // of a fault's code, before each pause
    bool lit = true;  // at this moment
    bool operator==(const RgbLed&) const = default;
};

struct Leds {
    bool link = false;      // green, at the RJ45 connector
    bool activity = false;  // orange, beside it
    RgbLed status;          // at the rear side
    bool operator==(const Leds&) const = default;
};

/// How long a packet lights the orange LED, half a blink, and the pause after a fault's flashes (assumed).
inline constexpr Time kActivityLight = std::chrono::milliseconds(50);
inline constexpr Time kHalfBlink = std::chrono::milliseconds(250);
inline constexpr Time kCodePause = std::chrono::milliseconds(1250);

/// The three LEDs (manual 7). A fault is shown before all else, then start-up and IP configuration.
[[nodiscard]] Leds leds(const Condition&, Time now);

}  // namespace emulator
