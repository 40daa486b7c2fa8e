#include "fleet/dialect/raw_stream.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>

#include "wire/bytes.h"

using namespace oversoak::fleet;
using oversoak::Random;
using oversoak::test::Bytes;
using oversoak::test::random_bytes;

namespace {

constexpr std::size_t kSourceBytes = 101;
constexpr std::size_t kMaxMessages = 8;

struct Sender {
  explicit Sender(std::size_t start = 0) : random(1), source(random_bytes(random, kSourceBytes)) {
    stream.begin(start, kMaxMessages);
  }

  // The message's bytes, also appended to `out`.
  Bytes write(std::size_t size) {
    Bytes message(size);
    stream.write(source, message);
    out.insert(out.end(), message.begin(), message.end());
    return message;
  }

  Random random;
  Bytes source;
  RawStream stream;
  Bytes out;
};

}  // namespace

TEST_SUITE_BEGIN("raw stream");

TEST_CASE("messages are runs of the source, from the start on and round again") {
  Sender sender(97);
  const Bytes message = sender.write(250);
  for (std::size_t i = 0; i < message.size(); ++i) {
    REQUIRE(message[i] == sender.source[(97 + i) % kSourceBytes]);
  }
  CHECK(sender.write(1)[0] == sender.source[(97 + 250) % kSourceBytes]);
  CHECK(sender.stream.messages_out() == 2);
}

TEST_CASE("a message is echoed with its last byte, whatever pieces it comes in") {
  for (const std::size_t piece : {1, 2, 7, 100, 1000}) {
    CAPTURE(piece);
    Sender sender(50);
    for (const std::size_t size : {1, 60, 60, 300, 5}) sender.write(size);
    std::size_t echoed = 0;
    std::size_t taken_bytes = 0;
    Bytes inbox;
    for (std::size_t at = 0; at < sender.out.size(); at += piece) {
      const std::size_t size = std::min(piece, sender.out.size() - at);
      const auto from = sender.out.begin() + static_cast<std::ptrdiff_t>(at);
      inbox.insert(inbox.end(), from, from + static_cast<std::ptrdiff_t>(size));
      while (!inbox.empty()) {
        const RawStream::Taken taken = sender.stream.take(sender.source, inbox);
        REQUIRE(taken.as_sent);
        REQUIRE(taken.bytes > 0);
        taken_bytes += taken.bytes;
        inbox.erase(inbox.begin(), inbox.begin() + static_cast<std::ptrdiff_t>(taken.bytes));
        if (!taken.whole_message) continue;
        ++echoed;
        const std::size_t ends[]{1, 61, 121, 421, 426};
        REQUIRE(taken_bytes == ends[echoed - 1]);
      }
    }
    CHECK(echoed == 5);
    CHECK(sender.stream.messages_out() == 0);
  }
}

TEST_CASE("an empty input consumes nothing") {
  Sender sender;
  CHECK(sender.stream.take(sender.source, {}).as_sent);
  CHECK(sender.stream.take(sender.source, {}).bytes == 0);
}

TEST_CASE("any other byte is refused, wherever it is") {
  for (std::size_t wrong = 0; wrong < 150; ++wrong) {
    CAPTURE(wrong);
    Sender sender(90);
    sender.write(80);
    sender.write(70);
    sender.out[wrong] ^= std::byte{1};
    std::span<const std::byte> rest = sender.out;
    RawStream::Taken taken;
    while (!rest.empty()) {
      taken = sender.stream.take(sender.source, rest);
      if (!taken.as_sent) break;
      rest = rest.subspan(taken.bytes);
    }
    CHECK(!taken.as_sent);
  }
}

TEST_CASE("more bytes than were sent are refused, also the right ones") {
  Sender sender;
  sender.write(10);
  CHECK(sender.stream.take(sender.source, sender.out).whole_message);
  CHECK(!sender.stream.take(sender.source, std::span(sender.source).subspan(10, 1)).as_sent);
}

TEST_CASE("a new connection begins at the given position, with nothing in flight") {
  Sender sender;
  sender.write(10);
  sender.stream.begin(5, kMaxMessages);
  CHECK(sender.stream.messages_out() == 0);
  CHECK(sender.write(3)[0] == sender.source[5]);
}

TEST_CASE("the ring of messages goes round") {
  Sender sender;
  for (int i = 0; i < 1000; ++i) {
    Bytes out;
    for (std::size_t k = 0; k < kMaxMessages; ++k) {
      const Bytes message = sender.write(1 + k);
      out.insert(out.end(), message.begin(), message.end());
    }
    REQUIRE(sender.stream.messages_out() == kMaxMessages);
    std::span<const std::byte> rest = out;
    while (!rest.empty()) {
      const RawStream::Taken taken = sender.stream.take(sender.source, rest);
      REQUIRE(taken.as_sent);
      rest = rest.subspan(taken.bytes);
    }
    REQUIRE(sender.stream.messages_out() == 0);
  }
}

TEST_SUITE_END();
