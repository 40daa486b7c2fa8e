#include "wire/crc32c.h"

#include <doctest/doctest.h>

#include <cstddef>
#include <string_view>
#include <vector>

#include "wire/bytes.h"
#include "wire/crc32c_instruction.h"

using oversoak::test::bytes_of;
using oversoak::wire::Crc32c;
using oversoak::wire::crc32c;
using oversoak::wire::crc32c_by_instruction;
using oversoak::wire::crc32c_by_table;

namespace {

// Each way that this processor has.
template <typename Test>
void for_each_way(Test test) {
  SUBCASE("the fastest") { test(static_cast<Crc32c>(crc32c)); }
  SUBCASE("by table") { test(static_cast<Crc32c>(crc32c_by_table)); }
  SUBCASE("by instruction") {
    if (crc32c_by_instruction() != nullptr) test(crc32c_by_instruction());
  }
}

}  // namespace

TEST_SUITE_BEGIN("crc32c");

TEST_CASE("the vectors of RFC 3720 B.4") {
  std::vector<std::byte> rising;
  for (int i = 0; i < 32; ++i) rising.push_back(static_cast<std::byte>(i));
  const std::vector<std::byte> falling(rising.rbegin(), rising.rend());

  for_each_way([&](Crc32c crc) {
    CHECK(crc(std::vector<std::byte>(32, std::byte{0}), 0) == 0x8A9136AA);
    CHECK(crc(std::vector<std::byte>(32, std::byte{0xFF}), 0) == 0x62A8AB43);
    CHECK(crc(rising, 0) == 0x46DD794E);
    CHECK(crc(falling, 0) == 0x113FDB5C);
    CHECK(crc(bytes_of("123456789"), 0) == 0xE3069283);
    CHECK(crc({}, 0) == 0);
  });
}

// Lengths around the eight bytes of a step, and every split of each.
TEST_CASE("goes on over split ranges") {
  const auto text = bytes_of("The quick brown fox jumps over the lazy dog, twice a day.");
  for_each_way([&](Crc32c crc) {
    for (std::size_t size = 0; size <= text.size(); ++size) {
      const auto whole = std::span(text).first(size);
      CHECK(crc(whole, 0) == crc32c_by_table(whole));
      for (std::size_t split = 0; split <= size; ++split) {
        CHECK(crc(whole.subspan(split), crc(whole.first(split), 0)) == crc(whole, 0));
      }
    }
  });
}

TEST_SUITE_END();
