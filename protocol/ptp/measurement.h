#pragma once

#include <array>
#include <optional>

#include "protocol/ptp/message.h"

namespace protocol::ptp {

/// Offset from master, by the end-to-end delay mechanism (IEEE 1588-2008, 11.3):
///
///     master   t1 -- Sync ------+              +---> t4   (Follow_Up says t1, Delay_Resp says t4)
///                               |              |
///     camera                    +--> t2   t3 --+ Delay_Req
///
/// t1 and t4 are of the master's clock, t2 and t3 of the camera's, all less the correction field. With a
/// symmetric path the offset is ((t2 - t1) - (t4 - t3)) / 2, and the mean path delay half of (t2 - t1) + (t4
/// - t3).
class Measurement {
  public:
    /// At time `at` of the camera's clock it was so much ahead.
    struct Sample {
        Time offset{};
        Timestamp at{};
    };

    /// A Sync that was received at t2 of the camera's clock. True once t1 and t2 are known; Sync and
    /// Follow_Up may come in either order, and each more than once.
    [[nodiscard]] bool sync(const Message&, Timestamp received);
    [[nodiscard]] bool follow_up(const Message&);

    /// A Delay_Req was sent; responses to earlier ones are ignored.
    void request(std::uint16_t sequence) { request_ = {.sequence = sequence, .sent = {}, .arrived = {}}; }
    /// t3, which may become known after t4.
    void request_sent(std::uint16_t sequence, Timestamp sent);
    void response(const Message&);

    /// Mean path delay: the median of the last measurements, so that a stalled host does not matter.
    [[nodiscard]] std::optional<Time> path_delay() const;

    /// The offset of the last Sync, once, as soon as the path delay is known.
    [[nodiscard]] std::optional<Sample> take_sample();

    /// The camera's clock was stepped by so much.
    void clock_stepped(Time by);

  private:
    static constexpr std::size_t kDelays = 8;
    struct Half {
        std::uint16_t sequence = 0;
        Timestamp time{};
        Time correction{};
    };
    struct Request {
        std::uint16_t sequence = 0;
        std::optional<Timestamp> sent, arrived;
    };
    [[nodiscard]] bool join();
    void finish_request();

    std::optional<Half> sync_, follow_up_;  // those that wait for each other
    std::optional<std::uint16_t> used_;     // the last Sync that was used:
    std::optional<Time> forward_;           // its t2 - t1,
    Timestamp received_{};                  // its t2,
    bool taken_ = false;                    // and whether its sample was taken
    std::optional<Request> request_;
    std::array<Time, kDelays> delays_{};
    std::size_t delays_measured_ = 0;
};

}  // namespace protocol::ptp
