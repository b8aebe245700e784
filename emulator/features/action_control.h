#pragma once

#include "emulator/camera/camera.h"
#include "emulator/features/feature.h"

// clang-format off
namespace emulator::features {

inline constexpr Entry kActions[] = {{"Action0", 0, "0"}};
inline constexpr Entry kActionStates[] = {{"Idle", 0}, {"Scheduled", 1}};

/// Actions (manual 5.16). Rows without a value are registers that the standard fixes.
inline constexpr Feature kActionControl[] = {
    {.info = {.name = "ActionDeviceKey", .address = 0x090C, .type = Integer{0, 0xFFFF'FFFF, 1, "", Look::hex}, .access = Access::wo,
              .visibility = Visibility::guru, .tip = "Key that an action command must have for this camera."}},
    {.info = {.name = "ActionGroupKey", .address = 0x9800, .type = Integer{0, 0xFFFF'FFFF, 1, "", Look::hex},
              .visibility = Visibility::guru, .selector = "ActionSelector", .tip = "Group of cameras that the action is for."}},
    {.info = {.name = "ActionGroupMask", .address = 0x9804, .type = Integer{0, 0xFFFF'FFFF, 1, "", Look::hex},
              .visibility = Visibility::guru, .selector = "ActionSelector",
              .tip = "Bits of the groups to which this camera belongs; an action command must share one of them."}},
    {.info = {.name = "ActionSelector", .address = 0x0020'0000, .type = Choice{kActions}, .visibility = Visibility::guru,
              .tip = "Selects the action of the features below. Action 0 triggers images."},
     .value = field<&Camera::settings, &Settings::action, &PlannedAction::selected>,
     .in_the_field = InTheField{Integer{0, 0}}},
    {.info = {.name = "ActionSchedulerTime", .address = 0x0020'0008, .type = Integer{0, INT64_MAX, 1, "ns", Look::pure_number},
              .visibility = Visibility::expert, .selector = "ActionSelector",
              .tip = "Time of the camera's clock at which the action is performed; a past time: at once.", .custom = true},
     .value = field<&Camera::settings, &Settings::action, &PlannedAction::time_ns>, .streamable = false},
    {.info = {.name = "ActionSchedulerInterval", .address = 0x0020'0010, .type = Integer{0, 0xFFFF'FFFF, 1, "us", Look::pure_number},
              .visibility = Visibility::expert, .selector = "ActionSelector",
              .tip = "Interval at which the action is repeated until it is cancelled; 0: it is performed once.", .custom = true},
     .value = field<&Camera::settings, &Settings::action, &PlannedAction::interval_us>, .streamable = false},
    {.info = {.name = "ActionSchedulerCommit", .address = 0x0020'0014, .type = Command{}, .access = Access::wo,
              .visibility = Visibility::expert, .selector = "ActionSelector",
              .tip = "Puts the action into the queue, with the time and the interval above. PTP must be enabled.", .custom = true},
     .value = action<&Camera::commit_action>},
    {.info = {.name = "ActionSchedulerCancel", .address = 0x0020'0018, .type = Command{}, .access = Access::wo,
              .visibility = Visibility::expert, .selector = "ActionSelector",
              .tip = "Takes all actions out of the queue.", .custom = true},
     .value = action<&Camera::cancel_actions>},
    {.info = {.name = "ActionSchedulerStatus", .address = 0x0020'001C, .type = Choice{kActionStates}, .access = Access::ro,
              .visibility = Visibility::expert, .tip = "Whether actions wait in the queue.", .custom = true, .polling_ms = 1000},
     .value = computed<[](const Camera& c) { return std::int64_t{c.actions_planned()}; }>},
    {.info = {.name = "ActionQueueSize", .address = 0x0970, .type = Integer{0, 0xFFFF'FFFF}, .access = Access::ro,
              .visibility = Visibility::guru, .tip = "Number of actions that can wait in the queue.", .constant = true}},
};

}  // namespace emulator::features
