#include "emulator/app/doctor.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <vector>

#include "emulator/app/serving_place.h"
#include "emulator/net/place.h"

namespace emulator {
namespace {

/// How a verdict is written: a word, and its colour on a terminal (ECMA-48).
struct Style {
    const char *word, *colour;
};
constexpr std::array<Style, 3> kStyles{{{"ok", "\033[32m"}, {"warning", "\033[33m"}, {"no", "\033[31m"}}};

void print(const net::Finding& finding, bool terminal) {
    const auto& style = kStyles[static_cast<std::size_t>(finding.verdict)];
    std::printf("%s%-8s%s%-15s %s\n", terminal ? style.colour : "", style.word, terminal ? "\033[0m" : "",
                finding.subject.c_str(), finding.sentence.c_str());
    if (!finding.cure.empty()) std::printf("%-23s cure: %s\n", "", finding.cure.c_str());
}

net::Finding interface_of(const net::Interface& here) {
    net::Finding finding{
        .subject = "interface",
        .sentence = here.name + " with " + net::dotted(here.ip.ip) + "/" + std::to_string(here.prefix_bits()),
        .cure = ""};
    if (!here.loopback) return finding;
    finding.verdict = net::Verdict::warning;
    finding.sentence += ": clients of this host alone find the camera";
    finding.cure = "--interface NAME of one that is up and has an IPv4 address";
    return finding;
}

std::vector<net::Finding> findings(const CommandLine& line) {
    const auto here = choose_interface(line);
    std::vector<net::Finding> found{interface_of(here), net::control_port(here), net::broadcast(here)};
    if (const auto http = choose_http(line, here))
        found.push_back(net::page_port(net::parse_dotted(http->ip).value_or(0),
                                       static_cast<std::uint16_t>(http->port), line.http != "auto"));
    for (const auto& one : net::interfaces()) {
        const bool known = one.index == here.index && one.ip.ip != here.ip.ip;
        if (!one.loopback && !known) found.push_back(net::packet_size(one));
    }
    found.insert(found.end(), {net::send_buffer(), net::receive_buffer(), net::address_rights(here),
                               net::ptp_ports(here), net::clock()});
    if (line.state_dir) found.push_back(net::state_folder(*line.state_dir));
    return found;
}

}  // namespace

int examine_place(const CommandLine& line) {
    const auto found = findings(line);
    const bool terminal = isatty(STDOUT_FILENO) == 1;
    for (const auto& finding : found) print(finding, terminal);
    const auto count = [&](net::Verdict verdict) {
        return std::ranges::count(found, verdict, &net::Finding::verdict);
    };
    const auto refusals = count(net::Verdict::no);
    std::printf("%s; warnings: %td\n", refusals == 0 ? "a camera runs here" : "no camera runs here",
                count(net::Verdict::warning));
    return refusals == 0 ? 0 : 1;
}

}  // namespace emulator
