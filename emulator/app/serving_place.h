#pragma once

#include <optional>

#include "emulator/app/command_line.h"
#include "emulator/net/interface.h"
#include "emulator/testbench/http/http_server.h"

// Where a camera serves, by what the command line says and this host has. What the user must change is thrown
// as scenes::ConfigError.

namespace emulator {

/// The interface and address of --address or --interface; without them the first that is up, else loopback.
/// With
/// --own-address it may have no address.
[[nodiscard]] net::Interface choose_interface(const CommandLine&);
/// Address and port of the HTTP interface; nothing if it is off.
[[nodiscard]] std::optional<testbench::HttpPlace> choose_http(const CommandLine&,
                                                              const net::Interface& camera);

}  // namespace emulator
