#include "emulator/app/sandbox.h"

#include <spdlog/spdlog.h>

#include "emulator/app/file_rules.h"
#include "emulator/app/system_call_filter.h"
#include "scenes/json/config_error.h"

namespace emulator {
namespace {

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
/// They start processes and trace.
constexpr bool kInstrumented = true;
#else
constexpr bool kInstrumented = false;
#endif
#else
constexpr bool kInstrumented = false;
#endif

std::string told(const char* what, const std::error_code& error) {
    return std::string(what) + (error ? " not in force (" + error.message() + ")" : " in force");
}

}  // namespace

void enter_sandbox(const std::string& wanted, const std::vector<std::filesystem::path>& folders,
                   bool packet_sockets_too) {
    if (wanted == "off" || (wanted == "auto" && kInstrumented)) {
        spdlog::info("sandbox: off");
        return;
    }
    const auto calls = filter_system_calls(packet_sockets_too);
    const auto files = restrict_files_to(folders);
    const auto sentence = told("system call filter", calls) + ", file rules" + told("", files);
    if (wanted == "on" && (calls || files)) throw scenes::ConfigError("command line", "--sandbox", sentence);
    spdlog::info("sandbox: {}", sentence);
}

}  // namespace emulator
