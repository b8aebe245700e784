#pragma once

#include "emulator/camera/camera.h"
#include "emulator/features/feature.h"

// clang-format off
namespace emulator::features {

inline constexpr Entry kEventNames[] = {
    {"ExposureEnd", Events::exposure_end},
    {"FrameTriggerMissed", Events::frame_trigger_missed},
    {"Line1FallingEdge", Events::line1_falling_edge},
    {"Line1RisingEdge", Events::line1_rising_edge},
    {"FocusMoveCompleted", Events::focus_move_completed},
    {"ZoomMoveCompleted", Events::zoom_move_completed},
    {"Test", Events::test},
};

inline constexpr Accessor kNotification{
    .get = [](const Camera& c) -> Value { return std::int64_t{c.settings.events.notify[c.settings.events.selected]}; },
    .set = [](Camera& c, const Value& value) {
        c.settings.events.notify[c.settings.events.selected] = std::get<std::int64_t>(value) != 0;
        return Outcome{};
    },
};

/// Events of the message channel (SFNC EventControl, manual 5.17). Rows of an event are read from its
/// message, not from the camera.
inline constexpr Feature kEventControl[] = {
    {.info = {.name = "EventSelector", .display = "Event Selector", .address = 0x0016'0000, .type = Choice{kEventNames},
              .visibility = Visibility::expert, .tip = "Selects the event of EventNotification."},
     .value = field<&Camera::settings, &Settings::events, &Events::selected>},
    {.info = {.name = "EventNotification", .display = "Event Notification", .address = 0x0016'0004, .type = Choice{kOffOn},
              .visibility = Visibility::expert, .selector = "EventSelector", .tip = "Whether the selected event is sent."},
     .value = kNotification},
    {.info = {.name = "TestEventGenerate", .display = "Test Event Generate", .address = 0x0016'0008, .type = Command{},
              .access = Access::wo, .visibility = Visibility::guru, .tip = "Generates one test event."},
     .value = action<&Camera::generate_test_event>},
    {.info = {.name = "EventExposureEnd", .address = 0x2, .type = Integer{0, 0xFFFF}, .access = Access::ro,
              .visibility = Visibility::expert, .tip = "Sent at the end of an exposure.",
              .message = {.event_id = protocol::gvcp::kExposureEnd, .bytes = 2}}},
    {.info = {.name = "EventExposureEndTimestamp", .address = 0x8, .type = Integer{0, INT64_MAX, 1, "ns"}, .access = Access::ro,
              .visibility = Visibility::expert, .tip = "Time of the end of exposure.",
              .message = {.event_id = protocol::gvcp::kExposureEnd, .bytes = 8}}},
    {.info = {.name = "EventExposureEndFrameID", .address = 0x6, .type = Integer{0, 0xFFFF}, .access = Access::ro,
              .visibility = Visibility::expert, .tip = "Block in which the exposed frame is sent.",
              .message = {.event_id = protocol::gvcp::kExposureEnd, .bytes = 2}}},
    {.info = {.name = "EventFrameTriggerMissed", .address = 0x2, .type = Integer{0, 0xFFFF}, .access = Access::ro,
              .visibility = Visibility::expert, .tip = "Sent when a trigger is missed because the sensor is not ready.",
              .message = {.event_id = protocol::gvcp::kFrameTriggerMissed, .bytes = 2}}},
    {.info = {.name = "EventFrameTriggerMissedTimestamp", .address = 0x8, .type = Integer{0, INT64_MAX, 1, "ns"}, .access = Access::ro,
              .visibility = Visibility::expert, .tip = "Time of the missed trigger.",
              .message = {.event_id = protocol::gvcp::kFrameTriggerMissed, .bytes = 8}}},
    {.info = {.name = "EventLine1FallingEdge", .address = 0x2, .type = Integer{0, 0xFFFF}, .access = Access::ro,
              .tip = "Sent at a falling edge of TRIGGER_IN.",
              .message = {.event_id = protocol::gvcp::kLine1FallingEdge, .bytes = 2}}},
    {.info = {.name = "EventLine1FallingEdgeTimestamp", .address = 0x8, .type = Integer{0, INT64_MAX, 1, "ns"}, .access = Access::ro,
              .visibility = Visibility::expert, .tip = "Time of the edge.",
              .message = {.event_id = protocol::gvcp::kLine1FallingEdge, .bytes = 8}}},
    {.info = {.name = "EventLine1RisingEdge", .address = 0x2, .type = Integer{0, 0xFFFF}, .access = Access::ro,
              .tip = "Sent at a rising edge of TRIGGER_IN.",
              .message = {.event_id = protocol::gvcp::kLine1RisingEdge, .bytes = 2}}},
    {.info = {.name = "EventLine1RisingEdgeTimestamp", .address = 0x8, .type = Integer{0, INT64_MAX, 1, "ns"}, .access = Access::ro,
              .visibility = Visibility::expert, .tip = "Time of the edge.",
              .message = {.event_id = protocol::gvcp::kLine1RisingEdge, .bytes = 8}}},
    {.info = {.name = "EventFocusMoveCompleted", .address = 0x2, .type = Integer{0, 0xFFFF}, .access = Access::ro,
              .visibility = Visibility::expert, .tip = "Sent when the focus motor reaches its target.", .custom = true,
              .message = {.event_id = protocol::gvcp::kFocusMoveCompleted, .bytes = 2}}},
    {.info = {.name = "EventFocusMoveCompletedTimestamp", .address = 0x8, .type = Integer{0, INT64_MAX, 1, "ns"}, .access = Access::ro,
              .visibility = Visibility::expert, .tip = "Time of its arrival.", .custom = true,
              .message = {.event_id = protocol::gvcp::kFocusMoveCompleted, .bytes = 8}}},
    {.info = {.name = "EventFocusMoveCompletedFocus", .address = 0x10, .type = Integer{0, 10'000}, .access = Access::ro,
              .visibility = Visibility::expert, .tip = "Where it has arrived.", .custom = true,
              .message = {.event_id = protocol::gvcp::kFocusMoveCompleted, .bytes = 4}}},
    {.info = {.name = "EventZoomMoveCompleted", .address = 0x2, .type = Integer{0, 0xFFFF}, .access = Access::ro,
              .visibility = Visibility::expert, .tip = "Sent when the zoom motor reaches its target.", .custom = true,
              .message = {.event_id = protocol::gvcp::kZoomMoveCompleted, .bytes = 2}}},
    {.info = {.name = "EventZoomMoveCompletedTimestamp", .address = 0x8, .type = Integer{0, INT64_MAX, 1, "ns"}, .access = Access::ro,
              .visibility = Visibility::expert, .tip = "Time of its arrival.", .custom = true,
              .message = {.event_id = protocol::gvcp::kZoomMoveCompleted, .bytes = 8}}},
    {.info = {.name = "EventZoomMoveCompletedZoom", .address = 0x10, .type = Integer{0, 1000}, .access = Access::ro,
              .visibility = Visibility::expert, .tip = "Where it has arrived.", .custom = true,
              .message = {.event_id = protocol::gvcp::kZoomMoveCompleted, .bytes = 4}}},
    {.info = {.name = "EventTest", .address = 0x2, .type = Integer{0, 0xFFFF}, .access = Access::ro,
              .visibility = Visibility::expert, .tip = "Sent when TestEventGenerate is executed.",
              .message = {.event_id = protocol::gvcp::kTestEvent, .bytes = 2}}},
    {.info = {.name = "EventTestTimestamp", .address = 0x8, .type = Integer{0, INT64_MAX, 1, "ns"}, .access = Access::ro,
              .visibility = Visibility::expert, .tip = "Time of the test event.",
              .message = {.event_id = protocol::gvcp::kTestEvent, .bytes = 8}}},
};

}  // namespace emulator::features
