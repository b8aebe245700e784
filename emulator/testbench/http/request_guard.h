#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace emulator::testbench {

/// Headers of an HTTP request that identify its origin. A missing header is an empty text.
struct RequestHeaders {
    std::vector<std::string> hosts{}, origins{};  // one for each header of that name
    std::string version = "HTTP/1.1";
    std::string fetch_site{}, fetch_mode{}, fetch_destination{};  // Fetch Metadata (W3C)
    bool has_body = false;
};

struct Refusal {
    int status = 0;
    std::string_view key, sentence;
    bool operator==(const Refusal&) const = default;
};

/// A host name as DNS and compose files have it: letters, digits, "-" and "_", in labels that dots separate.
[[nodiscard]] bool is_host_name(std::string_view);

/// Protection against cross-site requests (CSRF) and DNS rebinding, as the interface has no password: a
/// browser lets any page send requests to any address, and a foreign host name may resolve to any address.
///
/// Host (RFC 9112, 3.2) is one IP literal, one name without dots (localhost, a compose service), or one of
/// the names given here, each with any port. Origin is absent or names the same authority (RFC 6454). The
/// media types that `Router` lets through, and PUT, need a CORS preflight, which always fails.
class RequestGuard {
  public:
    explicit RequestGuard(std::vector<std::string> host_names);

    /// Nothing if the request may be answered; else status 400 or 403.
    [[nodiscard]] std::optional<Refusal> refuse(const RequestHeaders&) const;

  private:
    [[nodiscard]] bool knows(std::string_view host) const;

    std::vector<std::string> host_names_;  // in lower case
};

}  // namespace emulator::testbench
