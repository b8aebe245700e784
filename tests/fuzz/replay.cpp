#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>

#include "tests/fuzz/fuzz.h"

// Without libFuzzer: `fuzz_x --seeds FIRST COUNT` makes inputs out of seeds, `fuzz_x FILE...` plays inputs
// that were found.

namespace {

void play(const support::Bytes& bytes) { LLVMFuzzerTestOneInput(bytes.data(), bytes.size()); }

support::Bytes from_seed(std::uint64_t seed) {
    support::Dice dice(seed);
    support::Bytes bytes(dice.below(4096));
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(dice.next());
    return bytes;
}

void play_file(const char* name) {
    std::ifstream in(name, std::ios::binary);
    play({std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()});
}

}  // namespace

int main(int count, char** arguments) {
    LLVMFuzzerInitialize(&count, &arguments);
    if (count > 1 && std::strcmp(arguments[1], "--seeds") != 0) {
        for (int i = 1; i < count; ++i) play_file(arguments[i]);
        return 0;
    }
    const auto first = count > 2 ? std::strtoull(arguments[2], nullptr, 10) : 1;
    const auto seeds = count > 3 ? std::strtoull(arguments[3], nullptr, 10) : 200;
    for (auto seed = first; seed < first + seeds; ++seed) {
        // If the program ends here, this line says how to reproduce it.
        std::printf("\r--seeds %llu 1 ", static_cast<unsigned long long>(seed));
        std::fflush(stdout);
        play(from_seed(seed));
    }
    std::puts("\nall promises kept");
    return 0;
}
