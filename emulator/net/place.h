#pragma once

#include <filesystem>
#include <string>
#include <system_error>

#include "emulator/net/interface.h"

// What the place that a camera runs at, a host or a container, lets it do. `gigemu doctor` tries all of it; a
// camera that meets a limit tells of it by the same finding.

namespace emulator::net {

enum class Verdict {
    ok,
    warning,  // a camera runs, and something of it does not work
    no        // no camera runs, or no client reaches it
};

struct Finding {
    std::string subject;
    Verdict verdict = Verdict::ok;
    std::string sentence;
    std::string cure;  // an option, or a command; none where all is well
};

/// GVCP port 3956 at this address.
[[nodiscard]] Finding control_port(const Interface&);
/// The TCP port of page and HTTP interface. `demanded`: the camera does not run without.
[[nodiscard]] Finding page_port(std::uint32_t ip, std::uint16_t port, bool demanded);
/// The right to add addresses, for FORCEIP and persistent addresses.
[[nodiscard]] Finding address_rights(const Interface&);
/// Ports 319 and 320 of PTP, by what opening them gave, or by opening them.
[[nodiscard]] Finding ptp_ports(const std::error_code& opening);
[[nodiscard]] Finding ptp_ports(const Interface&);
[[nodiscard]] Finding packet_size(const Interface&);
/// How much the system lets a socket keep: for a stream that is sent, and for a client on this host.
[[nodiscard]] Finding send_buffer();
[[nodiscard]] Finding receive_buffer();
/// A discovery that is broadcast on this interface comes in, and its answer comes back. Blocks for at most
/// half a second.
[[nodiscard]] Finding broadcast(const Interface&);
/// The clock that all times of the camera are counted by.
[[nodiscard]] Finding clock();
/// The folder of the non-volatile memory, which is made if it can be.
[[nodiscard]] Finding state_folder(const std::filesystem::path&);

/// One line: what is not allowed, and its cure.
[[nodiscard]] std::string sentence(const Finding&);

}  // namespace emulator::net
