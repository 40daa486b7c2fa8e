// Numbers, random content and checksums, as contracts/src/protocol has them.
#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

#include "fleet/framed/checksum.h"
#include "fleet/framed/content.h"
#include "fleet/framed/number_format.h"
#include "wire/bytes.h"

using namespace oversoak;
using namespace oversoak::fleet::framed;
using oversoak::test::Bytes;
using oversoak::test::bytes_of;

namespace {

constexpr Origin kOrigin{7, 3, (std::uint64_t{1} << 32) + 5};

std::string filled(const Origin& origin, std::uint32_t field, std::size_t size, Alphabet alphabet) {
  std::string text(size, '?');
  RandomBytes(origin, field, alphabet).fill(std::as_writable_bytes(std::span(text)));
  return text;
}

std::string encoded(const NumberFormat& format, std::uint64_t value) {
  std::string text(format.bytes_of(value), '?');
  format.encode(value, std::as_writable_bytes(std::span(text)));
  return text;
}

}  // namespace

TEST_SUITE_BEGIN("framed");

TEST_CASE("random content is that of the description's own session") {
  CHECK(random_word(kOrigin, kRequestField) == 0x62524a09);
  CHECK(random_size(kOrigin, 1, 8, 256) == 79);
  CHECK(filled(kOrigin, 0, 11, Alphabet::bytes) == "\x3a\x4d\xeb\x07\x62\x04\x96\xc2\xa5\x69\x07");
  CHECK(filled(kOrigin, 0, 11, Alphabet::text) == "6NrHiEWClpH");
  CHECK(filled(kOrigin, 0, 11, Alphabet::hex) == "adb72462597");
  CHECK(filled(kOrigin, 0, 11, Alphabet::digits) == "87578404557");
  CHECK(filled({7, 3, 0}, kSessionField, 9, Alphabet::text) == "tK5oJXo9V");
}

TEST_CASE("random content differs from its first other byte on") {
  const RandomBytes content(kOrigin, 0, Alphabet::hex);
  CHECK(content.first_difference(bytes_of("adb72462597")) == 11);
  CHECK(content.first_difference(bytes_of("adb7x462597")) == 4);
}

TEST_CASE("checksums of \"123456789\"") {
  const auto sum = [](std::string_view name) {
    return checksum(*find_checksum(name), bytes_of("123456789"));
  };
  CHECK(sum("crc8") == 0xf4);
  CHECK(sum("crc16-arc") == 0xbb3d);
  CHECK(sum("crc16-modbus") == 0x4b37);
  CHECK(sum("crc16-xmodem") == 0x31c3);
  CHECK(sum("crc16-ccitt-false") == 0x29b1);
  CHECK(sum("crc32") == 0xcbf43926);
  CHECK(sum("crc32c") == 0xe3069283);
  CHECK(sum("adler32") == 0x91e01de);
  CHECK(sum("fletcher16") == 0x1ede);
  CHECK(sum("sum8") == 0xdd);
  CHECK(sum("sum16") == 0x1dd);
  CHECK(sum("sum32") == 0x1dd);
  CHECK(sum("xor8") == 0x31);
  CHECK(!find_checksum("crc64"));
}

TEST_CASE("a number is written and read in each format") {
  using Kind = NumberFormat::Kind;
  const NumberFormat decimal(Kind::decimal, 0, false);
  CHECK(encoded(decimal, 0) == "0");
  CHECK(encoded(decimal, 1'000'203) == "1000203");
  CHECK(encoded(NumberFormat(Kind::decimal, 3, false), 12'045) == "045");
  CHECK(encoded(NumberFormat(Kind::hex, 4, false), 0xABCDE) == "bcde");
  CHECK(encoded(NumberFormat(Kind::binary, 3, true), 0x1020304) == "\x04\x03\x02");
  CHECK(encoded(NumberFormat(Kind::binary, 3, false), 0x1020304) == "\x02\x03\x04");
  for (const NumberFormat& format :
       {NumberFormat(Kind::binary, 8, true), NumberFormat(Kind::binary, 8, false),
        NumberFormat(Kind::decimal, 15, false), NumberFormat(Kind::hex, 13, false), decimal}) {
    for (const std::uint64_t value :
         {std::uint64_t{0}, std::uint64_t{77}, std::uint64_t{1} << 48}) {
      CHECK(format.decode(bytes_of(encoded(format, value))) == value);
    }
  }
}

TEST_CASE("what is no number, or above the largest, is none") {
  using Kind = NumberFormat::Kind;
  CHECK(!NumberFormat(Kind::decimal, 2, false).decode(bytes_of("1a")));
  CHECK(!NumberFormat(Kind::hex, 2, false).decode(bytes_of("1g")));
  CHECK(NumberFormat(Kind::hex, 2, false).decode(bytes_of("F0")) == 0xF0);
  CHECK(!NumberFormat(Kind::binary, 8, true).decode(Bytes(8, std::byte{0xFF})));
}

TEST_SUITE_END();
