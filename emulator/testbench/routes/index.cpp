#include "emulator/testbench/http/openapi.h"
#include "emulator/testbench/routes/table.h"

namespace emulator::testbench::routes {
namespace {

Answer list(Call&) {
    auto all = Json::array();
    for (const auto& route : route_table())
        all.push_back({{"method", route.method}, {"path", route.path}, {"summary", route.summary}});
    return {.body = {{"routes", std::move(all)}}};
}

Answer openapi(Call&) { return {.body = openapi_document()}; }

Answer access_policy(Call& call) { return {.body = {{"read_only", call.read_only}}}; }

constexpr Route kIndexRows[] = {
    {.method = "GET",
     .path = "/api/v1",
     .summary = "All routes",
     .answer =
         R"({"type": "object", "required": ["routes"], "properties": {"routes": {"type": "array", "items":
         {"type": "object", "required": ["method", "path", "summary"], "properties": {
         "method": {"type": "string"}, "path": {"type": "string"}, "summary": {"type": "string"}}}}}})",
     .act = list},
    {.method = "GET",
     .path = "/api/v1/openapi.json",
     .summary = "This interface as an OpenAPI 3.1 document",
     .answer = R"({"type": "object"})",
     .act = openapi},
    {.method = "GET",
     .path = "/api/v1/access",
     .summary = "What this client may do here",
     .answer = R"({"type": "object", "required": ["read_only"], "properties": {
         "read_only": {"type": "boolean", "description": "GET alone is answered, by --http-read-only"}}})",
     .act = access_policy},
};

}  // namespace

std::span<const Route> index() { return kIndexRows; }

}  // namespace emulator::testbench::routes
