#pragma once

#include <asio/io_context.hpp>
#include <memory>

#include "emulator/app/command_line.h"
#include "emulator/app/running_camera.h"
#include "emulator/net/address_client.h"

namespace emulator {

/// The client that finds an address for a camera with --own-address, and moves the camera when it finds
/// another; it has one already, unless none could be had in half a minute. It is the choice's. Null without
/// that option.
[[nodiscard]] std::unique_ptr<net::AddressClient> find_own_address(asio::io_context&, const CommandLine&,
                                                                   const Profile&, const Flash& stored,
                                                                   net::AddressChoice&,
                                                                   const std::unique_ptr<RunningCamera>&);

}  // namespace emulator
