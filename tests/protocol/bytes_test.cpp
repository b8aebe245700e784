#include <doctest/doctest.h>

#include "tests/support/wire.h"

using namespace support;
using protocol::Reader;
using protocol::Writer;

TEST_CASE("what is written is big-endian") {
    CHECK(Writer().u8(0x12).u16(0x3456).u32(0x789ABCDE).u64(0x0123456789ABCDEF).take() ==
          from_hex("12 3456 789abcde 0123456789abcdef"));
    CHECK(Writer().zeros(3).bytes(Bytes{7}).take() == from_hex("00 00 00 07"));
}

TEST_CASE("what is written is read back") {
    const auto bytes = Writer().u8(1).u16(2).u32(3).u64(0xFFFF'FFFF'FFFF'FFFF).take();
    Reader reader(bytes);
    CHECK(reader.u8() == 1);
    CHECK(reader.u16() == 2);
    CHECK(reader.u32() == 3);
    CHECK(reader.u64() == 0xFFFF'FFFF'FFFF'FFFF);
    CHECK(reader.ok());
    CHECK(reader.rest().empty());
}

TEST_CASE("a read past the end gives zero and fails, and so do all that follow") {
    const Bytes bytes{1, 2, 3};
    Reader reader(bytes);
    CHECK(reader.u16() == 0x0102);
    CHECK(reader.u16() == 0);
    CHECK_FALSE(reader.ok());
    CHECK(reader.u8() == 0);
    CHECK(reader.rest().empty());

    Reader skipping(bytes);
    skipping.skip(4);
    CHECK_FALSE(skipping.ok());
    Reader empty(ByteView{});
    CHECK(empty.ok());
    CHECK(empty.u8() == 0);
    CHECK_FALSE(empty.ok());
}

TEST_CASE("text fills its field with NUL, and is cut where it does not fit") {
    CHECK(Writer().text("ab", 4).take() == from_hex("61620000"));
    CHECK(Writer().text("abcdef", 4).take() == from_hex("61626364"));
    CHECK(protocol::text_of(from_hex("61620063")) == "ab");
    CHECK(protocol::text_of(from_hex("61626364")) == "abcd");
    CHECK(protocol::text_of({}) == "");
}
