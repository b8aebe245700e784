#include "tests/world/journal.h"

#include <algorithm>
#include <cstdio>
#include <cstring>

namespace world {

std::string text(Endpoint end) {
    std::array<char, 32> line{};
    std::snprintf(line.data(), line.size(), "%u.%u.%u.%u:%u", end.ip >> 24, end.ip >> 16 & 255,
                  end.ip >> 8 & 255, end.ip & 255, end.port);
    return line.data();
}

void Journal::add(Line line) {
    line.at = at_;
    if (lines_.size() >= lines_kept_) lines_.pop_front();
    lines_.push_back(std::move(line));
}

void Journal::note(std::string what) {
    for (const char c : what) mix(static_cast<std::uint8_t>(c));
    Line line;
    line.note = std::move(what);
    add(std::move(line));
}

void Journal::datagram(const char* how, ByteView bytes, Endpoint from, Endpoint to) {
    mix(static_cast<std::uint64_t>(at_.count()));
    mix(std::uint64_t{from.ip} << 32 | to.ip);
    mix(std::uint64_t{from.port} << 32 | to.port);
    std::uint64_t word = bytes.size();
    for (std::size_t at = 0; at < bytes.size(); at += 8) {
        mix(word);
        word = 0;
        std::memcpy(&word, bytes.data() + at, std::min<std::size_t>(8, bytes.size() - at));
    }
    mix(word);
    Line line;
    line.how = how;
    line.from = from;
    line.to = to;
    line.bytes = bytes.size();
    std::copy_n(bytes.begin(), std::min(bytes.size(), line.beginning.size()), line.beginning.begin());
    add(std::move(line));
}

std::string Journal::text(const Line& line) {
    std::array<char, 32> time{};
    std::snprintf(time.data(), time.size(), "%13.6f s  ", static_cast<double>(line.at.count()) * 1e-9);
    if (line.how == nullptr) return time.data() + line.note;
    const auto shown = std::min(line.bytes, line.beginning.size());
    return time.data() + world::text(line.from) + " -> " + world::text(line.to) + " " + line.how + " " +
           std::to_string(line.bytes) + " B  " + support::to_hex(ByteView(line.beginning).first(shown));
}

std::string Journal::last_lines() const {
    std::string all;
    for (const auto& line : lines_) all += text(line) + "\n";
    return all;
}

}  // namespace world
