#include "emulator/testbench/routes/table.h"

namespace emulator::testbench::routes {
namespace {

constexpr std::string_view kStatus = R"({"type": "object", "required": ["status"], "properties": {
    "status": {"type": "string"}}})";

Answer alive(Call&) { return {.body = {{"status", "alive"}}}; }

constexpr Route kHealthRows[] = {
    {.method = "GET",
     .path = "/livez",
     .summary = "The process serves",
     .answer = kStatus,
     .open = true,
     .act = alive},
};

}  // namespace

std::span<const Route> health() { return kHealthRows; }

}  // namespace emulator::testbench::routes
