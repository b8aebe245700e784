#include <doctest/doctest.h>

#include "emulator/features/encoding.h"
#include "emulator/features/register_map.h"
#include "tests/support/fake_client.h"

// The judge, on a table of its own with rows of every kind.

using namespace support;
using namespace emulator::features;
using emulator::Camera;
using protocol::Status;

namespace {

struct Bench {
    std::int64_t wide = 0x1'2345'6789, negative = -5, limited = 10;
    double real = 1.5, below_zero = -2.5;
    std::string text = "abc";
    Bytes raw = Bytes(16, 7);
    bool locked = false, available = true;
    std::int64_t max = 100;
};
Bench bench;

template <auto member>
constexpr Accessor on_bench{
    .get = [](const Camera&) { return to_value(bench.*member); },
    .set =
        [](Camera&, const Value& value) {
            bench.*member = from_value<std::remove_reference_t<decltype(bench.*member)>>(value);
            return Outcome{};
        },
};

// clang-format off
constexpr Feature kRows[] = {
    {.info = {.name = "Wide", .address = 0x20'0000, .type = Integer{0, INT64_MAX}, .tip = "Sixty-four bits."}, .value = on_bench<&Bench::wide>},
    {.info = {.name = "Negative", .address = 0x20'0008, .type = Integer{-100, 100, 5}, .tip = "Signed."}, .value = on_bench<&Bench::negative>},
    {.info = {.name = "Limited", .address = 0x20'000C, .type = Integer{0, 1000}, .tip = "Its range moves."}, .value = on_bench<&Bench::limited>,
     .range = [](const Camera&) { return Bounds{0, static_cast<double>(bench.max)}; },
     .locked = [](const Camera&) { return bench.locked; }, .available = [](const Camera&) { return bench.available; }},
    {.info = {.name = "RealValue", .address = 0x20'0010, .type = Real{0, 10, 0.1, "s"}, .tip = "Counted in steps."}, .value = on_bench<&Bench::real>},
    {.info = {.name = "BelowZero", .address = 0x20'0014, .type = Real{-10, 10, 0.5}, .tip = "Counted in steps, signed."}, .value = on_bench<&Bench::below_zero>},
    {.info = {.name = "Letters", .address = 0x20'0018, .type = Text{16}, .tip = "Text."}, .value = on_bench<&Bench::text>},
    {.info = {.name = "Memory", .address = 0x20'0028, .type = Raw{16}, .tip = "Bytes."}, .value = on_bench<&Bench::raw>},
};
// clang-format on
constexpr std::array kTable{Category{"Bench", kRows}};

struct Fixture {
    Fixture() { bench = {}; }
    VirtualCamera camera;
    RegisterMap map{kTable, camera.camera};

    Status write(std::uint32_t address, const Bytes& bytes) { return map.write(address, bytes).status; }
    std::string read(std::uint32_t address, std::size_t count) {
        Bytes out(count);
        return map.read(address, out) == Status::success ? to_hex(out) : "none";
    }
};

}  // namespace

TEST_CASE("a register of 64 bits is read and written whole, and half by half") {
    Fixture f;
    CHECK(f.read(0x20'0000, 8) == "0000000123456789");
    CHECK(f.read(0x20'0004, 4) == "23456789");
    CHECK(f.write(0x20'0000, be64(0x7FFF'0000'0000'0001)) == Status::success);
    CHECK(bench.wide == 0x7FFF'0000'0000'0001);
    CHECK(f.write(0x20'0004, be32(5)) == Status::success);
    CHECK(bench.wide == 0x7FFF'0000'0000'0005);
    CHECK(f.write(0x20'0000, be32(0)) == Status::success);
    CHECK(bench.wide == 5);
    CHECK(f.write(0x20'0000, be32(0x8000'0000)) == Status::invalid_parameter);
    CHECK(bench.wide == 5);
}

TEST_CASE("a part of a text or of memory is patched into the whole") {
    Fixture f;
    CHECK(f.write(0x20'001C, from_hex("64656600")) == Status::success);
    CHECK(bench.text == "abc");  // A text ends at its first NUL.
    CHECK(f.write(0x20'0018, from_hex("61626364 65666768")) == Status::success);
    CHECK(bench.text == "abcdefgh");
    CHECK(f.read(0x20'001C, 8) == "6566676800000000");
    CHECK(f.write(0x20'002C, be32(0)) == Status::success);
    CHECK(f.read(0x20'0028, 16) == "07070707000000000707070707070707");
}

TEST_CASE("a write may span rows, and ends at the first that refuses") {
    Fixture f;
    CHECK(f.write(0x20'0004, be32(1) + be32(0xFFFF'FFF6) + be32(20)) == Status::success);
    CHECK(bench.negative == -10);
    CHECK(bench.limited == 20);
    CHECK(f.write(0x20'0008, be32(15) + be32(101) + be32(3)) == Status::invalid_parameter);
    CHECK(bench.negative == 15);
    CHECK(bench.limited == 20);
    CHECK(bench.real == 1.5);
}

TEST_CASE("signed values are signed in their register") {
    Fixture f;
    CHECK(f.read(0x20'0008, 4) == "fffffffb");
    CHECK(f.read(0x20'0014, 4) == "fffffffb");
    CHECK(f.write(0x20'0014, be32(0xFFFF'FFEC)) == Status::success);
    CHECK(bench.below_zero == -10);
    CHECK(f.write(0x20'0014, be32(0xFFFF'FFEB)) == Status::invalid_parameter);
    CHECK(f.write(0x20'0008, be32(0xFFFF'FF9B)) == Status::invalid_parameter);
    CHECK(f.write(0x20'0008, be32(3)) == Status::invalid_parameter);  // Steps of 5.
}

TEST_CASE("range, lock and availability are those of the moment") {
    Fixture f;
    CHECK(f.read(0x2020'000C, 4) == "00000064");
    bench.max = 50;
    CHECK(f.read(0x2020'000C, 4) == "00000032");
    CHECK(f.write(0x20'000C, be32(51)) == Status::invalid_parameter);
    CHECK(f.write(0x20'000C, be32(50)) == Status::success);
    bench.locked = true;
    CHECK(f.read(0x3020'000C, 4) == "00000001");
    CHECK(f.write(0x20'000C, be32(40)) == Status::write_protect);
    bench.locked = false;
    bench.available = false;
    CHECK(f.read(0x4020'000C, 4) == "00000000");
    CHECK(f.write(0x20'000C, be32(40)) == Status::write_protect);
    bench.available = true;
    CHECK(f.write(0x20'000C, be32(40)) == Status::success);
}

TEST_CASE("a value by name passes the same checks, and an error is a sentence") {
    Fixture f;
    CHECK(f.map.set_by_name("Limited", "30") == "");
    CHECK(bench.limited == 30);
    CHECK(f.map.set_by_name("RealValue", "2.54") == "");
    CHECK(bench.real == doctest::Approx(2.5));
    CHECK(f.map.set_by_name("Letters", "xyz") == "");
    CHECK(bench.text == "xyz");
    CHECK(f.map.set_by_name("Nothing", "1") == "Nothing: there is no such feature");
    CHECK(f.map.set_by_name("Limited", "1.5") == "Limited: a whole number was expected, not \"1.5\"");
    CHECK(f.map.set_by_name("Limited", "many") == "Limited: a number was expected, not \"many\"");
    CHECK(f.map.set_by_name("Limited", "") == "Limited: a number was expected, not \"\"");
    CHECK(f.map.set_by_name("Limited", "30 apples") == "Limited: a number was expected, not \"30 apples\"");
    CHECK(f.map.set_by_name("Limited", "101") == "Limited: 101 is outside of its range");
    for (const auto* never : {"nan", "inf", "-inf", "1e300"})
        CHECK(f.map.set_by_name("RealValue", never) != "");
    bench.locked = true;
    CHECK(f.map.set_by_name("Limited", "1") == "Limited: it cannot be written now");
}

TEST_CASE("choices, flags and commands are named by name") {
    VirtualCamera camera;
    auto& map = camera.camera.registers();
    CHECK(map.set_by_name("PixelFormat", "BayerRG16") == "");
    CHECK(camera.camera.settings.image.pixel_format == emulator::PixelFormat::BayerRG16);
    CHECK(map.set_by_name("PixelFormat", "Mono8") == "PixelFormat: \"Mono8\" is none of its entries");
    CHECK(map.set_by_name("ReverseX", "true") == "");
    CHECK(camera.camera.settings.image.reverse_x);
    CHECK(map.set_by_name("ReverseX", "0") == "");
    CHECK_FALSE(camera.camera.settings.image.reverse_x);
    CHECK(map.set_by_name("ReverseX", "2") != "");
}

TEST_CASE("what is encoded is decoded to the same value") {
    const auto round_trip = [](const Type& type, const Value& value) {
        return decode(type, encode(type, value));
    };
    for (const std::int64_t value : {std::int64_t{0}, std::int64_t{1}, std::int64_t{0xFFFF'FFFF}}) {
        CHECK(round_trip(Integer{0, 0xFFFF'FFFF}, value) == Value(value));
    }
    for (const std::int64_t value : {std::int64_t{-1}, std::int64_t{INT32_MIN}, std::int64_t{INT32_MAX}}) {
        CHECK(round_trip(Integer{INT32_MIN, INT32_MAX}, value) == Value(value));
    }
    for (const std::int64_t value : {std::int64_t{INT64_MIN}, std::int64_t{INT64_MAX}}) {
        CHECK(round_trip(Integer{INT64_MIN, INT64_MAX}, value) == Value(value));
    }
    for (int steps = 0; steps <= 480; ++steps) {
        const Real gain{0, 48, 0.1};
        CHECK(round_trip(gain, value_of_steps(gain, steps)) == Value(value_of_steps(gain, steps)));
    }
    CHECK(round_trip(Text{8}, std::string("abc")) == Value(std::string("abc")));
    CHECK(round_trip(Raw{4}, from_hex("01020304")) == Value(from_hex("01020304")));
}

TEST_CASE("a write over several registers ends at the one that is refused, and says how far it came") {
    Fixture f;
    const auto bytes = be64(7) + be32(10) + be32(101) + be32(20);  // the third register is limited to 100
    const auto outcome = f.map.write(0x20'0000, bytes);
    CHECK(outcome.status == Status::invalid_parameter);
    CHECK(outcome.written_bytes == 12);
    CHECK(bench.wide == 7);
    CHECK(bench.negative == 10);
    CHECK(bench.limited == 10);
    CHECK(bench.real == 1.5);
}
