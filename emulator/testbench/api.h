#pragma once

#include <span>
#include <string>
#include <string_view>

#include "emulator/testbench/bench.h"
#include "emulator/testbench/request_body.h"
#include "emulator/testbench/to_json.h"

namespace emulator::testbench {

/// A request as it came, without its transport. A key of the query that comes twice counts once.
struct Question {
    std::string method, path;
    Query query;
    std::string body;
};

struct Answer {
    int status = 200;
    Json body;
    std::string allowed;  // methods of the path, where the status is 405
};

/// HTTP interface of the test bench (docs/http.md): requests and answers as values. Call it on the thread
/// that owns the camera. Malformed requests are answered with 400 and a sentence; nothing throws.
class Api {
  public:
    explicit Api(Bench& bench) : bench_(bench) {}

    [[nodiscard]] Answer answer(const Question&);

    struct Route {
        std::string_view method, path, what;
        Answer (Api::*act)(const Question&);
    };
    [[nodiscard]] static std::span<const Route> routes();

  private:
    Answer index(const Question&);
    Answer state(const Question&);
    Answer lines(const Question&);
    Answer set_level(const Question&);
    Answer pulse(const Question&);
    Answer train(const Question&);
    Answer stop(const Question&);
    Answer signals(const Question&);
    Answer leds(const Question&);
    Answer truth(const Question&);

    [[nodiscard]] const FrameRecord* find_frame(const Query&) const;
    [[nodiscard]] Answer truth_at(const Query&) const;
    [[nodiscard]] Json truth_of(const ImageFormat&, const lens_model::State&, bool moving, Time) const;
    [[nodiscard]] std::uint64_t ticks(Time at) const { return bench_.camera().device.clock.ticks(at); }

    Bench& bench_;
};

}  // namespace emulator::testbench
