#pragma once

#include <stdexcept>
#include <string>
#include <utility>

namespace emulator::testbench {

/// Refusal of a request: a problem document (RFC 9457) whose `detail` is one sentence that begins with the
/// key concerned, if there is one.
struct Problem : std::runtime_error {
    int status;
    std::string key;

    Problem(int status, std::string key, const std::string& sentence)
        : std::runtime_error(key.empty() ? sentence : key + ": " + sentence),
          status(status),
          key(std::move(key)) {}
};

inline constexpr int kNotModified = 304;
inline constexpr int kBadRequest = 400, kUnauthorized = 401, kForbidden = 403, kNotFound = 404,
                     kMethodNotAllowed = 405, kRequestTimeout = 408, kConflict = 409, kPayloadTooLarge = 413,
                     kUnsupportedMediaType = 415, kUnavailable = 503;

}  // namespace emulator::testbench
