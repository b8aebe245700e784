#pragma once

#include <algorithm>
#include <string_view>
#include <vector>

namespace emulator::features {

/// Side effect: a write of one feature changes value, limits or lock of another. Relations are transitive.
struct Relation {
    std::string_view writer, affected;
};

/// Every side effect of a write; selectors and their features are implied. A test finds missing ones.
inline constexpr Relation kRelations[] = {
    {"DecimationHorizontal", "WidthMax"},
    {"DecimationHorizontal", "Width"},
    {"DecimationVertical", "HeightMax"},
    {"DecimationVertical", "Height"},
    {"Width", "OffsetX"},
    {"Width", "PayloadSize"},
    {"Width", "ChunkImageLength"},
    {"Width", "AcquisitionFrameRate"},
    {"Width", "MaxFPS"},
    {"Width", "AutoFunctionsROILeft"},
    {"Width", "AutoFunctionsROIWidth"},
    {"Height", "OffsetY"},
    {"Height", "PayloadSize"},
    {"Height", "ChunkImageLength"},
    {"Height", "AcquisitionFrameRate"},
    {"Height", "MinFPS"},
    {"Height", "MaxFPS"},
    {"Height", "AutoFunctionsROITop"},
    {"Height", "AutoFunctionsROIHeight"},
    {"PixelFormat", "PayloadSize"},
    {"PixelFormat", "ChunkImageLength"},
    {"PixelFormat", "AcquisitionFrameRate"},
    {"PixelFormat", "MaxFPS"},
    {"OffsetAutoCenter", "OffsetX"},
    {"OffsetAutoCenter", "OffsetY"},
    {"AcquisitionFrameRate", "FPS"},
    {"AcquisitionFrameRate", "ExposureAutoUpperLimit"},
    {"FPS", "AcquisitionFrameRate"},
    {"TriggerMode", "TriggerSoftware"},
    {"IMXLowLatencyTriggerMode", "TriggerOverlap"},
    {"ExposureAuto", "ExposureTime"},
    {"ExposureAuto", "ExposureAutoLowerLimit"},
    {"ExposureAuto", "ExposureAutoUpperLimit"},
    {"ExposureAuto", "ExposureAutoUpperLimitAuto"},
    {"ExposureAutoUpperLimitAuto", "ExposureAutoUpperLimit"},
    {"ExposureAutoHighlightReduction", "ExposureAutoHighlighReduction"},
    {"ExposureAutoHighlighReduction", "ExposureAutoHighlightReduction"},
    {"GainAuto", "Gain"},
    {"GainAuto", "GainAutoLowerLimit"},
    {"GainAuto", "GainAutoUpperLimit"},
    {"BalanceWhiteAuto", "BalanceRatio"},
    {"BalanceWhiteAuto", "BalanceWhiteTemperature"},
    {"BalanceWhiteAuto", "BalanceWhiteTemperaturePreset"},
    {"BalanceWhiteMode", "BalanceWhiteTemperature"},
    {"BalanceWhiteMode", "BalanceWhiteTemperaturePreset"},
    {"BalanceWhiteTemperature", "BalanceWhiteTemperaturePreset"},
    {"BalanceWhiteTemperature", "BalanceRatio"},
    {"BalanceWhiteTemperaturePreset", "BalanceWhiteTemperature"},
    {"BalanceWhiteTemperaturePreset", "BalanceRatio"},
    {"LUTEnable", "Gamma"},
    {"LUTValue", "LUTValueAll"},
    {"LUTValueAll", "LUTValue"},
    {"IrisAuto", "Iris"},
    {"FocusAuto", "Focus"},
    {"Focus", "FocusAuto"},
    {"Zoom", "FocusAuto"},
    {"EventFocusMoveCompleted", "Focus"},
    {"EventFocusMoveCompleted", "FocusAuto"},
    {"EventZoomMoveCompleted", "Zoom"},
    {"AutoFunctionsROIPreset", "AutoFunctionsROILeft"},
    {"AutoFunctionsROIPreset", "AutoFunctionsROITop"},
    {"AutoFunctionsROIPreset", "AutoFunctionsROIWidth"},
    {"AutoFunctionsROIPreset", "AutoFunctionsROIHeight"},
    {"AutoFunctionsROILeft", "AutoFunctionsROIWidth"},
    {"AutoFunctionsROITop", "AutoFunctionsROIHeight"},
    {"MultiFrameSetOutputModeCustomGain", "MultiFrameSetOutputModeGain0"},
    {"MultiFrameSetOutputModeCustomGain", "MultiFrameSetOutputModeGain1"},
    {"MultiFrameSetOutputModeCustomGain", "MultiFrameSetOutputModeGain2"},
    {"MultiFrameSetOutputModeCustomGain", "MultiFrameSetOutputModeGain3"},
    {"ChunkModeActive", "PayloadSize"},
    {"ChunkEnable", "PayloadSize"},
    {"TestPixelFormat", "ResultingMaxFPS"},
    {"TestWidth", "ResultingMaxFPS"},
    {"TestHeight", "ResultingMaxFPS"},
    {"TestHeight", "ResultingMinFPS"},
    {"TestBinningHorizontal", "ResultingMaxFPS"},
    {"TestBinningVertical", "ResultingMaxFPS"},
    {"TestDecimationHorizontal", "ResultingMaxFPS"},
    {"TestDecimationVertical", "ResultingMaxFPS"},
    {"TestDecimationVertical", "ResultingMinFPS"},
    {"DeviceStreamChannelPacketSize", "GevSCPSPacketSize"},
    {"GevSCPSPacketSize", "DeviceStreamChannelPacketSize"},
    {"DeviceLinkHeartbeatTimeout", "GevHeartbeatTimeout"},
    {"GevHeartbeatTimeout", "DeviceLinkHeartbeatTimeout"},
    {"TimestampLatch", "TimestampLatchValue"},
    {"TimestampLatch", "GevTimestampValue"},
    {"GevTimestampControlLatch", "TimestampLatchValue"},
    {"GevTimestampControlLatch", "GevTimestampValue"},
    {"GevCCP", "GevPrimaryApplicationIPAddress"},
    {"GevCCP", "GevPrimaryApplicationSocket"},
    {"GevCCP", "GevMCPHostPort"},
    {"GevCCP", "GevSCPHostPort"},
    {"GevCCP", "TLParamsLocked"},
    {"ActionSchedulerCommit", "ActionSchedulerStatus"},
    {"ActionSchedulerCancel", "ActionSchedulerStatus"},
    {"PtpEnable", "PtpStatus"},
    {"PtpEnable", "ActionSchedulerStatus"},
};

/// Features that start and end a stream, and so the lock of those that are frozen meanwhile.
inline constexpr std::string_view kStreamSwitches[] = {"TLParamsLocked", "AcquisitionStart",
                                                       "AcquisitionStop", "GevSCPHostPort"};

/// All features whose write changes something of this one, itself left out.
[[nodiscard]] inline std::vector<std::string_view> writers_of(std::string_view feature) {
    std::vector<std::string_view> found{feature};
    for (std::size_t i = 0; i < found.size(); ++i) {
        for (const auto& [writer, affected] : kRelations) {
            if (affected == found[i] && std::ranges::find(found, writer) == found.end())
                found.push_back(writer);
        }
    }
    found.erase(found.begin());
    return found;
}

}  // namespace emulator::features
