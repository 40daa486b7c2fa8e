#include "wire/crc32c.h"

#include <doctest/doctest.h>

#include <cstddef>
#include <string_view>
#include <vector>

#include "wire/bytes.h"

using oversoak::test::bytes_of;
using oversoak::wire::crc32c;

TEST_SUITE_BEGIN("crc32c");

TEST_CASE("the vectors of RFC 3720 B.4") {
  std::vector<std::byte> rising;
  for (int i = 0; i < 32; ++i) rising.push_back(static_cast<std::byte>(i));
  const std::vector<std::byte> falling(rising.rbegin(), rising.rend());

  CHECK(crc32c(std::vector<std::byte>(32, std::byte{0})) == 0x8A9136AA);
  CHECK(crc32c(std::vector<std::byte>(32, std::byte{0xFF})) == 0x62A8AB43);
  CHECK(crc32c(rising) == 0x46DD794E);
  CHECK(crc32c(falling) == 0x113FDB5C);
  CHECK(crc32c(bytes_of("123456789")) == 0xE3069283);
  CHECK(crc32c({}) == 0);
}

// Lengths around the eight bytes of a step, and every split of each.
TEST_CASE("goes on over split ranges") {
  const auto text = bytes_of("The quick brown fox jumps over the lazy dog, twice a day.");
  for (std::size_t size = 0; size <= text.size(); ++size) {
    const auto whole = std::span(text).first(size);
    for (std::size_t split = 0; split <= size; ++split) {
      CHECK(crc32c(whole.subspan(split), crc32c(whole.first(split))) == crc32c(whole));
    }
  }
}

TEST_SUITE_END();
