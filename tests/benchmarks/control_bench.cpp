#include "emulator/camera/camera.h"
#include "emulator/camera/null_transport.h"
#include "emulator/features/description_file.h"
#include "emulator/features/table.h"
#include "tests/benchmarks/bench.h"

// What commands of GVCP cost without a network, through the register map of the whole camera, and what the
// description file costs.

namespace {

using namespace std::chrono_literals;
using protocol::Bytes;

constexpr protocol::Endpoint kClient{.ip = 0x7F000001, .port = 50'000};
constexpr std::uint32_t kPrivilege = 0x0A00, kControl = 2;
constexpr std::uint16_t kReadReg = 0x0080, kWriteReg = 0x0082, kReadMem = 0x0084, kDiscovery = 0x0002;
constexpr std::uint32_t kMemoryBytes = 512;

void append(Bytes& bytes, std::uint32_t number) {
    for (int shift = 24; shift >= 0; shift -= 8) bytes.push_back(static_cast<std::uint8_t>(number >> shift));
}

Bytes words(std::initializer_list<std::uint32_t> numbers) {
    Bytes bytes;
    for (const auto number : numbers) append(bytes, number);
    return bytes;
}

/// A camera, a client that controls it, and how many of its commands were acknowledged without an error.
class Controlled final : emulator::GvcpWatch {
  public:
    Controlled() {
        time_.run_until(60s);
        camera_.gvcp().watch(*this);
        command(kWriteReg, words({kPrivilege, kControl}));
    }
    void command(std::uint16_t code, const Bytes& payload) {
        Bytes datagram{0x42, 0x01};
        append(datagram, static_cast<std::uint32_t>(code << 16) | static_cast<std::uint32_t>(payload.size()));
        id_ = static_cast<std::uint16_t>(id_ == 0xFFFF ? 1 : id_ + 1);
        datagram.push_back(static_cast<std::uint8_t>(id_ >> 8));
        datagram.push_back(static_cast<std::uint8_t>(id_));
        datagram.insert(datagram.end(), payload.begin(), payload.end());
        camera_.gvcp().handle_control(datagram, kClient);
        ++sent_;
    }
    [[nodiscard]] bool all_succeeded() const { return succeeded_ == sent_; }
    [[nodiscard]] std::uint32_t address_of(std::string_view name) const {
        for (const auto& row : camera_.registers().rows())
            if (row.feature->info.name == name) return row.address;
        return 0;
    }

  private:
    void on_reply(const protocol::gvcp::Reply& reply) override {
        succeeded_ += reply.datagram.at(0) == 0 && reply.datagram.at(1) == 0;
    }

    emulator::sim::TimeControl time_;
    emulator::NullTransport null_;
    emulator::Camera camera_{emulator::Profile{}, {}, time_, null_, null_};
    std::uint16_t id_ = 0;
    std::uint64_t sent_ = 0, succeeded_ = 0;
};

void judge(benchmark::State& state, const Controlled& camera) {
    if (!camera.all_succeeded()) state.SkipWithError("a command was refused");
}

void discovery(benchmark::State& state) {
    Controlled camera;
    for (auto _ : state) camera.command(kDiscovery, {});
    judge(state, camera);
}

void read_register(benchmark::State& state) {
    Controlled camera;
    const auto payload = words({camera.address_of("ExposureTime")});
    for (auto _ : state) camera.command(kReadReg, payload);
    judge(state, camera);
}

void write_register(benchmark::State& state) {
    Controlled camera;
    camera.command(kWriteReg, words({camera.address_of("ExposureAuto"), 0}));
    const auto address = camera.address_of("ExposureTime");
    std::uint32_t value = 1000;
    for (auto _ : state) {
        value = value == 2000 ? 1000 : value + 1;
        camera.command(kWriteReg, words({address, value}));
    }
    judge(state, camera);
}

void read_memory(benchmark::State& state) {
    Controlled camera;
    const auto payload = words({emulator::features::kDescriptionFileAddress, kMemoryBytes});
    for (auto _ : state) camera.command(kReadMem, payload);
    judge(state, camera);
}

void description_file(benchmark::State& state) {
    const auto table = emulator::features::table();
    for (auto _ : state) benchmark::DoNotOptimize(emulator::features::description_xml(table));
}

void zipped_description_file(benchmark::State& state) {
    const auto xml = emulator::features::description_xml(emulator::features::table());
    for (auto _ : state) benchmark::DoNotOptimize(emulator::features::zipped(xml, "file.xml"));
}

BENCHMARK(discovery)->Unit(benchmark::kMicrosecond);
BENCHMARK(read_register)->Unit(benchmark::kMicrosecond);
BENCHMARK(write_register)->Unit(benchmark::kMicrosecond);
BENCHMARK(read_memory)->Unit(benchmark::kMicrosecond);
BENCHMARK(description_file)->Unit(benchmark::kMicrosecond);
BENCHMARK(zipped_description_file)->Unit(benchmark::kMicrosecond);

}  // namespace
