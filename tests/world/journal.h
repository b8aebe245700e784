#pragma once

#include <array>
#include <deque>
#include <stdexcept>
#include <string>

#include "protocol/time.h"
#include "tests/support/wire.h"

namespace world {

using protocol::Endpoint;
using protocol::Time;
using support::Bytes;
using support::ByteView;
using support::operator+;
using namespace std::chrono_literals;

/// An invariant does not hold.
struct Violation : std::runtime_error {
    Violation(std::string invariant, const std::string& sentence)
        : std::runtime_error(sentence), invariant(std::move(invariant)) {}
    std::string invariant;
};

[[nodiscard]] std::string text(Endpoint);

/// The last things that happened, to be printed where an invariant fails, and a hash of all of them.
class Journal {
  public:
    void now(Time at) { at_ = at; }
    void note(std::string what);
    /// `how` says what becomes of it: "sent", "lost".
    void datagram(const char* how, ByteView, Endpoint from, Endpoint to);
    void mix(std::uint64_t value) { hash_ = (hash_ ^ value) * 0x0000'0100'0000'01B3 ^ hash_ >> 29; }
    [[nodiscard]] std::uint64_t hash() const { return hash_; }
    [[nodiscard]] std::string last_lines() const;
    void keep(std::size_t lines) { lines_kept_ = lines; }

  private:
    struct Line {
        Time at{};
        const char* how = nullptr;  // of a datagram
        Endpoint from{}, to{};
        std::size_t bytes = 0;
        std::array<std::uint8_t, 28> beginning{};
        std::string note;
    };
    [[nodiscard]] static std::string text(const Line&);
    void add(Line line);

    Time at_{};
    std::size_t lines_kept_ = 150;
    std::deque<Line> lines_;
    std::uint64_t hash_ = 0xCBF2'9CE4'8422'2325;
};

}  // namespace world
