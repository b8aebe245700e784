#include "protocol/gvsp/transmitter.h"
#include "protocol/time.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/received_block.h"

// Blocks, resend requests and passing time in any order: every packet is a true part of its block, no burst
// is too long, memory is bounded, and the transmitter comes to an end.

namespace {

using namespace protocol::gvsp;

support::Bytes payload_of(std::uint64_t id, std::size_t bytes) {
    return support::Bytes(bytes, static_cast<std::uint8_t>(id * 37 + 1));
}

Transmitter::Settings settings_of(fuzz::Source& source) {
    Transmitter::Settings settings;
    settings.layout.packet_size_bytes = static_cast<std::uint32_t>(576 + 4 * source.below(3948));
    settings.layout.extended_ids = source.number(1) & 1;
    settings.layout.all_in = source.number(1) & 1;
    settings.pace.gap = protocol::Time(source.below(100'000));
    settings.extended_status = source.number(1) & 1;
    return settings;
}

void judge(const std::vector<Transmitter::Outgoing>& burst) {
    protocol::Time used{};
    for (const auto& outgoing : burst) {
        fuzz::must(used <= std::chrono::microseconds(500), "a burst is short");
        used += slot(outgoing.packet.size_bytes(), {});
        const auto packet = support::parse_stream_packet(outgoing.packet.flat());
        if (packet.status & 0x8000) fuzz::must(packet.content.empty(), "a refusal has no content");
        if (packet.format != 3) continue;
        for (const auto byte : packet.content) {
            fuzz::must(byte == static_cast<std::uint8_t>(packet.block_id * 37 + 1),
                       "a packet is of its block");
        }
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::Source source(data, size);
    Transmitter transmitter;
    protocol::Time now{};
    std::uint64_t id = 0;
    auto settings = settings_of(source);
    while (!source.empty()) {
        switch (source.number(1) % 4) {
            case 0: {
                Block block;
                block.id = ++id;
                block.payload = payload_of(id, source.below(200'000));
                transmitter.submit(std::move(block), now + protocol::Time(source.below(1'000'000)), settings);
                break;
            }
            case 1: {
                protocol::gvcp::Resend asked;
                asked.block_id = source.number(1) & 1 ? source.below(id + 3) : source.number(8);
                asked.first = static_cast<std::uint32_t>(source.number(source.number(1) % 5));
                asked.last = static_cast<std::uint32_t>(source.number(source.number(1) % 5));
                transmitter.resend(asked, settings, now);
                break;
            }
            case 2:
                now += protocol::Time(source.below(5'000'000));
                break;
            default:
                judge(transmitter.take(now));
                break;
        }
    }
    fuzz::must(transmitter.history_bytes() < Transmitter::kHistoryBytes + 8 * 200'000, "memory is bounded");
    for (int bursts = 0; transmitter.deadline(); ++bursts) {
        judge(transmitter.take(*transmitter.deadline()));
        fuzz::must(bursts < 1'000'000, "there is an end");
    }
    return 0;
}
