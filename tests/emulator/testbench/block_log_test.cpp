#include "emulator/testbench/block_log.h"

#include <doctest/doctest.h>

#include "tests/emulator/testbench/testbench_camera.h"

using namespace std::chrono_literals;

TEST_CASE("block log: packets of a block that the end of its channel cuts off are counted") {
    testbench_camera::TestbenchCamera on;
    on.camera.on_sent = [&](const auto& blocks) { on.bench.on_sent(blocks); };
    on.client.set("Width", 2048);
    on.client.set("Height", 1024);
    on.client.start();
    for (int i = 0; i < 1000 && on.client.blocks.empty(); ++i) on.camera.run_for(1ms);
    on.camera.run_for(5ms);
    REQUIRE(on.client.blocks.size() == 1);
    REQUIRE(!on.client.blocks.begin()->second.trailer);
    const auto id = on.client.blocks.begin()->first;
    on.client.write(protocol::bootstrap::kStreamPort, 0);
    // The next channel has blocks of the same id.
    on.client.open_stream();
    on.camera.run_for(500ms);
    const auto blocks = on.get("/journal/blocks", {{"block_id", std::to_string(id)}})["blocks"];
    REQUIRE(blocks.size() == 2);
    CHECK(blocks[0]["dropped"] == "channel_closed");
    CHECK(blocks[0]["packets"].get<int>() > 0);
    CHECK(blocks[0]["packets"].get<int>() < blocks[1]["packets"].get<int>());
}
