#include "emulator/testbench/http/request_guard.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <utility>

namespace emulator::testbench {
namespace {

constexpr std::size_t kMaxNameBytes = 253, kMaxLabelBytes = 63;

constexpr Refusal kBadHost{400, "Host", "one host, with or without a port, was expected."};
constexpr Refusal kForeignHost{403, "Host",
                               "an IP address, localhost, or a name of --http-host was expected."};
constexpr Refusal kForeignOrigin{403, "Origin", "cross-origin requests are not allowed."};

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string in_lower_case(std::string_view text) {
    std::string result(text);
    std::ranges::transform(result, result.begin(), lower);
    return result;
}

bool is_name_character(char c) {
    const char small = lower(c);
    return (small >= 'a' && small <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

bool is_label(std::string_view text) {
    return !text.empty() && text.size() <= kMaxLabelBytes && std::ranges::all_of(text, is_name_character);
}

bool is_address(int family, std::string_view text) {
    in6_addr address{};
    return inet_pton(family, std::string(text).c_str(), &address) == 1;
}

bool is_ipv6_literal(std::string_view host) {
    return host.size() > 2 && host.front() == '[' && host.back() == ']' &&
           is_address(AF_INET6, host.substr(1, host.size() - 2));
}

bool is_port(std::string_view text) {
    std::uint16_t port = 0;
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), port);
    return parsed.ec == std::errc{} && parsed.ptr == text.data() + text.size();
}

/// The host of "host" or "host:port"; nothing if it is neither.
std::optional<std::string_view> host_of(std::string_view authority) {
    const auto bracket = authority.find(']');
    const auto colon = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
    const auto host = authority.substr(0, colon);
    if (colon != std::string_view::npos && !is_port(authority.substr(colon + 1))) return std::nullopt;
    if (!is_host_name(host) && !is_ipv6_literal(host)) return std::nullopt;
    return host;
}

/// Cross-site request by the browser's own headers (Sec-Fetch-*). Links from another site may be followed.
bool is_of_another_site(const RequestHeaders& headers) {
    const auto& site = headers.fetch_site;
    if (site.empty() || site == "same-origin" || site == "none") return false;
    return headers.fetch_mode != "navigate" || headers.fetch_destination != "document" || headers.has_body;
}

}  // namespace

bool is_host_name(std::string_view text) {
    if (text.size() > kMaxNameBytes) return false;
    while (true) {
        const auto dot = text.find('.');
        if (!is_label(text.substr(0, dot))) return false;
        if (dot == std::string_view::npos) return true;
        text.remove_prefix(dot + 1);
    }
}

RequestGuard::RequestGuard(std::vector<std::string> host_names) : host_names_(std::move(host_names)) {
    for (auto& name : host_names_) name = in_lower_case(name);
}

bool RequestGuard::knows(std::string_view host) const {
    return host.find('.') == std::string_view::npos || is_address(AF_INET, host) || is_ipv6_literal(host) ||
           std::ranges::find(host_names_, in_lower_case(host)) != host_names_.end();
}

std::optional<Refusal> RequestGuard::refuse(const RequestHeaders& headers) const {
    // HTTP/1.1 requires Host, HTTP/1.0 does not.
    const bool unnamed = headers.hosts.empty() && headers.version == "HTTP/1.0";
    if (headers.hosts.size() != 1 && !unnamed) return kBadHost;
    if (!unnamed) {
        const auto host = host_of(headers.hosts.front());
        if (!host) return kBadHost;
        if (!knows(*host)) return kForeignHost;
    }
    for (const auto& origin : headers.origins) {
        if (unnamed || in_lower_case(origin) != "http://" + in_lower_case(headers.hosts.front()))
            return kForeignOrigin;
    }
    if (is_of_another_site(headers)) return kForeignOrigin;
    return std::nullopt;
}

}  // namespace emulator::testbench
