#include "tests/fuzz/fuzz.h"
#include "tests/support/random_client.h"

// A client that reads and writes what it likes, for as long as it likes: settings stay legal.

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::Source source(data, size);
    support::VirtualCamera camera;
    support::RandomClient client(camera, source.number(8));
    for (std::size_t steps = size / 16; steps > 0; --steps) {
        client.act();
        fuzz::must_be_empty(support::wrong_with(camera.camera));
    }
    return 0;
}
