#pragma once

#include "emulator/camera/camera.h"
#include "emulator/features/feature.h"
#include "sensor_model/thermal.h"

// clang-format off
namespace emulator::features {

inline constexpr Entry kDeviceTypes[] = {{"Transmitter", 0}};
inline constexpr Entry kScanTypes[] = {{"Areascan", 0}};
inline constexpr Entry kTransportTypes[] = {{"GigEVision", 0}};
inline constexpr Entry kChannelTypes[] = {{"Transmitter", 0}};
inline constexpr Entry kThermometers[] = {{"Sensor", 0}, {"Mainboard", 1}, {"Powerboard", 2}};
inline constexpr Entry kEndiannesses[] = {{"Little", 0}, {"Big", 1}};

inline double device_temperature_c(const Camera& c) {
    const bool of_sensor = c.settings.selectors.temperature == 0;
    return of_sensor ? sensor_model::temperature_c(c.profile.chip, c.housing_c(), c.now()) : c.housing_c();
}

/// Identity, link and clock. Rows without a value are registers that the standard fixes.
inline constexpr Feature kDeviceControl[] = {
    {.info = {.name = "DeviceVendorName", .address = 0x0048, .type = Text{32}, .access = Access::ro,
              .tip = "Manufacturer of the camera.", .constant = true}},
    {.info = {.name = "DeviceModelName", .address = 0x0068, .type = Text{32}, .access = Access::ro,
              .tip = "Model of the camera.", .constant = true}},
    {.info = {.name = "DeviceVersion", .address = 0x0088, .type = Text{32}, .access = Access::ro,
              .tip = "Revision of the firmware and of the FPGA.", .constant = true}},
    {.info = {.name = "DeviceFirmwareVersion", .address = 0x0088, .type = Text{32}, .access = Access::ro,
              .tip = "DeviceVersion by another common name.", .constant = true}},
    {.info = {.name = "DeviceManufacturerInfo", .address = 0x00A8, .type = Text{48}, .access = Access::ro,
              .tip = "Camera type for the vendor's own tools.", .constant = true}},
    {.info = {.name = "DeviceSerialNumber", .address = 0x00D8, .type = Text{16}, .access = Access::ro,
              .visibility = Visibility::expert, .tip = "Serial number of this camera.", .constant = true}},
    {.info = {.name = "DeviceUserID", .address = 0x00E8, .type = Text{16},
              .tip = "User-defined name of this camera; kept in non-volatile memory."}},
    {.info = {.name = "DeviceType", .address = 0x0010'0000, .type = Choice{kDeviceTypes}, .access = Access::ro,
              .visibility = Visibility::guru, .tip = "Transmitter: the camera sends images.", .constant = true},
     .value = always<0>},
    {.info = {.name = "DeviceScanType", .address = 0x0010'0004, .type = Choice{kScanTypes}, .access = Access::ro,
              .visibility = Visibility::expert, .tip = "Area scan sensor.", .constant = true},
     .value = always<0>},
    {.info = {.name = "DeviceSFNCVersionMajor", .address = 0x0010'0008, .type = Integer{0, 65535}, .access = Access::ro,
              .tip = "Major version of the Standard Features Naming Convention (SFNC).", .constant = true},
     .value = always<2>},
    {.info = {.name = "DeviceSFNCVersionMinor", .address = 0x0010'000C, .type = Integer{0, 65535}, .access = Access::ro,
              .tip = "Minor version of the Standard Features Naming Convention (SFNC).", .constant = true},
     .value = always<1>},
    {.info = {.name = "DeviceSFNCVersionSubMinor", .address = 0x0010'0010, .type = Integer{0, 65535}, .access = Access::ro,
              .tip = "Sub-minor version of the Standard Features Naming Convention (SFNC).", .constant = true},
     .value = always<0>},
    {.info = {.name = "DeviceTLType", .address = 0x0010'0014, .type = Choice{kTransportTypes}, .access = Access::ro,
              .tip = "Transport protocol: GigE Vision.", .constant = true},
     .value = always<0>},
    {.info = {.name = "DeviceTLVersionMajor", .address = 0x0010'0018, .type = Integer{0, 65535}, .access = Access::ro,
              .tip = "Major version of GigE Vision.", .constant = true},
     .value = always<2>},
    {.info = {.name = "DeviceTLVersionMinor", .address = 0x0010'001C, .type = Integer{0, 65535}, .access = Access::ro,
              .tip = "Minor version of GigE Vision.", .constant = true},
     .value = always<0>},
    {.info = {.name = "DeviceTLVersionSubMinor", .address = 0x0010'0020, .type = Integer{0, 65535}, .access = Access::ro,
              .tip = "Sub-minor version of GigE Vision.", .constant = true},
     .value = always<0>},
    {.info = {.name = "DeviceLinkSelector", .address = 0x0010'0024, .type = Integer{0, 0, 1, "", Look::pure_number},
              .tip = "Selects the link; there is one."},
     .value = field<&Camera::settings, &Settings::device, &DeviceChoices::link>},
    {.info = {.name = "DeviceLinkHeartbeatTimeout", .address = 0x0938, .type = Real{500'000, 60'000'000, 1000, "us"},
              .visibility = Visibility::guru, .selector = "DeviceLinkSelector",
              .tip = "Control ends when no command of its application arrives for this time."}},
    {.info = {.name = "DeviceLinkThroughputLimitMode", .address = 0x0010'0028, .type = Choice{kOffOn},
              .visibility = Visibility::expert, .tip = "Whether the stream keeps below DeviceLinkThroughputLimit."},
     .value = field<&Camera::settings, &Settings::acquisition, &Acquisition::throughput_limited>},
    {.info = {.name = "DeviceLinkThroughputLimit", .address = 0x0010'002C,
              .type = Integer{1'000'000, 125'000'000, 1, "B/s"}, .visibility = Visibility::expert,
              .tip = "Greatest data rate of the stream; frame rate and packet spacing are limited by it."},
     .value = field<&Camera::settings, &Settings::acquisition, &Acquisition::throughput_limit_bytes_per_s>},
    {.info = {.name = "DeviceStreamChannelCount", .address = 0x0010'0030, .type = Integer{0, 1}, .access = Access::ro,
              .visibility = Visibility::expert, .tip = "Number of stream channels.", .constant = true},
     .value = always<1>},
    {.info = {.name = "DeviceStreamChannelSelector", .address = 0x0010'0034, .type = Integer{0, 0, 1, "", Look::pure_number},
              .visibility = Visibility::expert, .tip = "Selects the stream channel; there is one."},
     .value = field<&Camera::settings, &Settings::device, &DeviceChoices::stream_channel>},
    {.info = {.name = "DeviceStreamChannelType", .address = 0x0010'0038, .type = Choice{kChannelTypes}, .access = Access::ro,
              .visibility = Visibility::guru, .selector = "DeviceStreamChannelSelector",
              .tip = "Transmitter: the channel sends.", .constant = true},
     .value = always<0>},
    {.info = {.name = "DeviceStreamChannelLink", .address = 0x0010'003C, .type = Integer{0, 0}, .access = Access::ro,
              .visibility = Visibility::expert, .selector = "DeviceStreamChannelSelector",
              .tip = "Link that the channel uses.", .constant = true},
     .value = always<0>},
    {.info = {.name = "DeviceStreamChannelEndianness", .address = 0x0010'0040, .type = Choice{kEndiannesses}, .access = Access::ro,
              .visibility = Visibility::guru, .selector = "DeviceStreamChannelSelector",
              .tip = "Byte order of pixels.", .constant = true},
     .value = always<0>},
    {.info = {.name = "DeviceStreamChannelPacketSize", .address = 0x0D04, .type = Integer{576, 16364, 4, "B"},
              .visibility = Visibility::expert, .selector = "DeviceStreamChannelSelector",
              .tip = "Size of a stream packet with its IP header.", .frozen_while_streaming = true, .bits = {0, 15}}},
    {.info = {.name = "DeviceEventChannelCount", .address = 0x0010'0044, .type = Integer{0, 1}, .access = Access::ro,
              .visibility = Visibility::expert, .tip = "Number of message channels.", .constant = true},
     .value = always<1>},
    {.info = {.name = "DeviceReset", .address = 0x0010'0048, .type = Command{0xC07D'B007}, .access = Access::wo,
              .visibility = Visibility::guru,
              .tip = "Restarts the camera: it does not respond for three seconds, and is then as after power-up."},
     .value = action<&Camera::reset>},
    {.info = {.name = "DeviceFactoryReset", .address = 0x0010'004C, .type = Command{0xFAC9'E5E7}, .access = Access::wo,
              .visibility = Visibility::invisible,
              .tip = "Erases the user sets and restarts the camera. User name and IP configuration stay.", .custom = true},
     .value = action<&Camera::factory_reset>},
    {.info = {.name = "DeviceTemperatureSelector", .address = 0x0010'0050, .type = Choice{kThermometers},
              .visibility = Visibility::expert, .tip = "Selects the location of DeviceTemperature."},
     .value = field<&Camera::settings, &Settings::selectors, &Selectors::temperature>},
    {.info = {.name = "DeviceTemperature", .address = 0x0010'0054, .type = Real{-100, 200, 0.001, "C"}, .access = Access::ro,
              .visibility = Visibility::expert, .selector = "DeviceTemperatureSelector",
              .tip = "Temperature at the selected location. The sensor is the warmest; the boards have the temperature of the housing (assumed).", .polling_ms = 2000},
     .value = computed<device_temperature_c>},
    {.info = {.name = "TimestampLatch", .address = 0x0944, .type = Command{2}, .access = Access::wo,
              .visibility = Visibility::expert, .tip = "Copies the camera's time to TimestampLatchValue."}},
    {.info = {.name = "TimestampReset", .address = 0x0944, .type = Command{1}, .access = Access::wo,
              .visibility = Visibility::expert, .tip = "Sets the camera's time to zero."}},
    {.info = {.name = "TimestampLatchValue", .address = 0x0948, .type = Integer{0, INT64_MAX, 1, "ns"}, .access = Access::ro,
              .visibility = Visibility::expert, .tip = "Time of the last TimestampLatch."}},
};

}  // namespace emulator::features
