#include "wire/inbox.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "wire/bytes.h"

using oversoak::test::Bytes;
using oversoak::test::bytes_of;
using oversoak::wire::Inbox;

namespace {

constexpr std::size_t kMaxFrameBytes = 8;

void receive(Inbox& inbox, const Bytes& bytes) {
  const auto room = inbox.room();
  REQUIRE(bytes.size() <= room.size());
  std::copy(bytes.begin(), bytes.end(), room.begin());
  inbox.commit(bytes.size());
}

Bytes unread(Inbox& inbox) {
  const auto bytes = inbox.unread();
  return {bytes.begin(), bytes.end()};
}

}  // namespace

TEST_SUITE_BEGIN("inbox");

TEST_CASE("begins empty, with room for two of the longest frames") {
  Inbox inbox(kMaxFrameBytes);
  CHECK(inbox.unread().empty());
  CHECK(inbox.room().size() == 2 * kMaxFrameBytes);
}

TEST_CASE("unconsumed bytes stay in order before the next ones") {
  Inbox inbox(kMaxFrameBytes);
  receive(inbox, bytes_of("abcdef"));
  inbox.consume(4);
  CHECK(unread(inbox) == bytes_of("ef"));
  receive(inbox, bytes_of("gh"));
  CHECK(unread(inbox) == bytes_of("efgh"));
}

TEST_CASE("consumed bytes give their room back, also when pieces overlap") {
  Inbox inbox(kMaxFrameBytes);
  receive(inbox, bytes_of("0123456789ABCDEF"));
  CHECK(inbox.room().empty());
  inbox.consume(3);
  CHECK(inbox.room().size() == 3);
  CHECK(unread(inbox) == bytes_of("3456789ABCDEF"));
  receive(inbox, bytes_of("xyz"));
  CHECK(unread(inbox) == bytes_of("3456789ABCDEFxyz"));
}

// A receive is outstanding on the room while frames are looked at.
TEST_CASE("nothing moves between room and commit") {
  Inbox inbox(kMaxFrameBytes);
  receive(inbox, bytes_of("abc"));
  const auto room = inbox.room();
  CHECK(unread(inbox) == bytes_of("abc"));
  std::fill(room.begin(), room.begin() + 2, std::byte{'z'});
  inbox.commit(2);
  CHECK(inbox.unread().data() + inbox.unread().size() == room.data() + 2);
  CHECK(unread(inbox) == bytes_of("abczz"));
}

TEST_CASE("clear forgets everything") {
  Inbox inbox(kMaxFrameBytes);
  receive(inbox, bytes_of("abcdef"));
  inbox.consume(2);
  inbox.clear();
  CHECK(inbox.unread().empty());
  CHECK(inbox.room().size() == 2 * kMaxFrameBytes);
}

TEST_SUITE_END();
