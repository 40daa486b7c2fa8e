// How evidence names the messages of a described protocol.
#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "fleet/dialect/framed_talk.h"

using namespace oversoak;
using namespace oversoak::fleet;
using namespace oversoak::test;
using framed::Match;
using framed::Program;

TEST_SUITE_BEGIN("framed");

TEST_CASE("evidence names a message by its number on the wire") {
  SUBCASE("the sequence, which counts from the first one and through the login") {
    Program program = lines();
    program.login = {{{text("user")}, {}, 0}};
    program.first_sequence = 1000;
    Talk talk = live(program);
    CHECK(talk.taken() == bytes_of("user\r\n"));
    CHECK(talk.dialect.named_number(talk.conversation, 28) == 1029);
  }
  SUBCASE("without its upper digits, as it is sent") {
    Program program = numbered_echo(Match::sequence);
    program.requests[0].send[1].format = {NumberFormat::Kind::binary, 1, true};
    const Talk talk(program);
    CHECK(talk.dialect.named_number(talk.conversation, 250) == 255);
    CHECK(talk.dialect.named_number(talk.conversation, 251) == 0);
  }
  SUBCASE("the identifier, which is never 0") {
    const Talk talk(numbered_echo(Match::identifier));
    CHECK(talk.dialect.named_number(talk.conversation, 28) == 34);
  }
  SUBCASE("in the form of its own request, also before it is sent") {
    Program program = lines();
    program.requests[0].below = std::uint64_t{1} << 31;
    program.requests[0].send = {
        number(NumberSource::sequence, {NumberFormat::Kind::decimal, 1, true})};
    program.requests.push_back(program.requests[0]);
    program.requests[1].below = std::uint64_t{1} << 32;
    program.requests[1].send = {
        number(NumberSource::sequence, {NumberFormat::Kind::decimal, 2, true})};
    Talk talk = live(program);
    for (std::uint64_t i = 0; i < 40; ++i) {
      const std::uint64_t number = talk.dialect.named_number(talk.conversation, i);
      const Bytes message = talk.send(10);
      const std::string sent(reinterpret_cast<const char*>(message.data()), message.size() - 2);
      REQUIRE(number == std::stoull(sent));
      talk.read("VALUE 1\r\n");
      REQUIRE(talk.read("END\r\n") == Received::Kind::echo);
    }
  }
}

TEST_CASE("a message that is too short to name its request, and one whose name is no number") {
  for (const Match match : {Match::sequence, Match::identifier}) {
    const bool by_sequence = match == Match::sequence;
    Talk talk = live(numbered_echo(match));
    talk.send(10);
    CHECK(talk.read(std::string_view("\0\0", 2)) == Received::Kind::corrupt);
    CHECK(std::string_view(talk.dialect.mismatch(talk.conversation).what) ==
          (by_sequence ? "too short to have the sequence of a request"
                       : "too short to have the identifier of a request"));
    Program program = numbered_echo(match);
    program.requests[0].expect[0].match_field->format = {NumberFormat::Kind::decimal, 4, true};
    Talk digits = live(program);
    digits.send(10);
    CHECK(digits.read(std::string_view("\4\0abcd", 6)) == Received::Kind::corrupt);
    CHECK(std::string_view(digits.dialect.mismatch(digits.conversation).what) ==
          (by_sequence ? "no number in its sequence" : "no number in its identifier"));
  }
}

TEST_SUITE_END();
