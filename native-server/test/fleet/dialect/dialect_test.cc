// Every dialect against an echo that is kept in memory.
#include "fleet/dialect/dialect.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "wire/bytes.h"
#include "wire/crc32c.h"
#include "wire/echo8.h"
#include "wire/frame.h"
#include "wire/protocol.h"

using namespace oversoak;
using namespace oversoak::fleet;
using oversoak::test::Bytes;
using wire::Protocol;

namespace {

constexpr std::uint32_t kOverSend = 4;
constexpr std::uint64_t kFirst = 1000;

MessageSizes sizes_of(Protocol protocol) {
  return {protocol == Protocol::oversoak ? wire::kOverheadBytes : 1, 200};
}

// One connection of a fleet.
struct Talk {
  explicit Talk(Protocol protocol, SizeMix answers = {})
      : random(1),
        dialect(make_dialect(protocol, sizes_of(protocol), std::move(answers), random)),
        conversation(kOverSend, dialect->longest_message_bytes(), dialect->longest_answer_bytes()) {
    conversation.begin(kFirst);
    dialect->begin(conversation, random);
  }

  // The bytes of one message, on their way.
  Bytes send(std::int64_t now_ns) {
    dialect->write_message(conversation, now_ns - 1, now_ns, random);
    conversation.window.sent(now_ns - 1, now_ns);
    const auto bytes = conversation.outbox.next();
    Bytes message(bytes.begin(), bytes.end());
    conversation.outbox.sent();
    return message;
  }

  void receive(std::span<const std::byte> bytes) {
    const auto room = conversation.inbox.room();
    REQUIRE(bytes.size() <= room.size());
    std::copy(bytes.begin(), bytes.end(), room.begin());
    conversation.inbox.commit(bytes.size());
  }

  Received read() { return dialect->read_answer(conversation); }

  Random random;
  std::unique_ptr<Dialect> dialect;
  Conversation conversation;
};

// What a server may do to a stream, nothing included.
void alter(Bytes& stream, Random& random) {
  const std::size_t at = random.below(stream.size());
  const auto place = stream.begin() + static_cast<std::ptrdiff_t>(at);
  const std::size_t size = 1 + random.below(std::min<std::size_t>(stream.size() - at, 9));
  const auto run_end = place + static_cast<std::ptrdiff_t>(size);
  switch (random.below(5)) {
    case 0:
      return;
    case 1:
      *place ^= static_cast<std::byte>(1 << random.below(8));
      return;
    case 2:
      stream.erase(place, run_end);
      return;
    case 3: {
      const Bytes twice(place, run_end);
      stream.insert(place, twice.begin(), twice.end());
      return;
    }
    case 4:
      stream.push_back(std::byte{0x55});
      return;
  }
}

}  // namespace

TEST_SUITE_BEGIN("dialect");

TEST_CASE("received bytes are compared with sent ones, byte by byte") {
  for (const Protocol protocol : {Protocol::oversoak, Protocol::echo8, Protocol::raw}) {
    CAPTURE(static_cast<int>(protocol));
    Talk talk(protocol);
    const Bytes first = talk.send(10);
    talk.receive(first);
    Received received = talk.read();
    while (received.kind == Received::Kind::incomplete) received = talk.read();
    REQUIRE(received.kind == Received::Kind::echo);

    const Bytes sent = talk.send(20);
    Bytes spoilt = sent;
    spoilt.back() ^= std::byte{1};
    talk.receive(spoilt);
    received = talk.read();
    REQUIRE(received.kind == Received::Kind::corrupt);
    const Mismatch found = talk.dialect->mismatch(talk.conversation);
    // The raw protocol counts in the bytes of the connection.
    const std::size_t before = protocol == Protocol::raw ? first.size() : 0;
    CHECK(found.offset == before + sent.size() - 1);
    REQUIRE(found.expected.size >= 1);
    REQUIRE(found.got.size == 1);
    CHECK(found.expected.bytes[0] == sent.back());
    CHECK(found.got.bytes[0] == spoilt.back());
    CHECK(found.message.value_or(found.expected_message.value_or(99)) == 1);
  }
}

TEST_CASE("a message that was never sent is reported with the expected one") {
  Talk talk(Protocol::oversoak);
  Talk other(Protocol::oversoak);
  other.conversation.begin(kFirst + 500);
  talk.send(10);
  talk.receive(other.send(10));
  REQUIRE(talk.read().kind == Received::Kind::corrupt);
  const Mismatch found = talk.dialect->mismatch(talk.conversation);
  CHECK(std::string_view(found.what) == "a sequence that was not sent on this connection");
  CHECK(found.message == std::nullopt);
  CHECK(found.expected_message == 0);
  CHECK(found.offset == 4);  // the sequence
}

TEST_CASE("an echo is recognised with its times, in any fragments") {
  for (const Protocol protocol : {Protocol::oversoak, Protocol::echo8, Protocol::raw}) {
    for (const std::size_t piece : {1, 3, 64, 200}) {
      CAPTURE(wire::name_of(protocol));
      CAPTURE(piece);
      Talk talk(protocol);
      for (std::int64_t now_ns = 10; now_ns < 400; ++now_ns) {
        const Bytes message = talk.send(now_ns);
        REQUIRE(message.size() <= talk.dialect->longest_message_bytes());
        for (std::size_t at = 0; at < message.size(); at += piece) {
          REQUIRE(talk.read().kind == Received::Kind::incomplete);
          const std::size_t size = std::min(piece, message.size() - at);
          talk.receive(std::span(message).subspan(at, size));
        }
        const Received received = talk.read();
        REQUIRE(received.kind == Received::Kind::echo);
        REQUIRE(received.echo.kind == EchoKind::in_order);
        REQUIRE(received.echo.intended_ns == now_ns - 1);
        REQUIRE(received.echo.sent_ns == now_ns);
        REQUIRE(received.stamps.has_value() == (protocol == Protocol::oversoak));
      }
      CHECK(talk.read().kind == Received::Kind::incomplete);
      CHECK(talk.conversation.window.outstanding() == 0);
    }
  }
}

TEST_CASE("several echoes in one receive are returned one by one") {
  for (const Protocol protocol : {Protocol::oversoak, Protocol::echo8, Protocol::raw}) {
    CAPTURE(wire::name_of(protocol));
    Talk talk(protocol);
    Bytes both = talk.send(10);
    const Bytes second = talk.send(20);
    both.insert(both.end(), second.begin(), second.end());
    talk.receive(both);
    CHECK(talk.read().echo.sent_ns == 10);
    CHECK(talk.read().echo.sent_ns == 20);
    CHECK(talk.read().kind == Received::Kind::incomplete);
  }
}

TEST_CASE("oversoak: the server's stamps come with the echo") {
  Talk talk(Protocol::oversoak);
  Bytes message = talk.send(10);
  wire::write_stamps(message, {5, 6, 7, 8, 9});
  talk.receive(message);
  const auto stamps = talk.read().stamps;
  REQUIRE(stamps.has_value());
  CHECK(stamps->received_ns == 5);
  CHECK(stamps->sending_ns == 9);
}

// As wire/frame.h has a server answer it.
Bytes answer_to(const Bytes& request) {
  Bytes answer(wire::answer_bytes(Protocol::oversoak, request));
  wire::write_answer(Protocol::oversoak, answer, request);
  return answer;
}

// Whole again after a change that only the server can make: it makes the checksum.
void sign(Bytes& frame) {
  const auto payload =
      std::span(frame).subspan(wire::kHeaderBytes, frame.size() - wire::kOverheadBytes);
  const std::uint32_t checksum = wire::crc32c(payload, wire::crc32c(std::span(frame).first(28)));
  for (std::size_t i = 0; i < 4; ++i) {
    frame[frame.size() - 4 + i] = static_cast<std::byte>((checksum >> (8 * i)) & 0xFF);
  }
}

const SizeMix kMix({{0.7, {64, 100}}, {0.3, {1000, 3000}}});

TEST_CASE("answers of other sizes are accepted, each with its requested size") {
  Talk talk(Protocol::oversoak, kMix);
  CHECK(talk.dialect->longest_message_bytes() == 200);
  CHECK(talk.dialect->longest_answer_bytes() == 3000);
  int large = 0;
  constexpr int kMessages = 2000;
  for (std::int64_t now_ns = 10; now_ns < 10 + kMessages; ++now_ns) {
    const Bytes answer = answer_to(talk.send(now_ns));
    talk.receive(answer);
    const Received received = talk.read();
    REQUIRE(received.kind == Received::Kind::echo);
    REQUIRE(received.echo.kind == EchoKind::in_order);
    REQUIRE(received.echo.sent_ns == now_ns);
    REQUIRE((answer.size() <= 100 || answer.size() >= 1000));
    if (answer.size() >= 1000) ++large;
  }
  // 30 %, within four deviations.
  CHECK(std::abs(large - 0.3 * kMessages) < 4 * std::sqrt(0.3 * 0.7 * kMessages));
}

TEST_CASE("a complete answer that is not the requested one is corrupt") {
  Talk talk(Protocol::oversoak, kMix);
  const Bytes request = talk.send(10);
  Bytes answer = answer_to(request);
  SUBCASE("the right one") {
    talk.receive(answer);
    CHECK(talk.read().kind == Received::Kind::echo);
    return;
  }
  SUBCASE("an echo") { answer = request; }
  SUBCASE("another payload") { answer[70] ^= std::byte{1}; }
  SUBCASE("a byte more") {
    answer.push_back(std::byte{0});
    answer[0] = answer[2] = static_cast<std::byte>((answer.size() - 2) & 0xFF);
    answer[1] = answer[3] = static_cast<std::byte>((answer.size() - 2) >> 8);
  }
  SUBCASE("a number that was never sent") { answer[4] ^= std::byte{0x10}; }
  sign(answer);
  REQUIRE(wire::parse(answer, 4096).status == wire::ParseStatus::complete);
  talk.receive(answer);
  CHECK(talk.read().kind == Received::Kind::corrupt);
}

TEST_CASE("an altered byte of an answer is corrupt, all but the server's stamps") {
  const std::size_t size = answer_to(Talk(Protocol::oversoak, kMix).send(10)).size();
  for (std::size_t at = 2; at < size; ++at) {
    if (at >= 28 && at < 60) continue;
    CAPTURE(at);
    Talk talk(Protocol::oversoak, kMix);
    Bytes answer = answer_to(talk.send(10));
    answer[at] ^= std::byte{0x40};
    talk.receive(answer);
    CHECK(talk.read().kind == Received::Kind::corrupt);
  }
}

TEST_CASE("an altered byte is corrupt: all of a frame's but its stamps, all of the others'") {
  for (const Protocol protocol : {Protocol::oversoak, Protocol::echo8, Protocol::raw}) {
    CAPTURE(wire::name_of(protocol));
    const std::size_t size = Talk(protocol).send(10).size();
    for (std::size_t at = 0; at < size; ++at) {
      if (protocol == Protocol::oversoak && (at < 2 || (at >= 28 && at < 60))) continue;
      CAPTURE(at);
      Talk talk(protocol);
      Bytes message = talk.send(10);
      message[at] ^= std::byte{0x40};
      talk.receive(message);
      Received received = talk.read();
      CHECK(received.kind == Received::Kind::corrupt);
    }
  }
}

TEST_CASE("an altered byte of an echo is corrupt under a new checksum of the server's, too") {
  const std::size_t size = Talk(Protocol::oversoak).send(10).size();
  for (std::size_t at = 2; at < size - wire::kChecksumBytes; ++at) {
    if (at >= 28 && at < 60) continue;
    CAPTURE(at);
    Talk talk(Protocol::oversoak);
    Bytes echo = talk.send(10);
    echo[at] ^= std::byte{0x40};
    sign(echo);
    talk.receive(echo);
    CHECK(talk.read().kind == Received::Kind::corrupt);
  }
}

TEST_CASE("an echo of another connection is corrupt") {
  for (const Protocol protocol : {Protocol::oversoak, Protocol::echo8}) {
    Talk talk(protocol);
    Talk other(protocol);
    other.conversation.begin(2 * kFirst);
    talk.send(10);
    talk.receive(other.send(10));
    CHECK(talk.read().kind == Received::Kind::corrupt);
  }
}

TEST_CASE("twice, and in another order: known where messages have numbers") {
  for (const Protocol protocol : {Protocol::oversoak, Protocol::echo8}) {
    CAPTURE(wire::name_of(protocol));
    Talk talk(protocol);
    const Bytes first = talk.send(10);
    const Bytes second = talk.send(20);
    talk.receive(second);
    CHECK(talk.read().echo.kind == EchoKind::in_order);
    talk.receive(first);
    CHECK(talk.read().echo.kind == EchoKind::out_of_order);
    talk.receive(first);
    CHECK(talk.read().echo.kind == EchoKind::duplicate);
  }
}

TEST_CASE("twice, and in another order: corrupt in a stream of bytes") {
  SUBCASE("twice") {
    Talk talk(Protocol::raw);
    const Bytes message = talk.send(10);
    talk.receive(message);
    CHECK(talk.read().kind == Received::Kind::echo);
    talk.receive(message);
    CHECK(talk.read().kind == Received::Kind::corrupt);
  }
  SUBCASE("in another order") {
    Talk talk(Protocol::raw);
    talk.send(10);
    talk.receive(talk.send(20));
    CHECK(talk.read().kind == Received::Kind::corrupt);
  }
}

TEST_CASE("raw: every connection has a stream of its own") {
  Talk talk(Protocol::raw);
  const Bytes first = talk.send(10);
  talk.conversation.begin(kFirst);
  talk.dialect->begin(talk.conversation, talk.random);
  talk.send(10);
  talk.receive(first);
  CHECK(talk.read().kind == Received::Kind::corrupt);
}

// Echoed are the messages that end before the first byte that is not as it was sent, and whether
// there is one is known, whatever was done to the stream and whatever pieces it comes in.
TEST_CASE("raw: random streams, altered and in random pieces") {
  Random random(2);
  int altered = 0;
  for (int round = 0; round < 20'000; ++round) {
    CAPTURE(round);
    Talk talk(Protocol::raw);
    Bytes sent;
    std::vector<std::size_t> ends;
    for (std::uint32_t i = 0; i < kOverSend; ++i) {
      const Bytes message = talk.send(10);
      sent.insert(sent.end(), message.begin(), message.end());
      ends.push_back(sent.size());
    }
    Bytes echo = sent;
    alter(echo, random);
    const auto differs = std::mismatch(echo.begin(), echo.end(), sent.begin(), sent.end()).first;
    const bool corrupt = differs != echo.end();
    const auto right = static_cast<std::size_t>(differs - echo.begin());
    altered += corrupt ? 1 : 0;

    std::size_t read_echoes = 0;
    bool read_corrupt = false;
    for (std::size_t at = 0; at < echo.size() && !read_corrupt;) {
      const std::size_t piece = 1 + random.below(std::min<std::size_t>(echo.size() - at, 300));
      talk.receive(std::span(echo).subspan(at, piece));
      at += piece;
      Received received = talk.read();
      for (; received.kind == Received::Kind::echo; received = talk.read()) ++read_echoes;
      read_corrupt = received.kind == Received::Kind::corrupt;
    }
    REQUIRE(read_corrupt == corrupt);
    REQUIRE(static_cast<std::ptrdiff_t>(read_echoes) ==
            std::count_if(ends.begin(), ends.end(), [right](auto end) { return end <= right; }));
  }
  CHECK(altered > 10'000);
}

TEST_SUITE_END();
