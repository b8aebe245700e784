#include "emulator/testbench/scenario/client_report.h"

#include <zlib.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <sstream>

#include "protocol/gvcp/names.h"

namespace emulator::testbench {
namespace {

constexpr std::string_view kFrameWord = "gigemu-frame";

template <typename Number>
bool parse(const std::string& text, Number& number, int base = 10) {
    const auto* const end = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data(), end, number, base);
    return error == std::errc{} && stopped == end;
}

}  // namespace

std::optional<ReportedFrame> parse_frame_line(std::string_view line) {
    std::istringstream words{std::string(line)};
    std::string word, id, crc, bytes, more;
    ReportedFrame frame;
    words >> word >> id >> frame.status >> crc >> bytes;
    const bool whole = word == kFrameWord && !words.fail() && !(words >> more);
    if (!whole || !parse(id, frame.block_id) || !parse(crc, frame.crc32, 16) || !parse(bytes, frame.bytes))
        return std::nullopt;
    return frame;
}

void ClientReport::on_submitted(const protocol::gvsp::Block& block) {
    const auto sum = crc32(0, block.payload.data(), static_cast<uInt>(block.payload.size()));
    submitted_.push_back({.id = block.id, .crc32 = static_cast<std::uint32_t>(sum)});
    if (submitted_.size() > kBlocksKept) submitted_.pop_front();
}

void ClientReport::on_line(OutputLine line) {
    if (auto frame = line.is_error ? std::nullopt : parse_frame_line(line.text)) {
        frame->right = std::ranges::any_of(submitted_, [&](const SubmittedBlock& block) {
            return block.id == frame->block_id && block.crc32 == frame->crc32;
        });
        frames_.push_back(std::move(*frame));
        if (frames_.size() > kBlocksKept) {
            frames_.pop_front();
            ++frames_forgotten_;
        }
    }
    lines_.push_back(std::move(line));
    if (lines_.size() <= kLinesKept) return;
    lines_.pop_front();
    ++lines_forgotten_;
}

Json to_json(const ReportedFrame& frame) {
    return {{"block_id", frame.block_id},
            {"status", frame.status},
            {"crc32", protocol::gvcp::hex(frame.crc32, 8).substr(2)},
            {"bytes", frame.bytes},
            {"right", frame.right}};
}

Json to_json(const OutputLine& line) {
    return {{"stream", line.is_error ? "stderr" : "stdout"}, {"line", line.text}};
}

Json ClientEnd::to_json() const {
    Json say = signal == 0 ? Json{{"exit", exit_code}} : Json{{"signal", signal}};
    if (!complaint.empty()) say["complaint"] = complaint;
    return say;
}

std::string ClientEnd::sentence() const {
    const auto how =
        signal == 0 ? "it ended with exit code " + std::to_string(exit_code)
                    : "it was ended by signal " + std::to_string(signal) + " (" + strsignal(signal) + ")";
    return complaint.empty() ? how : complaint + " (" + how + ")";
}

}  // namespace emulator::testbench
