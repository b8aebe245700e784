#pragma once

#include "emulator/camera.h"
#include "emulator/features/feature.h"

// clang-format off
namespace emulator::features {

/// A part of the lens: the value is where it was told to go, and writing it sends it there.
template <auto member>
inline constexpr Accessor driven{
    .get = [](const Camera& c) { return to_value(c.settings.lens.*member); },
    .set = [](Camera& c, const Value& value) {
        auto& target = c.settings.lens.*member;
        target = from_value<std::remove_reference_t<decltype(target)>>(value);
        c.move_lens();
        return Outcome{};
    },
};

/// The motors of the lens (manual 5.4). They take their time; events tell when zoom and focus have arrived.
inline constexpr Feature kLensControl[] = {
    {.info = {.name = "Zoom", .address = 0x0015'0000, .type = Integer{0, 1000},
              .tip = "Position of the zoom motor: 0 wide, 1000 tele."},
     .value = driven<&Lens::zoom>},
    {.info = {.name = "Focus", .address = 0x0015'0004, .type = Integer{0, 10'000},
              .tip = "Position of the focus motor: low is near, high is far."},
     .value = driven<&Lens::focus>},
    {.info = {.name = "Iris", .address = 0x0015'0008, .type = Integer{0, 255},
              .tip = "Opening of the iris: low is closed, 255 is open."},
     .value = driven<&Lens::iris>},
    {.info = {.name = "IRCutFilterEnable", .display = "Infrared Cut Filter", .address = 0x0015'000C, .type = Flag{},
              .tip = "Whether the infrared cut filter is in the light."},
     .value = driven<&Lens::ir_cut>},
};

}  // namespace emulator::features
