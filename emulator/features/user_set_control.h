#pragma once

#include "emulator/camera/camera.h"
#include "emulator/features/feature.h"

// clang-format off
namespace emulator::features {

inline constexpr Entry kUserSets[] = {{"Default", 0}, {"UserSet1", 1}, {"UserSet2", 2}};

inline bool factory_set_is_selected(const Camera& c) { return c.settings.selectors.user_set == 0; }

/// User sets in non-volatile memory (SFNC UserSetControl, manual 5.13).
inline constexpr Feature kUserSetControl[] = {
    {.info = {.name = "UserSetSelector", .display = "User Set Selector", .address = 0x001E'0000, .type = Choice{kUserSets},
              .tip = "Selects the user set of UserSetLoad and UserSetSave. Default is the factory set and cannot be saved."},
     .value = field<&Camera::settings, &Settings::selectors, &Selectors::user_set>},
    {.info = {.name = "UserSetLoad", .display = "Load User Set", .address = 0x001E'0004, .type = Command{}, .access = Access::wo,
              .selector = "UserSetSelector",
              .tip = "Loads the selected user set; one that was never saved holds the factory settings.",
              .frozen_while_streaming = true, .changes_all = true},
     .value = action<&Camera::load_user_set>},
    {.info = {.name = "UserSetSave", .display = "Save User Set", .address = 0x001E'0008, .type = Command{}, .access = Access::wo,
              .selector = "UserSetSelector",
              .tip = "Saves all settings to the selected user set in non-volatile memory."},
     .value = action<&Camera::save_user_set>, .locked = factory_set_is_selected},
    {.info = {.name = "UserSetDefault", .display = "Default User Set", .address = 0x001E'000C, .type = Choice{kUserSets},
              .tip = "User set that is loaded at power-up; this choice itself is non-volatile."},
     .value = {.get = [](const Camera& c) -> Value { return c.user_sets.at_power_up; },
               .set = [](Camera& c, const Value& value) {
                   return Outcome{c.choose_user_set_at_power_up(std::get<std::int64_t>(value))};
               }},
     .in_user_sets = false},
};

}  // namespace emulator::features
