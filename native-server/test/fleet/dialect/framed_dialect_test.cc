// Described protocols against answers that are made in memory.
#include "fleet/dialect/framed_dialect.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string_view>

#include "fleet/dialect/framed_talk.h"

using namespace oversoak;
using namespace oversoak::fleet;
using namespace oversoak::test;
using framed::Match;
using framed::Program;

TEST_SUITE_BEGIN("framed");

TEST_CASE("an answer is recognised with its times, in any fragments") {
  for (const Match match : {Match::order, Match::sequence, Match::identifier}) {
    for (const std::size_t piece : {1, 7, 60}) {
      CAPTURE(static_cast<int>(match));
      CAPTURE(piece);
      Talk talk = live(numbered_echo(match));
      for (std::int64_t now_ns = 10; now_ns < 300; ++now_ns) {
        const Bytes message = talk.send(now_ns);
        for (std::size_t at = 0; at < message.size(); at += piece) {
          REQUIRE(talk.read().kind == Received::Kind::incomplete);
          talk.receive(std::span(message).subspan(at, std::min(piece, message.size() - at)));
        }
        const Received received = talk.read();
        REQUIRE(received.kind == Received::Kind::echo);
        REQUIRE(received.echo.kind == EchoKind::in_order);
        REQUIRE(received.echo.sent_ns == now_ns);
      }
      CHECK(talk.conversation.window.outstanding() == 0);
    }
  }
}

TEST_CASE("an altered byte is corrupt, and reported with what was expected") {
  for (const Match match : {Match::order, Match::sequence, Match::identifier}) {
    const std::size_t size = live(numbered_echo(match)).send(10).size();
    for (std::size_t at = 2; at < size; ++at) {
      CAPTURE(at);
      Talk talk = live(numbered_echo(match));
      Bytes message = talk.send(10);
      const std::byte right = message[at];
      message[at] ^= std::byte{0x40};
      talk.receive(message);
      REQUIRE(talk.read().kind == Received::Kind::corrupt);
      const Mismatch found = talk.dialect.mismatch(talk.conversation);
      if (match != Match::order && at < 6) {
        CHECK(std::string_view(found.what) == "a number of no request on this connection");
        continue;
      }
      CHECK(found.message == 0);
      CHECK(found.offset == at);
      REQUIRE(found.expected.size > 0);
      CHECK(found.expected.bytes[0] == right);
      CHECK(found.got.bytes[0] == message[at]);
    }
  }
}

TEST_CASE("in another order: wrong by order, counted by sequence, right by identifier") {
  for (const Match match : {Match::order, Match::sequence, Match::identifier}) {
    CAPTURE(static_cast<int>(match));
    Talk talk = live(numbered_echo(match));
    const Bytes first = talk.send(10);
    const Bytes second = talk.send(20);
    talk.receive(second);
    const Received later = talk.read();
    if (match == Match::order) {
      CHECK(later.kind == Received::Kind::corrupt);
      continue;
    }
    CHECK(later.echo.kind == EchoKind::in_order);
    CHECK(later.echo.sent_ns == 20);
    talk.receive(first);
    const Received earlier = talk.read();
    CHECK(earlier.echo.kind ==
          (match == Match::sequence ? EchoKind::out_of_order : EchoKind::in_order));
    CHECK(earlier.echo.sent_ns == 10);
    talk.receive(first);
    CHECK(talk.read().echo.kind == EchoKind::duplicate);
    CHECK(talk.conversation.window.outstanding() == 0);
  }
}

TEST_CASE("by identifier one answer may come long after those of later messages") {
  Talk talk = live(numbered_echo(Match::identifier));
  const Bytes late = talk.send(10);
  Bytes latest;
  for (std::int64_t now_ns = 11; now_ns < 1011; ++now_ns) {
    REQUIRE(talk.conversation.window.has_room());
    latest = talk.send(now_ns);
    talk.receive(latest);
    REQUIRE(talk.read().echo.sent_ns == now_ns);
  }
  talk.receive(late);
  CHECK(talk.read().echo.sent_ns == 10);
  talk.receive(latest);
  CHECK(talk.read().echo.kind == EchoKind::duplicate);
  CHECK(talk.conversation.window.outstanding() == 0);
}

TEST_CASE("numbers go round") {
  Program program = numbered_echo(Match::identifier);
  const NumberFormat u8(NumberFormat::Kind::binary, 1, true);
  for (Pattern* pattern : {&program.requests[0].send, &program.requests[0].expect[0].items}) {
    (*pattern)[1].format = u8;
  }
  program.requests[0].expect[0].match_field->format = u8;
  Talk talk = live(std::move(program));
  for (std::int64_t now_ns = 10; now_ns < 1010; ++now_ns) {
    const Bytes message = talk.send(now_ns);
    REQUIRE(message[2] != std::byte{0});  // an identifier is never 0
    talk.receive(message);
    REQUIRE(talk.read().echo.sent_ns == now_ns);
  }
}

TEST_CASE("an answer of several messages, what the server sends on its own, and errors") {
  Talk talk = live(lines());
  CHECK(talk.send(10) == bytes_of("get\r\n"));
  CHECK(talk.read("NOTE hello\r\n") == Received::Kind::other);
  CHECK(talk.read("VALUE 12\r\n") == Received::Kind::other);
  CHECK(talk.conversation.window.outstanding() == 1);
  CHECK(talk.read("END\r\n") == Received::Kind::echo);

  talk.send(20);
  talk.receive("ERROR\r\n");
  const Received error = talk.read();
  CHECK(error.kind == Received::Kind::error);
  CHECK(error.echo.sent_ns == 20);
  const Mismatch reported = talk.dialect.reported_error(talk.conversation);
  CHECK(reported.message == 1);
  CHECK(reported.got.size == 5);
  CHECK(talk.conversation.window.outstanding() == 0);

  // Without a request it is one all the same.
  talk.receive("ERROR\r\n");
  const Received unasked = talk.read();
  CHECK(unasked.kind == Received::Kind::error);
  CHECK(unasked.echo.kind == EchoKind::unknown);

  CHECK(talk.read("VALUE 12\r\n") == Received::Kind::corrupt);
  CHECK(std::string_view(talk.dialect.mismatch(talk.conversation).what) ==
        "it came without a request");
}

TEST_CASE("what never ends is corrupt, and needs no more room than the longest message") {
  Talk talk = live(lines());
  talk.send(10);
  CHECK(talk.read("VALUE 1234567890123456789012") == Received::Kind::incomplete);
  CHECK(talk.read("34") == Received::Kind::corrupt);
}

TEST_CASE("a login waits for each answer and for its pauses; requests count on from it") {
  Program program = lines();
  program.login = {{{}, {expected({text("HELLO")})}, 0},
                   {{text("user")}, {expected({text("OK")})}, 5'000'000},
                   {{text("ready")}, {}, 0}};
  program.logout = {{{text("quit")}, {expected({text("BYE")})}, 0}};
  program.first_sequence = 40;
  program.requests[0].send = {
      number(NumberSource::sequence, {NumberFormat::Kind::decimal, 0, false})};
  program.longest_sent_bytes = 10;
  Talk talk(program);
  CHECK(talk.says(Script::login) == ScriptTurn::Kind::waits);
  CHECK(talk.taken().empty());
  CHECK(talk.read("HELLO\r\n") == Received::Kind::other);
  const ScriptTurn pause = talk.dialect.continue_script(talk.conversation, Script::login, 100);
  CHECK(pause.kind == ScriptTurn::Kind::pauses);
  CHECK(pause.until_ns == 5'000'100);
  CHECK(talk.taken().empty());
  CHECK(talk.says(Script::login, 5'000'100) == ScriptTurn::Kind::waits);
  CHECK(talk.taken() == bytes_of("user\r\n"));
  SUBCASE("and goes on") {
    CHECK(talk.read("OK\r\n") == Received::Kind::other);
    CHECK(talk.says(Script::login) == ScriptTurn::Kind::over);
    CHECK(talk.taken() == bytes_of("ready\r\n"));
    CHECK(talk.send(10) == bytes_of("42\r\n"));
    CHECK(talk.read("VALUE 1\r\nEND\r\n") == Received::Kind::other);
    CHECK(talk.read().kind == Received::Kind::echo);
    CHECK(talk.says(Script::logout) == ScriptTurn::Kind::waits);
    CHECK(talk.taken() == bytes_of("quit\r\n"));
    CHECK(talk.read("BYE\r\n") == Received::Kind::other);
    CHECK(talk.says(Script::logout) == ScriptTurn::Kind::over);
  }
  SUBCASE("or gets another answer") {
    CHECK(talk.read("NO\r\n") == Received::Kind::corrupt);
    const Mismatch found = talk.dialect.mismatch(talk.conversation);
    CHECK(std::string_view(found.what) == "not the answer of the login");
    CHECK(found.offset == 0);
  }
  SUBCASE("or an error") { CHECK(talk.read("ERROR\r\n") == Received::Kind::error); }
}

TEST_CASE("requests come with their shares, each with its pause") {
  Program program = lines();
  program.requests[0].below = (std::uint64_t{1} << 32) / 4;
  program.requests.push_back(
      {std::uint64_t{1} << 32, {text("set")}, {expected({text("STORED")})}, 7});
  Talk talk = live(program);
  int gets = 0;
  constexpr int kMessages = 4000;
  for (std::int64_t now_ns = 10; now_ns < 10 + kMessages; ++now_ns) {
    const std::int64_t pause_ns = talk.dialect.pause_ns(talk.conversation);
    const bool get = talk.send(now_ns) == bytes_of("get\r\n");
    CHECK(pause_ns == (get ? 0 : 7));
    if (get) {
      ++gets;
      talk.read("VALUE 1\r\n");
      REQUIRE(talk.read("END\r\n") == Received::Kind::echo);
    } else {
      REQUIRE(talk.read("STORED\r\n") == Received::Kind::echo);
    }
  }
  CHECK(gets > 0.22 * kMessages);
  CHECK(gets < 0.28 * kMessages);
}

TEST_CASE("a message that ends where its pattern does: the longest is waited for") {
  Program program = lines();
  program.framing = {};
  program.requests[0].expect = {expected({text(":"), plain(Op::digits), text("\r\n")})};
  program.errors = {expected({text("-"), [] {
                                Item until = text("\r\n");
                                until.op = Op::until;
                                return until;
                              }()})};
  program.ignore.clear();
  Talk talk = live(program);
  CHECK(talk.send(10) == bytes_of("get"));
  CHECK(talk.read(":12") == Received::Kind::incomplete);
  CHECK(talk.read("3\r\n-no") == Received::Kind::echo);
  CHECK(talk.read().kind == Received::Kind::incomplete);
  CHECK(talk.read("\r\n") == Received::Kind::error);
  talk.send(20);
  CHECK(talk.read(":x") == Received::Kind::corrupt);
}

TEST_CASE("a checksum over what follows it, and a length of MQTT") {
  Program program;
  program.framing.by = framed::Framing::By::varint;
  const Pattern message{plain(Op::length), checksum_item(framed::Checksum::crc32c, true),
                        random_bytes_of(100, 200)};
  program.requests.push_back({std::uint64_t{1} << 32, message, {expected(message)}, 0});
  program.longest_sent_bytes = program.longest_received_bytes = 4 + 4 + 200;
  for (const std::size_t at : {std::size_t{3}, std::size_t{90}, std::size_t{0}}) {
    Talk talk = live(program);
    Bytes bytes = talk.send(10);
    const std::size_t length = std::to_integer<std::size_t>(bytes[0]) & 0x7F;
    const bool is_long = (bytes[0] & std::byte{0x80}) != std::byte{0};
    CHECK((is_long ? length + 128 * std::to_integer<std::size_t>(bytes[1]) + 2 : length + 1) ==
          bytes.size());
    if (at > 0) bytes[at] ^= std::byte{1};
    talk.receive(bytes);
    CHECK((talk.read().kind == Received::Kind::echo) == (at == 0));
  }
}

// Whatever comes, it is bounded, and what is taken for the answer is the answer.
TEST_CASE("hostile answers") {
  Random random(77);
  for (int round = 0; round < 20'000; ++round) {
    const auto match = static_cast<Match>(random.below(3));
    Talk talk = live(numbered_echo(match));
    Bytes stream = talk.send(10);
    const Bytes right = stream;
    const Bytes second = talk.send(20);
    stream.insert(stream.end(), second.begin(), second.end());
    for (std::uint64_t i = random.below(4); i > 0; --i) {
      stream[random.below(stream.size())] = static_cast<std::byte>(random.below(256));
    }
    stream.resize(random.below(stream.size() + 1));
    const bool same =
        stream.size() >= right.size() && std::equal(right.begin(), right.end(), stream.begin());
    talk.receive(stream);
    const Received received = talk.read();
    if (received.kind == Received::Kind::echo && received.echo.sent_ns == 10) CHECK(same);
    if (same) CHECK(received.kind == Received::Kind::echo);
    if (received.kind == Received::Kind::corrupt) talk.dialect.mismatch(talk.conversation);
  }
}

TEST_SUITE_END();
