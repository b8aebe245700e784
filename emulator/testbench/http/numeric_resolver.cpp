#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>

#include <charconv>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

/// The functions of libc for a program without shared libraries, in which libc would still load its name
/// services. All addresses here are numbers: IPv4, in dotted decimal notation.

namespace {

struct Found {
    addrinfo info;
    sockaddr_in address;
};

/// Whether the text, with its end, has room in a buffer of this size.
bool put(std::string_view text, char* buffer, std::size_t size) {
    if (text.size() >= size) return false;
    std::memcpy(buffer, text.data(), text.size());
    buffer[text.size()] = '\0';
    return true;
}

}  // namespace

extern "C" int getaddrinfo(const char* node, const char* service, const addrinfo* hints, addrinfo** result) {
    const std::string_view port = service == nullptr ? "0" : service;
    std::uint16_t number = 0;
    const auto parsed = std::from_chars(port.data(), port.data() + port.size(), number);
    if (parsed.ec != std::errc{} || parsed.ptr != port.data() + port.size()) return EAI_SERVICE;
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(number);
    if (inet_pton(AF_INET, node == nullptr ? "0.0.0.0" : node, &address.sin_addr) != 1) return EAI_NONAME;
    auto* const found = new Found{.info = {}, .address = address};
    found->info.ai_family = AF_INET;
    if (hints != nullptr) {
        found->info.ai_socktype = hints->ai_socktype;
        found->info.ai_protocol = hints->ai_protocol;
    }
    found->info.ai_addrlen = sizeof found->address;
    found->info.ai_addr = reinterpret_cast<sockaddr*>(&found->address);
    *result = &found->info;
    return 0;
}

extern "C" void freeaddrinfo(addrinfo* result) { delete reinterpret_cast<Found*>(result); }

extern "C" int getnameinfo(const sockaddr* address, socklen_t length, char* host, socklen_t host_size,
                           char* service, socklen_t service_size, int) {
    if (address->sa_family != AF_INET || length < sizeof(sockaddr_in)) return EAI_FAMILY;
    sockaddr_in known{};
    std::memcpy(&known, address, sizeof known);
    char dotted[INET_ADDRSTRLEN];
    inet_ntop(AF_INET, &known.sin_addr, dotted, sizeof dotted);
    const bool fits =
        (host == nullptr || put(dotted, host, host_size)) &&
        (service == nullptr || put(std::to_string(ntohs(known.sin_port)), service, service_size));
    return fits ? 0 : EAI_OVERFLOW;
}
