#include "wire/outbox.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "wire/bytes.h"

using oversoak::test::Bytes;
using oversoak::test::bytes_of;
using oversoak::wire::Outbox;

namespace {

constexpr std::size_t kLimitBytes = 100;

bool append(Outbox& outbox, const Bytes& bytes) {
  const auto room = outbox.append(bytes.size());
  if (room.empty()) return false;
  REQUIRE(room.size() == bytes.size());
  std::copy(bytes.begin(), bytes.end(), room.begin());
  return true;
}

Bytes copy_of(std::span<const std::byte> bytes) { return {bytes.begin(), bytes.end()}; }

}  // namespace

TEST_SUITE_BEGIN("outbox");

TEST_CASE("begins empty") {
  const Outbox outbox(kLimitBytes);
  CHECK(outbox.empty());
  CHECK(!outbox.has_next());
  CHECK(!outbox.in_flight());
}

TEST_CASE("knows how many bytes a send must report") {
  Outbox outbox(kLimitBytes);
  CHECK(append(outbox, bytes_of("abc")));
  CHECK(outbox.in_flight_bytes() == 0);
  outbox.next();
  CHECK(append(outbox, bytes_of("later")));
  CHECK(outbox.in_flight_bytes() == 3);
  outbox.sent();
  CHECK(outbox.in_flight_bytes() == 0);
}

TEST_CASE("what a send has not taken stays in flight, where it is") {
  Outbox outbox(kLimitBytes);
  CHECK(append(outbox, bytes_of("abcdef")));
  const auto flying = outbox.next();
  CHECK(append(outbox, bytes_of("later")));
  for (const char* left : {"cdef", "cdef", "f"}) {
    const std::size_t taken = outbox.in_flight_bytes() - bytes_of(left).size();
    const auto rest = outbox.left_after(taken);
    CHECK(copy_of(rest) == bytes_of(left));
    CHECK(rest.data() + rest.size() == flying.data() + flying.size());
    CHECK(outbox.in_flight());
    CHECK(!outbox.has_next());
  }
  CHECK(outbox.left_after(1).empty());
  outbox.sent();
  CHECK(copy_of(outbox.next()) == bytes_of("later"));
  CHECK(outbox.in_flight_bytes() == 5);
}

TEST_CASE("sends what was queued, in order, one send at a time") {
  Outbox outbox(kLimitBytes);
  CHECK(append(outbox, bytes_of("ab")));
  CHECK(append(outbox, bytes_of("cd")));
  CHECK(outbox.has_next());
  CHECK(copy_of(outbox.next()) == bytes_of("abcd"));
  CHECK(outbox.in_flight());
  CHECK(append(outbox, bytes_of("ef")));
  CHECK(!outbox.has_next());
  outbox.sent();
  CHECK(outbox.has_next());
  CHECK(copy_of(outbox.next()) == bytes_of("ef"));
  outbox.sent();
  CHECK(outbox.empty());
}

TEST_CASE("bytes in flight neither move nor change while others are queued") {
  Outbox outbox(1'000'000);
  CHECK(append(outbox, bytes_of("in flight")));
  const auto flying = outbox.next();
  for (int i = 0; i < 10'000; ++i) CHECK(append(outbox, bytes_of("queued behind")));
  // Reading through the old span: the address sanitizer sees a buffer that was freed.
  CHECK(copy_of(flying) == bytes_of("in flight"));
  outbox.sent();
  CHECK(outbox.next().size() == 10'000 * bytes_of("queued behind").size());
}

// The sending stamp is written as late as that.
TEST_CASE("what is taken into flight can still be written to") {
  Outbox outbox(kLimitBytes);
  CHECK(append(outbox, bytes_of("ab")));
  outbox.next()[1] = std::byte{'c'};
  outbox.sent();
  CHECK(append(outbox, bytes_of("d")));
  CHECK(copy_of(outbox.next()) == bytes_of("d"));
}

TEST_CASE("the limit holds for what is queued; a refused append changes nothing") {
  Outbox outbox(kLimitBytes);
  CHECK(append(outbox, Bytes(60, std::byte{'a'})));
  CHECK(append(outbox, Bytes(40, std::byte{'b'})));
  CHECK(!append(outbox, Bytes(1, std::byte{'c'})));
  CHECK(outbox.next().size() == kLimitBytes);
  // What is in flight does not count.
  CHECK(append(outbox, Bytes(kLimitBytes, std::byte{'d'})));
  CHECK(!append(outbox, Bytes(1, std::byte{'e'})));
  outbox.sent();
  CHECK(copy_of(outbox.next()) == Bytes(kLimitBytes, std::byte{'d'}));
}

TEST_CASE("clear forgets what is queued and what is in flight") {
  Outbox outbox(kLimitBytes);
  CHECK(append(outbox, bytes_of("ab")));
  outbox.next();
  CHECK(append(outbox, bytes_of("cd")));
  outbox.clear();
  CHECK(outbox.empty());
  CHECK(!outbox.has_next());
}

TEST_SUITE_END();
