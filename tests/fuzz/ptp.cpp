#include <algorithm>

#include "protocol/ptp/port.h"
#include "protocol/time.h"
#include "tests/fuzz/fuzz.h"

// Anything may come from the network, at any time, and stamps may be late, early or absurd: what the port
// reads it could have written, it says only what can be read, asks and answers no more than its share, and
// never steers the clock further than an oscillator can be wrong.

namespace {

using namespace protocol::ptp;
using protocol::Time;
using protocol::Timestamp;

constexpr std::uint64_t kOwn = 0x0007'48FF'FE12'3456;
constexpr Timestamp kMostTime{2 * kEndOfTime.time_since_epoch()};

/// A message out of few numbers, so that they meet: near what means something.
support::Bytes plausible(fuzz::Source& source, Timestamp clock) {
    constexpr Type kTypes[] = {Type::sync, Type::follow_up, Type::delay_response, Type::announce,
                               Type::delay_request};
    Message message;
    message.type = kTypes[source.below(5)];
    message.flags = source.number(1) & 1 ? kTwoStep : 0;
    message.source = {.clock = 1 + source.number(1) % 3, .port = 1};
    message.sequence = static_cast<std::uint16_t>(source.number(1) % 8);
    message.log_interval = static_cast<std::int8_t>(source.number(1));
    message.scaled_correction = static_cast<std::int64_t>(source.number(source.number(1) % 9));
    message.time = std::clamp(clock + Time(source.number(source.number(1) % 8)) - Time(1'000'000),
                              Timestamp{}, kEndOfTime - Time(1));
    message.requester = {.clock = kOwn, .port = 1};
    message.master = {.priority1 = static_cast<std::uint8_t>(source.number(1)),
                      .grandmaster = source.number(1),
                      .steps_removed = static_cast<std::uint16_t>(source.number(1)),
                      .sender = message.source};
    return encode(message);
}

struct Judge {
    Timestamp clock{};  // what the camera's clock reads
    std::size_t said = 0;
    std::vector<Ticket> under_way{};

    void take(const Actions& actions) {
        for (const auto& action : actions) {
            if (const auto* correction = std::get_if<Correction>(&action)) {
                fuzz::must(correction->rate_ppb >= -600'000 && correction->rate_ppb <= 600'000,
                           "the clock is steered as far as an oscillator can be wrong");
                clock =
                    std::clamp(clock + correction->step, Timestamp(-kMostTime.time_since_epoch()), kMostTime);
                continue;
            }
            const auto& send = std::get<Send>(action);
            const auto message = parse(send.datagram);
            fuzz::must(message.has_value(), "what is said can be read");
            fuzz::must(message->source.clock == kOwn, "what is said is one's own");
            if (send.ticket) under_way.push_back(*send.ticket);
            ++said;
        }
    }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::Source source(data, size);
    Port port(kOwn);
    Judge judge;
    Time now{};
    std::size_t heard = 0;
    port.enable(now);
    while (!source.empty()) {
        const auto stamp = judge.clock + Time(source.number(source.number(1) % 5)) - Time(1'000'000);
        // Some come to the general port.
        const auto received = source.number(1) % 4 ? std::optional(stamp) : std::nullopt;
        switch (source.number(1) % 8) {
            case 0: {
                const auto datagram = source.take(source.number(1) % 80);
                if (const auto message = parse(datagram)) {
                    fuzz::must(parse(encode(*message)) == message, "what is read can be written");
                }
                judge.take(port.handle(datagram, received, now));
                ++heard;
                break;
            }
            case 1:
            case 2:
            case 3:
            case 4: {
                const auto said = plausible(source, judge.clock);
                const bool event = is_event(parse(said)->type);
                judge.take(port.handle(said, event ? std::optional(stamp) : std::nullopt, now));
            }
                ++heard;
                break;
            case 5:
                if (judge.under_way.empty()) break;
                judge.take(port.sent(judge.under_way.back(), stamp));
                judge.under_way.pop_back();
                break;
            case 6:
                if (source.number(1) != 0) break;
                judge.take(port.disable());
                if (source.number(1) & 1) port.enable(now);
                break;
            default: {
                const auto pause = Time(source.number(4));
                now += pause;
                judge.clock = std::min(judge.clock + pause, kMostTime);
                judge.take(port.expire(now));
                fuzz::must(!port.deadline() || *port.deadline() > now, "what is due is done");
                break;
            }
        }
    }
    // An answer or a question for each message; and for each second a Sync, its Follow_Up, an announcement,
    // 32 questions.
    const auto seconds = static_cast<std::size_t>(now / Time(std::chrono::seconds(1)));
    fuzz::must(judge.said <= 2 * heard + 64 * (seconds + 2) + size, "nobody makes it talk without end");
    return 0;
}
