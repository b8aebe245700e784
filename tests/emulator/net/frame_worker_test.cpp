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
    net::FrameWorker worker{owner, source, profile, [] {}};
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
        shop.worker.expect(shop.world, {shop.profile.lens, {.zoom = static_cast<std::int64_t>(number)}}, {},
                           {});
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
