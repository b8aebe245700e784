#include "tests/fuzz/fuzz.h"
#include "tests/support/random_client.h"

// Any datagrams, to the control and the message port, from the application in control: the answer is at most
// one, its header is true, the settings stay legal, and the camera can be found afterwards.

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace support;
    VirtualCamera camera;
    FakeClient client(camera);
    client.keeps_payload = false;
    client.take_control();
    fuzz::Source source(data, size);
    while (!source.empty()) {
        const auto kind = source.number(1);
        const auto bytes = source.take(source.below(64));
        Bytes datagram(bytes.begin(), bytes.end());
        // Every other one is given a true header, so that more of them get past it.
        if (kind & 1) datagram = gvcp_command(static_cast<std::uint16_t>(0x80 + (kind & 6)), 1, datagram);
        const auto before = client.acks.size();
        if (kind & 8) {
            camera.camera.gvcp().handle_message(datagram, client.control_end());
        } else {
            client.raw(datagram);
        }
        fuzz::must(client.acks.size() <= before + 1, "a command has one answer at most");
        fuzz::must_be_empty(wrong_with(camera.camera));
        camera.run_for(Time((kind >> 4) * 1'000'000));
        client.blocks.clear();
    }
    const auto found = client.command(0x02);
    fuzz::must(camera.camera.device.discovery_delay_ms > 0 || (found && found->status == 0),
               "a camera can be found");
    return 0;
}
