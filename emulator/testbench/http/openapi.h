#pragma once

#include <string>

#include "emulator/testbench/http/route.h"

namespace emulator::testbench {

/// The table of routes as an OpenAPI 3.1 document.
[[nodiscard]] Json openapi_document();

/// The same as Markdown: a table of routes, and one of the keys of each query and body.
[[nodiscard]] std::string routes_markdown();

}  // namespace emulator::testbench
