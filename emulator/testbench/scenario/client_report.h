#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "emulator/testbench/http/route.h"
#include "protocol/gvsp/block.h"

namespace emulator::testbench {

/// A frame that the client says it has received, by a line "gigemu-frame BLOCK_ID STATUS CRC32 BYTES": CRC32
/// is that of zlib, in hexadecimal, of the payload as it was received.
struct ReportedFrame {
    std::uint64_t block_id = 0;
    std::string status;
    std::uint32_t crc32 = 0;
    std::uint64_t bytes = 0;
    bool right = false;  // it is the payload of a block of that id, as it was handed to the sender
};
/// Nothing for any other line.
[[nodiscard]] std::optional<ReportedFrame> parse_frame_line(std::string_view line);

struct OutputLine {
    bool is_error = false;  // of standard error
    std::string text;
};

/// How the client ended.
struct ClientEnd {
    int exit_code = 0;
    int signal = 0;  // that ended it; 0: it ended by itself
    /// Processes that it left, and what it did that ended it: "it printed more than 16 MiB"; empty otherwise.
    std::string complaint{};

    [[nodiscard]] bool succeeded() const { return exit_code == 0 && signal == 0 && complaint.empty(); }
    [[nodiscard]] Json to_json() const;
    [[nodiscard]] std::string sentence() const;
};

/// What a client under test prints and how it ends, beside the blocks that the camera has sent to it.
class ClientReport {
  public:
    static constexpr std::size_t kLinesKept = 100'000, kBlocksKept = 100'000;

    void on_line(OutputLine);
    void on_submitted(const protocol::gvsp::Block&);
    void on_end(ClientEnd end) { end_ = std::move(end); }

    /// The oldest first; the first has the number `lines_forgotten`.
    [[nodiscard]] const std::deque<OutputLine>& lines() const { return lines_; }
    [[nodiscard]] std::size_t lines_forgotten() const { return lines_forgotten_; }
    [[nodiscard]] const std::deque<ReportedFrame>& frames() const { return frames_; }
    [[nodiscard]] std::size_t frames_forgotten() const { return frames_forgotten_; }
    [[nodiscard]] const std::optional<ClientEnd>& end() const { return end_; }

  private:
    struct SubmittedBlock {
        std::uint64_t id = 0;
        std::uint32_t crc32 = 0;
    };
    std::deque<OutputLine> lines_;
    std::deque<ReportedFrame> frames_;
    std::deque<SubmittedBlock> submitted_;
    std::size_t lines_forgotten_ = 0, frames_forgotten_ = 0;
    std::optional<ClientEnd> end_;
};

[[nodiscard]] Json to_json(const ReportedFrame&);
[[nodiscard]] Json to_json(const OutputLine&);

}  // namespace emulator::testbench
