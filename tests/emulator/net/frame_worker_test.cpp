#include "emulator/net/frame_worker.h"

#include <doctest/doctest.h>

#include "tests/support/measure_bench.h"

using namespace emulator;

namespace {

struct Workshop {
    Profile profile;
    asio::io_context owner{1};
    const std::shared_ptr<const scenes::World> world =
        std::make_shared<const scenes::World>(measure::scene_named("conveyor"));
    FrameSource source{profile, StillCache::Threads::two};
    net::FrameWorker worker{owner, source, [] {}};
    std::vector<std::pair<std::uint64_t, bool>> done;  // number, and whether there is a frame

    FrameRequest request(std::uint64_t number) {
        auto settings = profile.power_up;
        settings.image.width = 528, settings.image.height = 64;
        settings.lens = {.zoom = 400, .focus = 9807};
        return {
            .settings = settings, .lens = {profile.lens, settings.lens}, .world = world, .number = number};
    }
    void order(std::uint64_t number, const std::stop_token& stop) {
        worker.make(request(number), stop, [this, number](const std::optional<MadeFrame>& frame) {
            done.emplace_back(number, frame.has_value());
        });
    }
    void await(std::size_t count) {
        const auto work = asio::make_work_guard(owner);
        while (done.size() < count) owner.run_one();
    }
};

}  // namespace

TEST_CASE("frames that are cancelled call back in their order, with nothing, and the others are made") {
    Workshop shop;
    std::stop_source closed, open;
    shop.order(0, open.get_token());
    for (std::uint64_t number = 1; number < 40; ++number) shop.order(number, closed.get_token());
    closed.request_stop();
    shop.order(40, open.get_token());
    shop.await(41);
    std::uint64_t number = 0;
    for (const auto& [of, made] : shop.done) {
        CHECK(of == number);
        if (number == 0 || number == 40) CHECK(made);
        ++number;
    }
    CHECK_FALSE(shop.done[39].second);
}

TEST_CASE("a worker that finishes cancels what is under way and what waits, and begins nothing any more") {
    Workshop shop;
    for (std::uint64_t number = 0; number < 40; ++number) {
        shop.worker.expect(shop.world, {.zoom_steps = static_cast<double>(number)}, {});
        shop.order(number, {});
    }
    shop.worker.finish();
    shop.owner.run();
    CHECK(shop.done.size() < 40);
    shop.order(40, {});
    shop.owner.restart();
    shop.owner.run();
    for (const auto& [number, made] : shop.done) CHECK(number != 40);
}

TEST_CASE("frames that were asked for before a discard are not handed back, and those after it are") {
    Workshop shop;
    for (std::uint64_t number = 0; number < 10; ++number) shop.order(number, {});
    shop.worker.discard();
    for (std::uint64_t number = 10; number < 13; ++number) shop.order(number, {});
    shop.await(3);
    CHECK(shop.done == std::vector<std::pair<std::uint64_t, bool>>{{10, true}, {11, true}, {12, true}});
}

TEST_CASE("a frame is a function of its request's seed, whatever seed came before") {
    Workshop shop;
    const auto frame = [&](std::int64_t seed) {
        auto request = shop.request(1);
        request.seed = seed;
        return shop.source.take(request).payload;
    };
    const auto first = frame(1), other = frame(2);
    CHECK(first != other);
    CHECK(frame(1) == first);
    CHECK(frame(2) == other);
    Profile profile;
    FrameSource fresh{profile};
    auto request = shop.request(1);
    request.seed = 2;
    CHECK(fresh.take(request).payload == other);
}

TEST_CASE("a kept picture gives the same frames, whatever was looked at meanwhile") {
    Workshop shop;
    auto other = shop.request(2);
    other.settings.lens.zoom = 300;
    other.lens = {shop.profile.lens, other.settings.lens};
    shop.source.keep_picture();  // There is none yet.
    const auto first = shop.source.take(shop.request(1)).payload, away = shop.source.take(other).payload;
    CHECK(shop.source.take(shop.request(1)).payload == first);
    shop.source.keep_picture();
    CHECK(shop.source.take(other).payload == away);
    CHECK(shop.source.take(shop.request(1)).payload == first);
    CHECK(shop.source.take(other).payload == away);
}
